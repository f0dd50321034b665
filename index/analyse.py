"""From a document to the columns that an engine indexes. The hot path of a build: everything is analysed once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from index.analysis import analyzer
from index.document import Document, sealed
from index.engines.contract import AnalysedDocument, ColumnValue
from index.schema import SCHEMA, Schema
from index.settings import IndexSettings

MAX_BODY_CHARACTERS = 5_000_000
"""A longer body is searchable up to here; the whole of it is stored."""

MAX_OTHER_CHARACTERS = 100_000
"""The same for titles, for all authors together and for all extras together."""

_MAX_RAW_CHARACTERS = 4_000  # of a path or an address; engines drop terms beyond some 30 kB


_DEFAULTS = IndexSettings()


def analyse(document: Document, schema: Schema = SCHEMA, settings: IndexSettings = _DEFAULTS) -> AnalysedDocument:
    """The document's columns as `schema` has them, and the document itself as JSON.

    Columns that would be empty are left out. Text beyond the bounds of this module is not indexed, and the stored
    document says so in its warnings.
    """
    document = _with_warnings(document)
    language = analyzer(document.language if settings.stems else "")
    title_words, title_stems = language.forms(document.title[:MAX_OTHER_CHARACTERS])
    body_words, body_stems = language.forms(_cut(document.body, MAX_BODY_CHARACTERS))
    authors = [language.forms(name) for name in _first(document.authors, MAX_OTHER_CHARACTERS)]
    text = [title_stems] * settings.title_weight if title_stems else []
    text += [stems for _, stems in authors if stems]
    if body_stems:
        text.append(body_stems)
    values: dict[str, ColumnValue] = {
        "text_stem": text,
        "title_stem": [title_stems],
        "title_word": [title_words],
        "title_raw": [title_words[:_MAX_RAW_CHARACTERS]],
        "author_word": [words for words, _ in authors if words],
        "body_stem": [body_stems],
        "body_word": [body_words],
        "source_word": [language.words(document.source)],
        "source_raw": [raw_value(document.source)],
    }
    if document.extra:
        extra = [language.forms(value) for value in _first(_extra_values(document), MAX_OTHER_CHARACTERS)]
        values["extra_word"] = [words for words, _ in extra if words]
        values["extra_stem"] = [stems for _, stems in extra if stems]
    if document.url:
        values["url_word"] = [language.words(document.url[:_MAX_RAW_CHARACTERS])]
        values["url_raw"] = [raw_value(document.url)]
    if document.language:
        values["lang_raw"] = [raw_value(document.language)]
    if document.date:
        values["date_raw"] = document.date.toordinal()
    columns = {column.name: value for column in schema.columns if (value := values.get(column.name)) and value != [""]}
    return AnalysedDocument(document.id, columns, sealed(_json(document)))


def _with_warnings(document: Document) -> Document:
    """The document, saying what of it is too long to be searched."""
    long = too_long(document)
    return replace(document, warnings=(*document.warnings, *long)) if long else document


def too_long(document: Document) -> list[str]:
    """What of a document is too long to be searched as a whole, one phrase each."""
    long = []
    if len(document.body) > MAX_BODY_CHARACTERS:
        long.append(f"only the first {MAX_BODY_CHARACTERS:,} characters of the body are searched")
    if len(document.title) > MAX_OTHER_CHARACTERS:
        long.append(f"only the first {MAX_OTHER_CHARACTERS:,} characters of the title are searched")
    if document.authors and sum(map(len, document.authors)) > MAX_OTHER_CHARACTERS:
        long.append(f"only the first {MAX_OTHER_CHARACTERS:,} characters of the authors are searched")
    if document.extra and sum(map(len, _extra_values(document))) > MAX_OTHER_CHARACTERS:
        long.append(f"only the first {MAX_OTHER_CHARACTERS:,} characters of the extras are searched")
    return long


def _cut(text: str, most: int) -> str:
    """At most `most` characters of `text`, ending at a word's end where there is one in reach."""
    if len(text) <= most:
        return text
    end = text.rfind(" ", most - 1000, most)
    return text[: end if end > 0 else most]


def _first(texts: Iterable[str], most: int) -> Iterable[str]:
    """The first of the texts, up to `most` characters in all."""
    for text in texts:
        if text:
            yield text[:most]
            most -= len(text)
            if most <= 0:
                return


def _extra_values(document: Document) -> Iterable[str]:
    for value in document.extra.values():
        if isinstance(value, str):
            yield value
        else:
            yield from value


def raw_value(text: str) -> str:
    """A whole value, such as a path, as the one token that its RAW column holds."""
    folded = text[:_MAX_RAW_CHARACTERS].casefold()
    return folded if folded.isascii() else folded.encode("utf-8", "replace").decode()


def _json(document: Document) -> str:
    """The document as JSON that every engine can store: lone surrogates, as in odd file names, become escapes."""
    text = document.to_json()
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text
