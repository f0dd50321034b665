"""From a document to the columns that an engine indexes. The hot path of a build: everything is analysed once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from index.analysis.shingles import with_sketch
from index.analysis.tokens import analyzer
from index.document import Document, sealed
from index.engines.contract import AnalysedDocument, ColumnValue
from index.engines.together import text_columns
from index.schema import SCHEMA, SECTION, Schema, facet_value, folder_value
from index.settings import IndexSettings

MAX_BODY_CHARACTERS = 5_000_000
"""A longer body is searchable up to here; the whole of it is stored."""

MAX_OTHER_CHARACTERS = 100_000
"""The same for titles, for all authors together and for all extras together."""

_MAX_RAW_CHARACTERS = 4_000  # of a path or an address; engines drop terms beyond some 30 kB
_MAX_FACET_CHARACTERS = 200  # of a value that is counted; a longer one is prose
_MAX_FACETS = 100  # values of an extra, names of extras, and folders above a file
_OWN = frozenset(("title", "author", "date", "body", "url", "language", "doubt", "extra"))  # that `_names` tells itself


_DEFAULTS = IndexSettings()


def analyse(document: Document, schema: Schema = SCHEMA, settings: IndexSettings = _DEFAULTS) -> AnalysedDocument:
    """The document's columns as `schema` has them, and the document itself as JSON.

    Columns that would be empty are left out. Text beyond the bounds of this module is not indexed, and the stored
    document says so in its warnings.
    """
    stored = _json(document)
    if len(stored) > min(MAX_BODY_CHARACTERS, MAX_OTHER_CHARACTERS):  # else nothing of it is too long
        document = _with_warnings(document)
        stored = _json(document)
    language = analyzer(document.language if settings.stems else "")
    title_words, title_stems = language.forms(document.title[:MAX_OTHER_CHARACTERS])
    body_words, body_stems, shingles = language.forms_and_sketch(_cut(document.body, MAX_BODY_CHARACTERS))
    authors = [language.name_forms(name) for name in _first(document.authors, MAX_OTHER_CHARACTERS)]
    names = list(dict.fromkeys(words[:_MAX_RAW_CHARACTERS] for words, _ in authors if words))
    values: dict[str, ColumnValue] = {
        **text_columns(title_stems, settings.title_weight, [stems for _, stems in authors], body_stems),
        "title_stem": [title_stems],
        "title_word": [title_words],
        "title_raw": [title_words[:_MAX_RAW_CHARACTERS]],
        "author_word": [words for words, _ in authors if words],
        "author_raw": names,
        "first_author_raw": names[:1],
        "body_word": [body_words],
        "source_word": [language.path_words(document.source)],
        "source_raw": [raw_value(document.source)],
        "folder_raw": folders(document.source),
        "has_raw": _names(document),
        "shingle_raw": shingles,
    }
    if document.extra:
        extra = [language.name_forms(value) for value in _first(_extra_values(document), MAX_OTHER_CHARACTERS)]
        values["extra_word"] = [words for words, _ in extra if words]
        values["extra_stem"] = [stems for _, stems in extra if stems]
        values["facet_raw"] = [
            facet_value(name, words)
            for name in (SECTION, *settings.facets)
            for words in dict.fromkeys([language.name_forms(text)[0] for text in facet_texts(document, name)])
            if words
        ]
    if document.url:
        values["url_word"] = [language.path_words(document.url[:_MAX_RAW_CHARACTERS])]
        values["url_raw"] = [raw_value(document.url)]
    if document.language:
        values["lang_raw"] = [raw_value(document.language)]
    if document.date:
        values["date_raw"] = document.date.toordinal()
    wanted = schema.column_names
    columns = {name: value for name, value in values.items() if value and value != [""] and name in wanted}
    return AnalysedDocument(document.id, columns, sealed(with_sketch(stored, shingles)))


def _with_warnings(document: Document) -> Document:
    """The document, saying what of it is too long to be searched."""
    long = [phrase for phrase in too_long(document) if phrase not in document.warnings]  # it may come from an index
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
    if document.extra and _extra_length(document) > MAX_OTHER_CHARACTERS:
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


def _extra_length(document: Document) -> int:
    return sum([len(value) if isinstance(value, str) else sum(map(len, value)) for value in document.extra.values()])


def _extra_values(document: Document) -> Iterable[str]:
    for value in document.extra.values():
        if isinstance(value, str):
            yield value
        else:
            yield from value


def facet_texts(document: Document, name: str) -> Sequence[str]:
    """What a document says under the name of an extra, as far as it is counted, as written.

    Args:
        document: what has the extra, or has not.
        name: in small letters, however the document writes it.
    """
    for key, value in document.extra.items():
        if key == name or key.casefold() == name:
            texts = (value,) if isinstance(value, str) else value[:_MAX_FACETS]
            return [text[:_MAX_FACET_CHARACTERS] for text in texts]
    return ()


def folders(source: str) -> list[str]:
    """The values of the column `folder`: the folders above a file, the topmost first."""
    return _folders(source.rpartition("/")[0])


@lru_cache(maxsize=1024)
def _folders(path: str) -> list[str]:
    if not path:
        return []
    first, *others = raw_value(" ".join(path.split())).split("/")
    found = [first] if first else []
    for part in others[:_MAX_FACETS]:
        found.append(f"{found[-1] if found else first}/{part}")
    return [folder_value(depth, folder) for depth, folder in enumerate(found, start=1)]


def _names(document: Document) -> list[str]:
    """The values of the column `has`: the names of what the document has."""
    values = (
        ("title", document.title),
        ("author", document.authors),
        ("date", document.date),
        ("body", document.body),
        ("url", document.url),
        ("language", document.language),
        ("doubt", document.doubtful),
        ("extra", document.extra),
    )
    has = [name for name, value in values if value]
    if document.extra:
        others = [name.casefold()[:_MAX_FACET_CHARACTERS] for name, value in document.extra.items() if value]
        # A date that is not understood is kept as an extra; the document has no date for that.
        has = list(dict.fromkeys(has + [name for name in others if name not in _OWN]))[:_MAX_FACETS]
    return has


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
