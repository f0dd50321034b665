"""Indexes that are kept open between searches."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from index.store import Store, stamp

_MOST_OPEN = 8

_open_stores: OrderedDict[Path, Store] = OrderedDict()
_opening = threading.Lock()


def open_store(location: Path) -> Store:
    """The open index at `location`, reopened when a commit has changed it since."""
    location = location.absolute()
    current = stamp(location)
    with _opening:
        store = _open_stores.get(location)
        if store is None or store.stamp != current:
            # Searches that still run on the one replaced here hold a reference to it; it closes with the last.
            store = Store.open(location)
            store.searcher()
            _open_stores[location] = store
        _open_stores.move_to_end(location)
        while len(_open_stores) > _MOST_OPEN:
            _open_stores.popitem(last=False)
        return store
