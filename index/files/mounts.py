"""Mount points below what is indexed. A disk that is not mounted leaves an empty folder behind, or none: to take all
its articles for deleted would lose them.

So the manifest notes which folders were mount points. Of one that is none now, and is gone or has nothing in it, the
articles stay in the index until it is mounted again or somebody has it forgotten. A folder that was never a mount
point, and a disk that is mounted and empty, was emptied by a person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from index.errors import UsageError
from index.files.roots import command, is_covered
from index.files.walk import device_of, is_bare
from index.storage.confines import may_open

MAX_MOUNTS = 1_000
"""How many mount points a manifest notes."""

_UNMOUNTED = "nothing is mounted here any more"


def unmounted(mounts: Iterable[str], roots: AbstractSet[str], home: Path) -> Iterator[str]:
    """Those of the folders that were mount points which are so no longer, and are gone or bare.

    Args:
        mounts: as the manifest notes them.
        roots: of the index; what does not lie below one is not looked at.
        home: of the index.
    """
    for mount in mounts:
        if is_covered(mount, roots) and may_open(home / mount, home) and _is_unmounted(home / mount):
            yield mount


def why_kept(mount: str, home: Path) -> str:
    """What to say of articles below an unmounted folder that stay in the index."""
    forget = command("--forget", home / mount)
    return f"{_UNMOUNTED}; what is indexed of it stays until something is, or: {forget}"


def check_mounted(away: Iterable[str], home: Path) -> None:
    """Raise UsageError for an unmounted folder of which an index that is made anew would lose everything."""
    for mount in away:
        raise UsageError(
            f"{_UNMOUNTED}; nothing was changed",
            where=str(home / mount),
            remedy=(
                "Mount it; or make the index anew with what it stores: byline rebuild --stored. If it is gone for "
                f"good: {command('--forget', home / mount)}"
            ),
        )


def to_note(
    found: Collection[str],
    known: Collection[str],
    roots: AbstractSet[str],
    walked: AbstractSet[str],
    unlisted: AbstractSet[str],
) -> tuple[str, ...]:
    """The mount points for the manifest: those that a walk found, and those noted before to which it did not come.

    Args:
        found: by the walk.
        known: as noted before.
        roots: of the index.
        walked: which of these the walk was of.
        unlisted: folders that it could not look into.
    """
    kept = {mount for mount in known if not is_covered(mount, walked) or is_covered(mount, unlisted)}
    return tuple(sorted(mount for mount in {*found, *kept} if is_covered(mount, roots)))[:MAX_MOUNTS]


def _is_unmounted(path: Path) -> bool:
    try:
        # Listing it first mounts what is mounted as it is needed.
        return is_bare(str(path)) and device_of(str(path)) == device_of(str(path.parent))
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
