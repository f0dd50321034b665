"""For all tests: property tests try the same examples each time, so that a run says something about the change at hand.

Others are tried with `pytest --hypothesis-profile=random`.
"""

from hypothesis import settings

settings.register_profile("random", derandomize=False)
settings.register_profile("same", derandomize=True)
settings.load_profile("same")
