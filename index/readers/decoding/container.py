"""ZIP files as document formats use them (EPUB, DOCX, ODT): parts by name, each read in bounded memory."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib

from index.errors import ReadError

MAX_PARTS = 20_000
MAX_PART_BYTES = 32 * 2**20
"""Of one part, unpacked."""
MAX_TOTAL_BYTES = 128 * 2**20
"""Of all parts that are read, unpacked."""

_ENTRY = b"PK\x01\x02"
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = 0x1
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, RuntimeError, EOFError, OSError,
    ValueError, IndexError,
)  # fmt: skip


class Container:
    """The parts of such a file. Nothing is ever unpacked to the disk."""

    def __init__(self, data: bytes, source: str, kind: str) -> None:
        """Looks at the table of contents.

        Args:
            data: the whole file.
            source: its name, and `kind` what it should be ("an EPUB"), for messages.

        Raises:
            ReadError: if it is no ZIP file, or one with too many parts.
        """
        self.source = source
        self._total = 0
        if data.startswith(_OLE):
            raise ReadError(
                "encrypted with a password, or in the binary format of before 2007", where=source,
                remedy="Save it anew, without a password.",
            )  # fmt: skip
        if data.count(_ENTRY) > MAX_PARTS:
            raise ReadError(f"more than {MAX_PARTS:,} parts in it", where=source)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._parts = {entry.filename: entry for entry in self._zip.infolist()}
        except _BROKEN as error:
            what = f"not {kind}: no ZIP file" if not data.startswith(b"PK") else "cut off or damaged"
            raise ReadError(what, where=source) from error
        self._by_folded_name = {name.casefold(): name for name in self._parts}

    def __contains__(self, name: str) -> bool:
        return self._find(name) is not None

    def read(self, name: str) -> bytes:
        """One part.

        Raises:
            ReadError: if it is missing, damaged, encrypted, or the bounds do not allow it.
        """
        entry = self._find(name)
        if entry is None:
            raise ReadError(f"its part {_shown(name)} is missing", where=self.source)
        if entry.flag_bits & _ENCRYPTED:
            raise ReadError("encrypted with a password", where=self.source)
        most = min(MAX_PART_BYTES, MAX_TOTAL_BYTES - self._total)
        try:
            with self._zip.open(entry) as part:
                data = part.read(most + 1)
        except _BROKEN as error:
            raise ReadError(f"its part {_shown(name)} is damaged", where=self.source) from error
        if len(data) > most:
            raise ReadError(f"its part {_shown(name)} is larger than {most // 2**20} MB unpacked", where=self.source)
        self._total += len(data)
        return data

    def _find(self, name: str) -> zipfile.ZipInfo | None:
        # Some writers forget to mark names as UTF-8, or spell them with other capitals than where they refer to them.
        if name not in self._parts:
            name = self._by_folded_name.get(name.casefold(), name)
        if name not in self._parts and not name.isascii():
            name = name.encode("utf-8", "surrogatepass").decode("cp437")
        return self._parts.get(name)


def _shown(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:79]}…"
