"""A segment of the whoosh engine in the making."""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Mapping

from index.engines.contract import GAP, AnalysedDocument, ordering_value
from index.engines.surrogates import escape_surrogates, without_surrogates
from index.engines.whoosh_contents import SegmentDescription
from index.engines.whoosh_files import DAY, ID, NO_DAY, Folder, NewSegmentFile
from index.engines.whoosh_occurrences import AlignedText, NewColumn
from index.engines.whoosh_occurrences import Segment as TokenSegment
from index.engines.whoosh_segment import Segment
from index.schema import Form, Schema, column_name

# What a segment may hold, since most of it is in memory until it is finished: some 100 MB.
_MOST_TOKENS = 8_000_000
_MOST_CHARACTERS = 2**29
_MOST_STORED_BYTES = 2**29

_WORDS = column_name("body", Form.WORD)
_STEMS = column_name("text", Form.STEM)  # whose last segment has the stems of these words
_BLANK = f"{GAP} "
_MOST_ALIGNED = 4  # ways to stem the same words, as languages have them; further ones are indexed word by word


class NewSegment:
    """A segment in the making."""

    def __init__(self, folder: Folder, schema: Schema) -> None:
        # Named by the operating system's randomness: Python's repeats for who seeds it.
        self._description = SegmentDescription(secrets.token_hex(8), 0)
        self._file = NewSegmentFile(folder, self._description.file_name)
        self._has_positions = {column.name: column.has_positions for column in schema.kept_columns if not column.is_day}
        self._ordered = {column.name for column in schema.columns if column.is_ordered}
        self._day_columns = {column.name for column in schema.columns if column.is_day}
        self._columns: dict[str, NewColumn] = {}
        self._aligned_texts: list[AlignedText] = []
        self._days: dict[str, array[int]] = {}
        self._ids: list[str] = []
        self._by_id: dict[str, int] = {}
        self._tokens = 0
        self._characters = 0

    @property
    def count(self) -> int:
        """How many documents it has, those deleted again too."""
        return len(self._ids)

    @property
    def live(self) -> int:
        """How many documents are not deleted again."""
        return len(self._by_id)

    @property
    def is_full(self) -> bool:
        """Whether it is as large as a segment should be, however few its documents."""
        return (
            self._tokens >= _MOST_TOKENS
            or self._characters >= _MOST_CHARACTERS
            or self._file.stored_bytes >= _MOST_STORED_BYTES
        )

    def add(self, document: AnalysedDocument) -> None:
        """Add a document."""
        number = self._start(without_surrogates(document.id), escape_surrogates(document.stored).encode())
        texts: dict[str, list[TokenSegment]] = {}
        for name, value in document.columns.items():
            if name in self._day_columns:
                self._set_day(name, number, value)
                continue
            has_positions = self._has_positions.get(name)
            if has_positions is None:
                continue
            if isinstance(value, int):
                raise TypeError(f"the column {name} holds words, not {value!r}")
            if name in self._ordered:
                value = [first] if (first := ordering_value(value)) else []
            segments = [segment if _encodable(segment) else without_surrogates(segment) for segment in value]
            if has_positions:
                texts[name] = [_split(segment) for segment in segments]
            else:
                self._column(name).add_values(number, segments)
                self._tokens += len(segments)
            self._characters += sum(map(len, segments))
        self._add_texts(number, texts)

    def _add_texts(self, number: int, texts: Mapping[str, list[TokenSegment]]) -> None:
        """Add the columns whose tokens have positions."""
        text = self._aligned(texts)
        for name, segments in texts.items():
            self._tokens += sum(len(segment.tokens) for segment in segments)
            if text is None or name not in (_WORDS, _STEMS):
                self._column(name).add_words(number, segments)
        if text:
            words, (*others, stems) = texts[_WORDS][0].tokens, texts[_STEMS]
            start = self._column(_STEMS).add_words(number, others) + stems.gap
            text.words.add(number, words, start)
            self._column(_STEMS).share(number, len(words), text, stems=True)
            self._column(_WORDS).share(number, len(words), text, stems=False)

    def _aligned(self, texts: Mapping[str, list[TokenSegment]]) -> AlignedText | None:
        """Where to add the body once for its words and its stems; None when these do not go together."""
        if len(texts.get(_WORDS, ())) != 1 or not texts.get(_STEMS):
            return None
        words, stems = texts[_WORDS][0].tokens, texts[_STEMS][-1].tokens
        if not words or len(words) != len(stems) or GAP in words or GAP in stems:
            return None
        pairs = set(zip(words, stems, strict=True))
        for text in self._aligned_texts:
            if text.fits(pairs):
                return text
        if len(self._aligned_texts) < _MOST_ALIGNED and (text := AlignedText()).fits(pairs):
            self._aligned_texts.append(text)
            return text
        return None

    def delete(self, id: str) -> bool:
        """Delete a document added before, if there is one."""
        number = self._by_id.pop(id, None)
        if number is None:
            return False
        self._description.deleted.add(number)
        return True

    def take_in(self, other: Segment) -> None:
        """Add all documents of another segment that are not deleted."""
        numbers = array("q", [-1]) * other.count
        for number in range(other.count):
            if number not in other.description.deleted:
                numbers[number] = self._start(other.ids[number], other.stored(number).encode())
        for name in self._day_columns:
            for number, day in zip(numbers, other.days(name), strict=True):
                if number >= 0 and day is not None:
                    self._set_day(name, number, day)
        for name, terms in other.terms.columns.items():
            if name != ID:
                self._tokens += self._column(name).take_in(terms, other.lengths(name), numbers)

    def finish(self) -> SegmentDescription | None:
        """Write the segment; gives its description, or None when all its documents were deleted again."""
        if not self._by_id:
            self.discard()
            return None
        self._file.finish(self._ids, self._columns, self._days)
        self._description.count = len(self._ids)
        return self._description

    def discard(self) -> None:
        """Remove what was written so far."""
        self._file.discard()

    def _start(self, id: str, stored: bytes) -> int:
        """Start a document with its id and what is stored for it; gives its number."""
        number = len(self._ids)
        self._file.store(number, stored)
        self._column(ID).add_values(number, (id,))
        self._ids.append(id)
        self._by_id[id] = number
        return number

    def _column(self, name: str) -> NewColumn:
        column = self._columns.get(name)
        if column is None:
            column = self._columns[name] = NewColumn()
        return column

    def _set_day(self, name: str, document: int, day: object) -> None:
        if not isinstance(day, int):
            raise TypeError(f"the column {name} holds days, not {day!r}")
        days = self._days.setdefault(name, array(DAY))
        days.extend(array(DAY, [NO_DAY]) * (document - len(days)))
        days.append(day)


def _split(segment: str) -> TokenSegment:
    gap = 0
    if segment.startswith(_BLANK):
        rest = segment.lstrip(_BLANK)
        gap = (len(segment) - len(rest)) // len(_BLANK)
        segment = rest
    tokens = segment.split(" ")
    return TokenSegment(gap, [token for token in tokens if token] if "" in tokens else tokens)


def _encodable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
