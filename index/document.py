"""The document: what a reader makes of a file, and what an index stores.

A file may hold one document (a saved page) or many (JSON lines, a feed). This file imports only the errors.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from index.errors import IndexDamaged

ExtraValue = str | tuple[str, ...]
"""What `Document.extra` may hold under one name: one text, or several."""


@dataclass(frozen=True, slots=True)
class Document:
    """One article.

    Attributes:
        source: where it comes from: the file's path with `/` between its parts, relative to the index's home folder
            when it lies inside it, followed by `#n` (from 1) for the n-th document of a file that holds several.
        title: the headline as plain text; empty when there is none.
        authors: names in the order of the byline, without "By", job titles or e-mail addresses.
        date: the day of publication where it was published; None when unknown.
        body: the article's plain text in characters; paragraphs are separated by one empty line.
        url: the address it was published at; empty when unknown.
        language: an ISO 639-1 code such as "en"; empty when unknown.
        extra: whatever else the file says: section, summary, caption, credit, related, tags, time…
        provenance: for each value found (by field name, "extra.caption" for extras), the rule that found it,
            for example {"date": "json-ld datePublished"}.
        warnings: what a person should know, for example "date 2099-01-01 lies in the future; kept as text".
    """

    source: str
    title: str = ""
    authors: tuple[str, ...] = ()
    date: dt.date | None = None
    body: str = ""
    url: str = ""
    language: str = ""
    extra: Mapping[str, ExtraValue] = field(default_factory=dict)
    provenance: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Twelve characters that name the document: the same file and entry always have the same id."""
        return document_id(self.source)

    def with_source(self, source: str) -> Document:
        """The same document under another source, and so another id."""
        return replace(self, source=source)

    def to_dict(self) -> dict[str, Any]:
        """The document as JSON types: the date as YYYY-MM-DD or None, tuples as lists."""
        return {
            "id": self.id,
            "source": self.source,
            "title": self.title,
            "authors": list(self.authors),
            "date": self.date.isoformat() if self.date else None,
            "url": self.url,
            "language": self.language,
            "extra": {name: list(value) if isinstance(value, tuple) else value for name, value in self.extra.items()},
            "provenance": dict(self.provenance),
            "warnings": list(self.warnings),
            "body": self.body,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Document:
        """The inverse of `to_dict`. Raises KeyError, TypeError or ValueError on anything else."""
        day = values["date"]
        return cls(
            source=values["source"],
            title=values["title"],
            authors=tuple(values["authors"]),
            date=dt.date.fromisoformat(day) if day else None,
            body=values["body"],
            url=values["url"],
            language=values["language"],
            extra={name: tuple(value) if isinstance(value, list) else value for name, value in values["extra"].items()},
            provenance=dict(values["provenance"]),
            warnings=tuple(values["warnings"]),
        )

    def to_json(self) -> str:
        """`to_dict` as one line of JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Document:
        """The inverse of `to_json`."""
        return cls.from_dict(json.loads(text))

    @classmethod
    def from_stored(cls, stored: str) -> Document:
        """The document that `sealed` wrote into an index. Raises `IndexDamaged` if it has changed since."""
        seal, text = stored[:_SEAL_LENGTH], stored[_SEAL_LENGTH:]
        if seal == _seal(text):
            try:
                return cls.from_json(text)
            except (KeyError, TypeError, ValueError):
                pass
        raise IndexDamaged(
            "An article in the index is not as it was written: the disk or a program has changed the index's files",
            remedy="Run: byline index --rebuild",
        )


_SEAL_LENGTH = 8  # hexadecimal digits of a CRC-32


def sealed(text: str) -> str:
    """A document's JSON with its checksum before it, as engines store it."""
    return _seal(text) + text


def _seal(text: str) -> str:
    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}"


_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # without i, l, o and u, which people misread
_ID_LENGTH = 12  # 60 bits: among a million documents a clash has odds below one in a million


def document_id(source: str) -> str:
    """The id of the document that comes from `source`: 60 bits of BLAKE2b, in twelve letters and digits."""
    number = int.from_bytes(hashlib.blake2b(source.encode("utf-8", "surrogateescape"), digest_size=8).digest(), "big")
    letters = []
    for _ in range(_ID_LENGTH):
        number, digit = divmod(number, len(_ID_ALPHABET))
        letters.append(_ID_ALPHABET[digit])
    return "".join(letters)
