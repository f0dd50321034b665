"""The document: what a reader makes of a file, and what an index stores.

A file may hold one document (a saved page) or many (JSON lines, a feed). This file imports only the errors.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from functools import lru_cache
from typing import Any, NamedTuple

from index.errors import BUILD_AGAIN, IndexDamaged
from index.records import record

ExtraValue = str | tuple[str, ...]
"""What `Document.extra` may hold under one name: one text, or several."""

DOUBTFUL = 0.5
"""A title, authors or a date with less confidence than this had better be looked at by a person."""


class Candidate(NamedTuple):
    """A value that a rule found for a field, and that does not stand there.

    Attributes:
        value: as text, a date as YYYY-MM-DD if it is a day of the calendar; several names as a tuple; cut where long.
        rule: the rule that found it.
        refused: why it cannot be the value, such as "lies in the future"; empty if another value was only preferred.
    """

    value: ExtraValue
    rule: str
    refused: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The candidate as JSON types."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"value": value, "rule": self.rule, "refused": self.refused}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Candidate:
        """The inverse of `to_dict`. Raises KeyError or TypeError on anything else."""
        value = values["value"]
        return cls(tuple(value) if isinstance(value, list) else value, values["rule"], values["refused"])


@record(frozen=True, slots=True)
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
        confidence: for each value found, how likely it is right, from 0 to 1; see `index.readers.article.trust`.
        warnings: what a person should know, for example "date 2099-01-01 lies in the future; kept as text".
        candidates: for each field, what other rules found or was refused, in the order of the rules. An index does not
            keep them: a document that comes from one has none.
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
    confidence: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    candidates: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Twelve characters that name the document: the same file and entry always have the same id."""
        return document_id(self.source)

    def with_source(self, source: str) -> Document:
        """The same document under another source, and so another id."""
        return replace(self, source=source)

    @property
    def doubtful(self) -> tuple[str, ...]:
        """Which of title, authors and date were found, but may well be wrong."""
        sure = self.confidence
        return tuple(name for name in ("title", "authors", "date") if sure.get(name, 1.0) < DOUBTFUL)

    def to_dict(self, *, candidates: bool = False) -> dict[str, Any]:
        """The document as JSON types: the date as YYYY-MM-DD or None, tuples as lists. Candidates only if asked for."""
        values: dict[str, Any] = {
            "id": self.id,
            "source": self.source,
            "title": self.title,
            "authors": list(self.authors),
            "date": self.date.isoformat() if self.date else None,
            "url": self.url,
            "language": self.language,
            "extra": {name: list(value) if isinstance(value, tuple) else value for name, value in self.extra.items()},
            "provenance": dict(self.provenance),
            "confidence": dict(self.confidence),
            "warnings": list(self.warnings),
            "body": self.body,
        }
        if candidates:
            values["candidates"] = {name: [each.to_dict() for each in found] for name, found in self.candidates.items()}
        return values

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
            confidence=dict(values.get("confidence", {})),
            warnings=tuple(values["warnings"]),
            candidates={
                name: tuple(Candidate.from_dict(each) for each in found)
                for name, found in values.get("candidates", {}).items()
            },
        )

    def to_json(self) -> str:
        """`to_dict` as one line of JSON text."""
        extra = ",".join(
            [
                f"{_text(name)}:{_text(value) if isinstance(value, str) else _texts(value)}"
                for name, value in self.extra.items()
            ]
        )
        day = f'"{self.date.isoformat()}"' if self.date else "null"
        return (
            f'{{"id":"{self.id}","source":{_text(self.source)},"title":{_text(self.title)}'
            f',"authors":{_texts(self.authors)},"date":{day},"url":{_text(self.url)},"language":{_text(self.language)}'
            f',"extra":{{{extra}}},"provenance":{_known_json(tuple(self.provenance.items()))}'
            f',"confidence":{_json(dict(self.confidence))},"warnings":{_texts(self.warnings)}'
            f',"body":{_text(self.body)}}}'
        )

    @classmethod
    def from_stored(cls, stored: str) -> Document:
        """The document that `sealed` wrote into an index. Raises `IndexDamaged` if it has changed since."""
        seal, text = stored[:_SEAL_LENGTH], stored[_SEAL_LENGTH:]
        if seal == _seal(text):
            try:
                return cls.from_dict(_DECODER.raw_decode(text)[0])  # as json.loads, in less time
            except (KeyError, TypeError, ValueError):
                pass
        raise IndexDamaged(
            "An article in the index is not as it was written: the disk or a program has changed the index's files",
            remedy=BUILD_AGAIN,
        )


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_LONG = 200  # characters
_UNESCAPED = bytes(range(0x20, 0x100)) + b"\n"


def _texts(texts: Iterable[str]) -> str:
    return "[" + ",".join(map(_text, texts)) + "]"


def _text(text: str) -> str:
    """A text as JSON, as the encoder makes it, which takes five times as long for a long one."""
    if len(text) < _LONG or text.encode("utf-8", "surrogatepass").translate(None, _UNESCAPED):
        return json.encoder.encode_basestring(text)
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


@lru_cache(maxsize=1024)  # most documents of a corpus have the same rules
def _known_json(items: tuple[tuple[str, str], ...]) -> str:
    return _json(dict(items))


_DECODER = json.JSONDecoder()
_SEAL_LENGTH = 8  # hexadecimal digits of a CRC-32


def sealed(text: str) -> str:
    """A document's JSON with its checksum before it, as engines store it."""
    return _seal(text) + text


def _seal(text: str) -> str:
    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}"


ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # without i, l, o and u, which people misread
ID_LENGTH = 12  # 60 bits: among a million documents a clash has odds below one in a million
_PAIRS = tuple(low + high for high in ID_ALPHABET for low in ID_ALPHABET)  # of digits, the lower one first
_SHIFTS = range(0, 5 * ID_LENGTH, 10)  # of the number's bits, for every two digits


@lru_cache(maxsize=16)  # asked twice in a row when a document is indexed
def document_id(source: str) -> str:
    """The id of the document that comes from `source`: 60 bits of BLAKE2b, in twelve letters and digits."""
    import hashlib  # which brings OpenSSL, and a search needs it only where an article is named

    number = int.from_bytes(hashlib.blake2b(source.encode("utf-8", "surrogateescape"), digest_size=8).digest(), "big")
    return "".join([_PAIRS[(number >> shift) % len(_PAIRS)] for shift in _SHIFTS])
