"""For all tests: property tests try the same examples each time, so that a run says something about the change at hand.

Others are tried with `pytest --hypothesis-profile=random`. None must be done within some time: the machine may be busy.
"""

import os
import tempfile

import pytest
from hypothesis import settings

import index.sources

settings.register_profile("random", derandomize=False, deadline=None)
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")


def pytest_configure(config: pytest.Config) -> None:
    """Have the folders that tests index remembered (see `index.storage.confines`) for this run only."""
    states = tempfile.TemporaryDirectory(prefix="byline-state-", ignore_cleanup_errors=True)
    os.environ["XDG_STATE_HOME"] = os.environ["LOCALAPPDATA"] = states.name
    config.add_cleanup(states.cleanup)
    # Else all that a test writes and indexes at once would be looked into again by its next update.
    index.sources.FINE_NS = 0
