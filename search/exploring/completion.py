"""Completing what a person begins to type: the last word, and whole titles, by how many articles hold them.

Words come as the index holds them, in lower case and without accents; titles as they are written. When other words
stand before the last one, only completions that share an article with them are offered, by how many they share; in a
quotation that is not closed, only those with which it is found.

Scripts written without spaces have no words to complete here, since the index holds pairs of their characters; their
titles are completed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from index import query as algebra
from index.analysis.columns import raw_value
from index.analysis.tokens import analyzer, is_unsegmented
from index.document import Document
from index.engines.contract import Searcher
from index.errors import QueryError
from index.query import Query
from index.records import record
from index.schema import SCHEMA, Form, facet_value
from search.lowering.clause import WRITTEN_FIELDS
from search.lowering.whole_query import matching_query
from search.query_language.field_names import FIELDS, known_fields
from search.query_language.parser import MAX_QUERY_CHARACTERS, parse
from search.query_language.values import is_value_field

Counts = dict[str, int]
Found = TypeVar("Found")

TITLES_FROM = 3
"""How many characters of a title are needed; one of a script without spaces between words."""

_TABLE_WORDS = 10_000  # the commonest of each column, kept for short prefixes
_SAMPLED_LETTERS = 2
_SAMPLE = 15  # articles that are looked through for such words
_SAMPLE_CHARACTERS = 10_000
_IN_PHRASE = 50  # words that are tried in a quotation, those that share most articles with it
_RARE = 1_000  # words in so many documents are looked up, since those may have been deleted
_KEPT = 2_000  # answers

_VALUE = re.compile(r'(?:^|(?<=[\s(-]))([^\W\d_]\w*):(?:=?"([^":]*)|([^\s":]*))$')
_FIELD_BEFORE = re.compile(r"(?:^|(?<=[\s(]))([^\W\d_]\w*):\s*$")
_FREE = re.compile(r"(?:\b(?:OR|NOT|ANDNOT|ANDMAYBE)|[-|!])[\s(]*$")  # what follows need not share an article
_OPEN_PHRASE = re.compile(r"""(?:([^\W\d_]\w*):\s*)?~?["“„«]([^"“”„«»]*)$""")
_TRAILING = "'’ʼ＇."


@record(frozen=True, slots=True)
class Suggestion:
    """A way to go on.

    Attributes:
        text: what was typed, completed; or a title.
        count: how many articles hold the word in one field, or have the title. After other words, how many of those
            that match these; of words of one letter or two, among the 15 best of them.
    """

    text: str
    count: int

    def to_dict(self) -> dict[str, Any]:
        """The suggestion as JSON types."""
        return {"text": self.text, "count": self.count}


@record(frozen=True, slots=True)
class Suggestions:
    """Ways to go on, the commonest first.

    Attributes:
        prefix: what was typed.
        words: it, with its last word completed.
        titles: titles that begin so.
    """

    prefix: str
    words: tuple[Suggestion, ...] = ()
    titles: tuple[Suggestion, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.titles)

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON types."""
        return {
            "prefix": self.prefix,
            "words": [word.to_dict() for word in self.words],
            "titles": [title.to_dict() for title in self.titles],
        }


class Completer:
    """Completion by the words and titles of one commit of an index.

    With `keep`, what is costly to find is kept: the commonest words, found at the first request, and the last answers.
    """

    def __init__(
        self, searcher: Searcher, languages: Sequence[str], facets: Collection[str] = (), *, keep: bool = False
    ) -> None:
        self._searcher = searcher
        self._fields = known_fields(facets)
        self._languages = languages
        self._kept: dict[tuple[str, ...], Any] | None = {} if keep else None
        self._tables: dict[str, dict[str, list[tuple[str, int]]]] = {}
        if keep:
            self._table("")

    def complete(self, prefix: str, limit: int) -> Suggestions:
        """At most `limit` words and as many titles.

        Raises:
            QueryError: the prefix is too long, or too broad a query.
        """
        if len(prefix) > MAX_QUERY_CHARACTERS:
            raise QueryError(
                f"There are {len(prefix):,} characters to complete; at most {MAX_QUERY_CHARACTERS:,} are read",
                remedy="Shorten it",
            )
        if limit > 0 and (values := self._values(prefix, limit)) is not None:
            return Suggestions(prefix, tuple(values))
        tokens = analyzer("").tokens(prefix, query=True)
        if not tokens or limit <= 0:
            return Suggestions(prefix)
        last = tokens[-1]
        words: tuple[Suggestion, ...] = ()
        ends_in_word = last.end == len(prefix.rstrip(_TRAILING))
        if ends_in_word and not is_unsegmented(last.word):
            head = prefix[: last.start]
            words = tuple(Suggestion(head + word, count) for word, count in self._words(head, last.word, limit))
        beginning = " ".join(token.word for token in tokens)
        if not ends_in_word:
            beginning += " "
        return Suggestions(prefix, words, tuple(self._titles(beginning, limit)))

    # Whole values.

    def _values(self, prefix: str, limit: int) -> list[Suggestion] | None:
        """The commonest values of the field that the prefix ends in, if it holds whole values alone; else None."""
        found = _VALUE.search(prefix)
        name = self._fields.get(found[1].casefold(), "") if found else ""
        if found is None or not (name == "lang" or is_value_field(name)):
            return None
        head = prefix[: found.start()]
        context = (None if _FREE.search(head) else self._context(head)) or algebra.Everything()
        if context == algebra.Nothing():
            return []
        typed = found[2] or found[3] or ""
        start = raw_value(typed) if name in ("lang", "folder") else analyzer("").words(typed)
        if name == "folder":
            tokens = self._searcher.commonest("folder", Form.RAW, limit=_TABLE_WORDS, within=context)
            values = [(token.partition(":")[2], count) for token, count in tokens]
            values = [item for item in values if item[0].startswith(start)][:limit]
        elif name == "lang":
            values = self._searcher.commonest("lang", Form.RAW, start, limit=limit, within=context)
        else:
            before = facet_value(name, "")
            tokens = self._searcher.commonest("facet", Form.RAW, before + start, limit=limit, within=context)
            values = [(token.removeprefix(before), count) for token, count in tokens]
        written = f"{head}{found[1]}:"
        return [
            Suggestion(written + (value if value.isalnum() else f'"{value}"'), count)
            for value, count in values
            if value
        ]

    # Words.

    def _words(self, head: str, start: str, limit: int) -> list[tuple[str, int]]:
        """The commonest words that begin with `start`, after `head`."""
        if (phrase := _open_phrase(head)) is not None:
            return self._known(("phrase", phrase, start, str(limit)), lambda: self._within(phrase, start)[:limit])
        field = ""
        if (found := _FIELD_BEFORE.search(head)) and (name := FIELDS.get(found[1].casefold(), "")):
            known = SCHEMA.by_name.get(name)
            if known is None or Form.WORD not in known.indexed_forms():
                return []
            field, head = name, head[: found.start()]
        context = None if _FREE.search(head) else self._context(head)
        if context == algebra.Nothing():
            return []
        if context is None:
            return self._alone(field, start, limit)
        key = "within", field, start, head, str(limit)
        return self._known(key, lambda: self._beside(context, field, start, limit))

    def _within(self, phrase: str, start: str) -> list[tuple[str, int]]:
        """The words with which a phrase that is not closed goes on, by how many articles hold that."""
        words = self._beside(self._context(phrase) or algebra.Everything(), "", start, _IN_PHRASE)
        queries = [(word, matching_query(parse(phrase + word).tree, self._languages)) for word, _ in words]
        counts = [(word, self._count(query)) for word, query in queries]
        return sorted((each for each in counts if each[1]), key=_most_first)

    def _context(self, head: str) -> Query | None:
        """What the words before the last one match; None where there are none."""
        if not any(map(str.isalnum, head)):
            return None
        matching = matching_query(parse(head).tree, self._languages)
        return None if matching == algebra.Everything() else matching

    def _alone(self, field: str, start: str, limit: int) -> list[tuple[str, int]]:
        found = self._commonest_of_all(field, start, limit)
        return [(word, count) for word, count in found if count > _RARE or self._is_live(field, word)]

    def _commonest_of_all(self, field: str, start: str, limit: int) -> list[tuple[str, int]]:
        if self._kept is not None:
            known = [item for item in self._table(field).get(start[0], ()) if item[0].startswith(start)]
            if len(known) >= limit:
                return known[:limit]
        key = "words", field, start, str(limit)
        return self._known(key, lambda: self._commonest(field, start, limit))

    def _beside(self, context: Query, field: str, start: str, limit: int) -> list[tuple[str, int]]:
        """The words that share most articles with those that match `context`.

        Counting all words that begin with one letter or two takes long, so these are taken from the best articles, if
        there are enough in them.
        """
        if len(start) <= _SAMPLED_LETTERS and field in ("", *WRITTEN_FIELDS):
            found = self._searcher.search(context, limit=_SAMPLE)
            counts: Counter[str] = Counter()
            for match in found.page:
                counts.update(set(_words_of(match.stored, field, start)))
            if len(counts) >= limit or found.total <= len(found.page):
                return sorted(counts.items(), key=_most_first)[:limit]
        return self._commonest(field, start, limit, context)

    def _commonest(self, field: str, start: str, limit: int, context: Query | None = None) -> list[tuple[str, int]]:
        """The commonest words, by the field that most articles hold them in."""
        counts: Counts = {}
        for name in _fields(field):
            # Twice as many as are wanted, as some may be no words.
            for word, count in self._searcher.commonest(name, Form.WORD, start, limit=2 * limit, within=context):
                counts[word] = max(count, counts.get(word, 0))
        return sorted(((word, count) for word, count in counts.items() if _is_word(word)), key=_most_first)[:limit]

    def _table(self, field: str) -> dict[str, list[tuple[str, int]]]:
        """The commonest words of all by their first letters, the commonest first.

        Only words commoner than any that is missing: of each column so many are known, and what is rarer than the last
        of one may be anywhere in its rest.
        """
        known = self._tables.get(field)
        if known is None:
            counts: Counts = {}
            least = 0
            for name in _fields(field):
                found = self._searcher.commonest(name, Form.WORD, limit=_TABLE_WORDS)
                least = max(least, found[-1][1] + 1 if len(found) == _TABLE_WORDS else 0)
                for word, count in found:
                    counts[word] = max(count, counts.get(word, 0))
            known = {}
            for word, count in sorted(counts.items(), key=_most_first):
                if count >= least and _is_word(word):
                    known.setdefault(word[0], []).append((word, count))
            self._tables[field] = known
        return known

    def _query(self, field: str, word: str) -> Query:
        return algebra.Or(tuple(algebra.Term(name, word, Form.WORD) for name in _fields(field)))

    def _is_live(self, field: str, word: str) -> bool:
        return self._count(self._query(field, word)) > 0

    def _count(self, query: Query) -> int:
        return self._searcher.search(query, limit=0).total

    # Titles.

    def _titles(self, beginning: str, limit: int) -> Iterable[Suggestion]:
        """Titles whose words begin so, as one of the articles that have it writes each."""
        if len(beginning) < TITLES_FROM and not is_unsegmented(beginning):
            return
        key = "titles", beginning, str(limit)
        yield from self._known(key, lambda: list(self._titles_as_written(beginning, limit)))

    def _titles_as_written(self, beginning: str, limit: int) -> Iterable[Suggestion]:
        for title, count in self._searcher.commonest("title", Form.RAW, beginning, limit=limit):
            page = self._searcher.search(algebra.Term("title", title, Form.RAW), limit=1).page
            if page:  # none if all are deleted
                yield Suggestion(" ".join(Document.from_stored(page[0].stored).title.split()), count)

    def _known(self, key: tuple[str, ...], find: Callable[[], list[Found]]) -> list[Found]:
        """What was found for `key` before, or is found now."""
        if self._kept is None:
            return find()
        found: list[Found] | None = self._kept.get(key)
        if found is None:
            found = find()
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[key] = found
        return found


def completer(searcher: Searcher, languages: Sequence[str], facets: Collection[str] = ()) -> Completer:
    """The completer of an open index, made once."""
    known = _completers.get(searcher)
    if known is None:
        known = _completers[searcher] = Completer(searcher, languages, facets, keep=True)
    return known


_completers: WeakKeyDictionary[Searcher, Completer] = WeakKeyDictionary()


def _open_phrase(head: str) -> str | None:
    """What was typed up to where a phrase goes on that holds words already; from its beginning, if what stands before
    need not share an article with it. None where no quotation mark is open."""
    found = _OPEN_PHRASE.search(head)
    if found is None or not any(map(str.isalnum, found[2])):
        return None
    mark = head[found.start(2) - 1]
    if (mark == '"' and head.count('"') % 2 == 0) or (mark == "“" and "„" in head):
        return None
    before = head[: found.start()]
    return head[found.start() :] if _FREE.search(before) else head


def _fields(field: str) -> tuple[str, ...]:
    return (field,) if field else WRITTEN_FIELDS


def _is_word(token: str) -> bool:
    return not is_unsegmented(token)


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _words_of(stored: str, field: str, start: str) -> Iterable[str]:
    """The words of a stored document that begin with `start`, those in the beginning of its body."""
    document = Document.from_stored(stored)
    texts = {"title": [document.title], "author": document.authors, "body": [document.body[:_SAMPLE_CHARACTERS]]}
    # Others that do so when they are folded begin with a letter that is not ASCII.
    candidates = re.compile(rf"(?<!\w)(?:{re.escape(start)}|[^\x00-\x7f])[^\s-]*", re.IGNORECASE)
    for group in [texts[field]] if field else texts.values():
        for text in group:
            for candidate in candidates.findall(text):
                yield from (w for w in analyzer("").words(candidate).split() if w.startswith(start) and _is_word(w))
