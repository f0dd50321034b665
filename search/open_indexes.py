"""Indexes that are kept open between searches."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from pathlib import Path

from index.storage.store import Store, stamp

_MOST_OPEN = 8

_open_stores: OrderedDict[str, Store] = OrderedDict()
_opening = threading.Lock()


def open_store(location: Path) -> Store:
    """The open index at `location`, reopened when a commit has changed it since."""
    name = os.path.abspath(location)  # noqa: PTH100  (which is quicker)
    current = stamp(location)
    with _opening:
        store = _open_stores.get(name)
        if store is None or store.stamp != current:
            # Searches that still run on the one replaced here hold a reference to it; it closes with the last.
            store = Store.open(Path(name))
            store.searcher()
            _open_stores[name] = store
        _open_stores.move_to_end(name)
        while len(_open_stores) > _MOST_OPEN:
            _open_stores.popitem(last=False)
        return store
