"""What the tantivy engine's parts share: the library's schema, opening, and its errors as ours."""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import TracebackType

import tantivy

from index.engines.contract import GAP, SegmentSize
from index.engines.refusals import NOT_DAMAGE, cannot_read, cannot_write
from index.errors import BUILD_AGAIN, BylineError, IndexDamaged, IndexLocked, QueryError
from index.schema import Schema
from index.sealed import number, read_small_file

ID = "id"
ID_NUMBER = "id_number"
STORED = "stored"

CONTENTS = "meta.json"
"""The file that lists the segments of the last commit."""

MANAGED = ".managed.json"
"""The file that lists all files, by which the library knows what it may remove."""

_TOKENIZER, _NO_TOKENS = "spaces", "nothing"  # which are known to who writes alone
_ENDINGS = ("fast", "fieldnorm", "idx", "pos", "store", "term")  # of the files that every segment has

# How Rust prints the operating system's errors.
_OS_ERROR = re.compile(r"Os \{ code: (\d+)|\(os error (\d+)\)")
_OWN_FILE = re.compile(r"[0-9a-f]{32}(\.[a-z0-9]+)+|meta\.json|\.managed\.json")
_SEGMENT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}")
_MOST_BYTES = 16 * 2**20  # of the lists of files and of segments
_NUMBER_BYTES = 7  # as many as fit into a signed number of 64 bits


def library_schema(schema: Schema) -> tantivy.Schema:
    """The library's schema for ours."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(ID, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field(ID_NUMBER, fast=True)
    # As text: the library stores and gives back bytes one by one. It finds no token in it, see `open_for_writing`.
    builder.add_text_field(STORED, stored=True, tokenizer_name=_NO_TOKENS, index_option="basic")
    for column in schema.kept_columns:
        if column.is_day:
            builder.add_integer_field(column.name, fast=True)
        elif column.has_positions:
            builder.add_text_field(column.name, tokenizer_name=_TOKENIZER, index_option="position")
        else:
            builder.add_text_field(column.name, tokenizer_name="raw", index_option="freq", fast=column.is_ordered)
        if column.is_ordered:
            builder.add_integer_field(number_column(column.name), fast=True)
    return builder.build()


def open_for_writing(location: Path) -> tantivy.Index:
    """Open the last commit, with what cuts text into tokens: at spaces, and without any `GAP`; or into none at all."""
    _check_managed(location)
    index = tantivy.Index.open(str(location))
    cutting = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    index.register_tokenizer(_TOKENIZER, cutting.filter(tantivy.Filter.custom_stopword([GAP])).build())
    whole = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    index.register_tokenizer(_NO_TOKENS, whole.filter(tantivy.Filter.remove_long(1)).build())
    return index


def _check_managed(location: Path) -> None:
    """Raise IndexDamaged if the list of files that the library may remove has others than its own."""
    import json

    path = location / MANAGED
    try:
        names = json.loads(read_small_file(path, _MOST_BYTES))
        if not all(map(_OWN_FILE.fullmatch, names)):
            raise ValueError("names of other files")
    except FileNotFoundError:
        return
    except (ValueError, TypeError, RecursionError) as error:
        what = "the list of the index's files is not as it was written"
        raise IndexDamaged(what, where=str(path), remedy=BUILD_AGAIN) from error


def first_bytes(text: str) -> int:
    """A number that orders texts as they are ordered themselves, as far as their first seven bytes tell."""
    return int.from_bytes(text.encode("utf-8", "replace")[:_NUMBER_BYTES].ljust(_NUMBER_BYTES, b"\0"), "big")


def number_column(column: str) -> str:
    """The name of the field that holds `first_bytes` of an ordered column."""
    return f"{column}_number"


class Reporting:
    """A block that turns what the library raises into errors of ours; it may be entered again and again.

    Its PanicException is no Exception, so that is met here too.
    """

    def __init__(self, location: Path, *, reading: bool = False) -> None:
        """
        Args:
            location: the index's folder.
            reading: whether the index was to be read, not written to.
        """
        self._location = location
        self._reading = reading

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, (BylineError, UnicodeError)):
            return
        if isinstance(error, (ValueError, OSError)) or type(error).__name__ == "PanicException":
            raise _ours(error, self._location, self._reading) from error


def _ours(error: BaseException, location: Path, reading: bool) -> BylineError:
    words = str(error)
    if "LockBusy" in words:
        return IndexLocked(
            "another process is writing to the index", where=str(location), remedy="Try again when it has finished."
        )
    first_line = words.strip().partition("\n")[0]
    number = error.errno if isinstance(error, OSError) else None
    if system_error := _OS_ERROR.search(words):
        number = int(system_error[1] or system_error[2])
    if number in NOT_DAMAGE:
        return (cannot_read if reading else cannot_write)(location, os.strerror(number))
    if "writer was killed" in words and not reading:  # by what the system refused, of which its threads do not tell
        return cannot_write(location, first_line)
    if "invalid argument" in words:
        return QueryError(f"tantivy cannot run the query ({first_line})")
    return IndexDamaged(
        f"tantivy cannot use the index ({first_line})",
        where=str(location),
        remedy=BUILD_AGAIN,
    )


def open_for_reading(location: Path) -> tantivy.Index:
    """Open the last commit.

    The library creates a lock file even to read. Where it may not (a read-only folder or medium), it reads through a
    temporary folder of links to the same files. It opens all of them at once and never again, so that the folder can
    be removed before anybody may forget it.
    """
    with Reporting(location, reading=True):
        try:
            return _open(location)
        except ValueError as error:
            if "Lockfile" not in str(error) or not (location / CONTENTS).is_file():
                raise
        import shutil
        import tempfile

        folder = Path(tempfile.mkdtemp(prefix="byline-"))
        try:
            for path in location.iterdir():
                if path.name == CONTENTS:
                    shutil.copyfile(path, folder / path.name)
                elif path.suffix != ".lock":
                    (folder / path.name).symlink_to(path.resolve())
            return _open(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def files_of_commit(location: Path) -> list[str]:
    """See `Engine.files`.

    The library's list of all files belongs to the commit once it names only those of the commit. Until then the library
    is still removing others, which may go on for a moment after its writer has ended.
    """
    import json

    names = [CONTENTS]
    for name, _, deletes in _segments(location):
        endings = [*_ENDINGS, *([f"{deletes['opstamp']}.del"] if deletes else [])]
        names += [f"{name.replace('-', '')}.{ending}" for ending in endings]
    try:
        managed = set(json.loads(read_small_file(location / MANAGED, _MOST_BYTES)))
    except (OSError, ValueError, TypeError, RecursionError):
        managed = set()
    return [*names, MANAGED] if managed == set(names) else names


def segments_of_commit(location: Path) -> list[SegmentSize]:
    """See `Engine.segments`."""
    deleted = [(size, deletes["num_deleted_docs"] if deletes else 0) for _, size, deletes in _segments(location)]
    return [SegmentSize(size - gone, gone) for size, gone in deleted]


def _segments(location: Path) -> list[tuple[str, int, dict[str, int]]]:
    """Of each segment of the last commit: its id, how many documents were written, and what is said of deleted ones."""
    import json

    path = location / CONTENTS
    with Reporting(location, reading=True):
        try:
            return [
                (_segment_id(segment["segment_id"]), number(segment["max_doc"]), _numbers(segment["deletes"]))
                for segment in json.loads(read_small_file(path, _MOST_BYTES))["segments"]
            ]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise IndexDamaged("the list of segments cannot be read", where=str(path), remedy=BUILD_AGAIN) from error


def _segment_id(value: str) -> str:
    if _SEGMENT_ID.fullmatch(value):
        return value
    raise ValueError(f"not the id of a segment: {value!r:.40}")


def _numbers(deletes: dict[str, int] | None) -> dict[str, int]:
    return {name: number(deletes[name]) for name in ("opstamp", "num_deleted_docs")} if deletes else {}


def _open(location: Path) -> tantivy.Index:
    if not (location / CONTENTS).is_file():
        raise IndexDamaged("the index has no meta.json", where=str(location), remedy="Build it again.")
    index = tantivy.Index.open(str(location))
    index.config_reader("Manual", 0)  # without a thread that watches for commits
    index.reload()
    return index
