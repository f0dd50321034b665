"""Synonyms: words that a person's own file says are the same, asked for besides those of the query.

The file is plain text, one group a line; `#` begins a comment line:

    car, automobile, motor car
    iss => international space station

A line of names means that each of them finds the others, too; with `=>`, what stands before it also finds what stands
after it, but not the other way round. Names are compared by their stems, so `cars` finds automobiles.

Bare words are looked up, one by one and several in a row, the longest name first. What stands in quotation marks or
after `=`, in a named field, or below a NOT is taken to the letter. A name of several words is asked for as a phrase.

A synonym scores SYNONYM_WEIGHT times what it would by itself, and less if it is rarer than the word it stands for:
as if it were as common. So what was asked for comes before what only means the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.analysis.tokens import Analyzer, analyzer
from index.engines.bm25 import idf
from index.engines.contract import Searcher
from index.errors import UsageError
from index.records import record
from index.schema import Form
from index.sealed import read_small_file
from search.query_language import syntax
from search.query_language.syntax import Node, is_bare_word
from search.results import Notice

SYNONYM_WEIGHT = 0.5
"""What a synonym scores, as a share of its own score."""

MAX_FILE_BYTES = 1_000_000
MAX_GROUPS = 10_000
MAX_NAMES = 50
"""How many names a group may have."""

MAX_WORDS = 8
"""How many words a name may have."""

MAX_ADDED = 64
"""How many synonyms a query is given in all; more are left out, and a notice says so."""

_COMMA = re.compile("[,，、]")
_SURROUNDING = " \t.;:!?()[]\"“”„«»'’"

Rarity = Callable[[str], float]
"""How much a stem tells: its inverse document frequency."""


@record(frozen=True, slots=True)
class Group:
    """A line of the file: which names find which."""

    names: tuple[str, ...]
    finds: tuple[str, ...]


class Synonyms:
    """The groups of a file, ready to be looked up in an index of some languages."""

    def __init__(self, groups: Sequence[Group], languages: Sequence[str]) -> None:
        """
        Args:
            groups: from `read_synonyms`.
            languages: ISO 639-1 codes, as for `search.lowering.whole_query.lower`.
        """
        self._analyzers = [analyzer(language) for language in dict.fromkeys(languages)] or [analyzer("")]
        self._known: dict[tuple[str, ...], list[str]] = {}
        for group in groups:
            for name in group.names:
                for key in {_stems(each, name) for each in self._analyzers}:
                    self._known.setdefault(key, []).extend(group.finds)
        self._longest = max(map(len, self._known), default=0)

    def add_to(self, tree: Node, rarity: Rarity) -> tuple[Node, tuple[Notice, ...]]:
        """The query with synonyms for its words, as `syntax.Alternatives`; and what there is to say about it."""
        adding = _Adding(self, rarity)
        tree = adding.node(tree)
        if not adding.left_out:
            return tree, ()
        return tree, (Notice(f"Only {MAX_ADDED} synonyms were added; there are {adding.left_out:,} more"),)

    def of(self, words: Sequence[syntax.Word]) -> list[str]:
        """The other names of these words in a row, in the order of the file."""
        text = " ".join(word.text for word in words)
        own = {_stems(each, text) for each in self._analyzers}
        found = [name for key in sorted(own) for name in self._known.get(key, ())]
        return [name for name in dict.fromkeys(found) if own.isdisjoint(_stems(each, name) for each in self._analyzers)]

    def most_words(self) -> int:
        """How many words in a row may have a synonym."""
        return self._longest

    def rarity(self, text: str, of_stem: Rarity) -> float:
        """How much words in a row tell, each in the language in which it is commonest."""
        each = [[of_stem(stem) for stem in _stems(analysis, text)] for analysis in self._analyzers]
        return min(map(sum, each))


class _Adding:
    """One query being given its synonyms."""

    def __init__(self, synonyms: Synonyms, rarity: Rarity) -> None:
        self._synonyms = synonyms
        self._rarity = rarity
        self._left = MAX_ADDED
        self.left_out = 0

    def node(self, node: Node) -> Node:
        match node:
            case syntax.Word():
                return next(self._row([node]))
            case syntax.Conjunction(children):
                found = tuple(self._row(children))
                return found[0] if len(found) == 1 else syntax.Conjunction(found)
            case syntax.Disjunction(children):
                return syntax.Disjunction(tuple(map(self.node, children)))
            case syntax.Boosted(child, weight):
                return syntax.Boosted(self.node(child), weight)
            case syntax.Preference(required, optional):
                return syntax.Preference(self.node(required), self.node(optional))
            case _:
                return node

    def _row(self, nodes: Sequence[Node]) -> Iterator[Node]:
        at = 0
        while at < len(nodes):
            row: list[syntax.Word] = []
            for node in nodes[at : at + self._synonyms.most_words()]:
                if not is_bare_word(node):
                    break
                row.append(node)
            while row and not (names := self._synonyms.of(row)):
                row.pop()
            if row:
                at += len(row)
                yield self._alternatives(row, names)
            else:
                node = nodes[at]
                at += 1
                yield node if isinstance(node, syntax.Word) else self.node(node)

    def _alternatives(self, row: list[syntax.Word], names: list[str]) -> Node:
        original = row[0] if len(row) == 1 else syntax.Conjunction(tuple(row))
        self.left_out += max(0, len(names) - self._left)
        names = names[: self._left]
        self._left -= len(names)
        if not names:
            return original
        told = self._synonyms.rarity(" ".join(word.text for word in row), self._rarity)
        rarities = [self._synonyms.rarity(name, self._rarity) for name in names]
        weights = tuple(SYNONYM_WEIGHT * (min(1.0, told / rarity) if rarity else 1.0) for rarity in rarities)
        return syntax.Alternatives((original, *map(_as_node, names)), weights)


def rarity_in(searcher: Searcher) -> Rarity:
    """How much a stem tells in an index: `bm25.idf` over the column that bare words ask."""
    documents = searcher.document_count

    def rarity(stem: str) -> float:
        return idf(documents, min(searcher.doc_freq("text", Form.STEM, stem), documents))

    return rarity


def load_synonyms(path: Path, languages: Sequence[str]) -> Synonyms:
    """The synonyms of a file, read again when it has changed. Raises what `read_synonyms` raises."""
    try:
        status = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    key = path, status.st_mtime_ns, status.st_size, tuple(languages)
    known = _loaded.get(key)
    if known is None:
        if len(_loaded) >= _MOST_LOADED:
            _loaded.clear()
        known = _loaded[key] = Synonyms(read_synonyms(path), languages)
    return known


_MOST_LOADED = 8
_loaded: dict[tuple[Path, int, int, tuple[str, ...]], Synonyms] = {}


def read_synonyms(path: Path) -> list[Group]:
    """The groups of a file.

    Raises:
        UsageError: naming the file and the line, if it cannot be read, breaks a bound or means nothing.
    """
    try:
        data = read_small_file(path, MAX_FILE_BYTES)
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(data) > MAX_FILE_BYTES:
        raise UsageError(f"a file of synonyms has at most {MAX_FILE_BYTES:,} bytes", where=str(path))
    groups: list[Group] = []
    for number, line in enumerate(data.splitlines(), start=1):
        where = f"{path}, line {number}"
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        except UnicodeDecodeError:
            raise UsageError("this is not UTF-8", where=where, remedy="Save the file as UTF-8") from None
        if not text or text.startswith("#"):
            continue
        if len(groups) == MAX_GROUPS:
            raise UsageError(f"a file of synonyms has at most {MAX_GROUPS:,} groups", where=where)
        groups.append(_group(text, where))
    return groups


def _unreadable(path: Path, error: OSError) -> UsageError:
    return UsageError(f"the file of synonyms cannot be read: {error.strerror or error}", where=str(path))


def _group(text: str, where: str) -> Group:
    left, arrow, right = text.partition("=>")
    if not arrow:
        names = _names(left, where)
        if len(names) < 2:
            raise UsageError(
                "a group has two names or more, with commas between them", where=where, remedy="Or write: name => other"
            )
        return Group(names, names)
    if "=>" in right:
        raise UsageError("there are two arrows (=>) in one line", where=where, remedy="Write a line for each")
    return Group(_names(left, where), _names(right, where))


def _names(text: str, where: str) -> tuple[str, ...]:
    names = tuple(" ".join(name.split()).strip(_SURROUNDING) for name in _COMMA.split(text))
    if len(names) > MAX_NAMES:
        raise UsageError(f"a group has at most {MAX_NAMES} names, not {len(names)}", where=where)
    for name in names:
        words = len(_stems(analyzer(""), name))
        if not words:
            raise UsageError(f"“{name}” holds no word" if name else "a name is missing", where=where)
        if words > MAX_WORDS:
            raise UsageError(f"a name has at most {MAX_WORDS} words, not {words}", where=where)
    return names


def _stems(analysis: Analyzer, text: str) -> tuple[str, ...]:
    return tuple(token.stem for token in analysis.tokens(text, query=True))


def _as_node(name: str) -> Node:
    if " " in name:
        return syntax.Quoted(name)
    return syntax.Word(name.lower() if name in syntax.OPERATORS else name)
