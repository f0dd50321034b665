"""One clause of the syntax tree to the query algebra: analysis, default fields, and bounds.

What asks for more than an engine can be asked is cut to what it can, and a notice says so.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from index import query as algebra
from index.analysis.tokens import Analyzer, Token, analyzer, fold, is_unsegmented
from index.engines.bounds import MAX_NEAR_TOKENS, MAX_PATTERNS, MAX_PHRASE_TOKENS, MAX_SPREADS, most_slop
from index.engines.nearness import near_ways
from index.engines.patterns import MAX_PATTERN_CHARACTERS
from index.query import Group, Query
from index.schema import SCHEMA, Form, Kind
from search.lowering.language_names import language_code, nearest_language
from search.query_language import syntax, values
from search.query_language.field_names import had
from search.query_language.syntax import Node
from search.results import Notice, Span

WRITTEN_FIELDS = ("title", "author", "body")
"""Where phrases, prefixes, wildcards and the like look when no field is named."""

NEAR_FIELDS = ("title", "body")
"""Where NEAR looks when no field is named."""

_SHOWN = 40  # characters of what is too long
_SHARE = 3  # engines are asked for a query, without it, and beside it
_UNACCENTED = frozenset(["", "en", "id"])  # languages whose stems do not depend on accents


class Lowering:
    """Lowers the clauses of one query.

    Attributes:
        notices: what was changed to stay within bounds.
        analyzers: one for each language of the index, the first for words as written.
        has_accents: whether some of them stem by accents.
    """

    def __init__(self, languages: Sequence[str]) -> None:
        self.notices: list[Notice] = []
        self.has_accents = not _UNACCENTED.issuperset(languages)
        self.analyzers = [analyzer(language) for language in dict.fromkeys(languages)] or [analyzer("")]
        self._patterns_left = MAX_PATTERNS // _SHARE
        self._spreads_left = MAX_SPREADS // _SHARE

    def node(self, node: Node) -> Query:
        """The query for a node; for one that is left out, one that matches nothing."""
        return self.clause(node) or algebra.Nothing()

    def clause(self, node: Node) -> Query | None:
        """The query for a node, or None for one that is left out, since the query asks for too much."""
        if not syntax.is_bare_word(node) and (value := values.lowered(node)) is not None:
            return value
        match node:
            case syntax.Word():
                return self._word(node.text, node.field, node.exact, node.span)
            case syntax.Quoted(text, name, slop):
                return (self._any_form if node.any_form else self._quoted)(text, name, slop, node.span)
            case syntax.Pattern(text, name):
                return self._pattern(text, name, node.span)
            case syntax.Similar(text, name, distance, prefix_length):
                return self._similar(text, name, distance, prefix_length, node.span)
            case syntax.Expression(text, name):
                return self._patterned(lambda field, form: algebra.Regex(field, text, form), name, node.span)
            case syntax.Days(first, last):
                if first is not None and last is not None and first > last:
                    return algebra.Nothing()
                lower = first.toordinal() if first else None
                return algebra.Range("date", lower, last.toordinal() if last else None, Form.RAW)
            case syntax.Between():
                return self._between(node)
            case syntax.All():
                return algebra.Everything()
            case syntax.Empty() | syntax.Whole():
                return algebra.Nothing()
            case syntax.Conjunction(children):
                return _joined(algebra.And, [self.clause(child) for child in children])
            case syntax.Alternatives((first, *others), weights):
                weighted = [algebra.Boost(self.node(each), w) for each, w in zip(others, weights, strict=True)]
                return algebra.Or((self.node(first), *weighted))
            case syntax.Disjunction(children):
                return _joined(algebra.Or, [self.clause(child) for child in children])
            case syntax.Nearby():
                return self._nearby(node)
            case syntax.Negation(child):
                inner = self.clause(child)
                return inner and algebra.Not(inner)
            case syntax.Preference(required, optional):
                needed, preferred = self.clause(required), self.clause(optional)
                return algebra.AndMaybe(needed, preferred) if needed and preferred else needed
            case syntax.Boosted(child, weight):
                inner = self.clause(child)
                return inner and algebra.Boost(inner, weight)

    def _word(self, text: str, name: str | None, exact: bool, span: Span) -> Query:
        if value := self._keyword(text, name, span):
            return value
        field = name or "text"
        if exact or Form.STEM not in SCHEMA.by_name[field].indexed_forms():
            return self._quoted(text, name, 0, span)
        asked = [_stems(self._tokens(each, text, span), field) for each in self.analyzers]
        if len(asked) > 1:
            asked = list(dict.fromkeys(asked))
        if self.has_accents and isinstance(asked[0], algebra.Term):
            # Stemmers go by accents, which people leave out; as written, accents are folded on both sides.
            asked.append(algebra.Boost(self._quoted(text, name, 0, span), 0.0))
        found = any_of(asked)
        if name is None and "://" in text:  # an address: rather the article's own than one it mentions
            return algebra.Or((found, self._quoted(text, "url", 0, span)))
        return found

    def _keyword(self, text: str, name: str | None, span: Span) -> Query | None:
        """A value of a field that holds nothing but names; None for other fields."""
        if name == "has":
            return algebra.Term("has", had(text), Form.RAW)
        if name != "lang":
            return None
        code = language_code(text)
        if code is None:
            near = nearest_language(text)
            meant = f"; did you mean {near}?" if near else "; languages are written lang:de or lang:german"
            self._notice(f"“{text}” is no language that is known here{meant}", span)
        return algebra.Term("lang", code or text.casefold(), Form.RAW)

    def _quoted(self, text: str, name: str | None, slop: int, span: Span) -> Query:
        if value := self._keyword(text, name, span):
            return value
        words = tuple(token.word for token in self._tokens(self.analyzers[0], text, span))
        if not words:
            return algebra.Nothing()
        if len(words) == 1 and _is_single_character(words[0]):
            return any_of([algebra.Prefix(field, words[0], form) for field, form in _written(name)])
        if len(words) == 1:
            return any_of([algebra.Term(field, words[0], form) for field, form in _written(name)])
        slop = self._slop(text, len(words), slop, len(_written(name)), span)
        return any_of([algebra.Phrase(field, words, slop, form) for field, form in _written(name)])

    def _any_form(self, text: str, name: str | None, slop: int, span: Span) -> Query:
        """A phrase of the stems of its words, in every language."""
        if len(self.analyzers[0].tokens(text, query=True)) < 2 or self._keyword(text, name, span):
            return self._word(text, name, False, span)
        asked: list[tuple[str, tuple[str, ...], Form]] = []
        for each in self.analyzers:
            tokens = self._tokens(each, text, span)
            for field, form in _stemmed(name):
                asked.append((field, tuple(t.stem if form is Form.STEM else t.word for t in tokens), form))
        asked = list(dict.fromkeys(asked))
        slop = self._slop(text, len(asked[0][1]), slop, len(asked), span)
        found: list[Query] = [algebra.Phrase(field, tokens, slop, form) for field, tokens, form in asked]
        if self.has_accents:
            found.append(algebra.Boost(self._quoted(text, name, slop, span), 0.0))
        return any_of(found)

    def _tokens(self, analysis: Analyzer, text: str, span: Span) -> list[Token]:
        """The tokens of a word or phrase, no more than a phrase may have."""
        tokens = analysis.tokens(text, query=True)
        if len(tokens) <= MAX_PHRASE_TOKENS:
            return tokens
        self._notice(f"“{text[:_SHOWN]}…” is too long; only the first {MAX_PHRASE_TOKENS} words of it were read", span)
        return tokens[:MAX_PHRASE_TOKENS]

    def _slop(self, text: str, words: int, asked: int, phrases: int, span: Span) -> int:
        """The slop that a phrase can have, looked for in so many fields and languages."""

        def spreads(slop: int) -> int:
            return phrases * math.comb(words - 1 + slop, slop) if slop else 0

        slop = min(asked, most_slop(words))
        while spreads(slop) > self._spreads_left:
            slop -= 1
        self._spreads_left -= spreads(slop)
        if slop < asked:
            self._notice(f"Words of “{text}” may stand at most {slop} apart in all; read as ~{slop}", span)
        return slop

    def _pattern(self, text: str, name: str | None, span: Span) -> Query | None:
        if name == "source":
            from search.lowering.paths import path_expression

            expression = path_expression(text)
            return self._patterned(lambda f, _: algebra.Regex(f, expression, Form.RAW), name, span, expression)
        if name in ("url", "lang", "has"):
            pattern = re.sub(r"\*+", "*", text.casefold())
            return self._patterned(lambda field, _: algebra.Wildcard(field, pattern, Form.RAW), name, span, pattern)
        from search.lowering.wildcards import word_patterns  # only where there are wildcards

        parts = [self._one_pattern(part, name, span) for part in word_patterns(text)]
        return _joined(algebra.And, parts) if parts else all_of([])

    def _one_pattern(self, pattern: str, name: str | None, span: Span) -> Query | None:
        from search.lowering.wildcards import has_wildcard

        if not has_wildcard(pattern):
            return self._word(pattern, name, exact=True, span=span)
        if pattern.endswith("*") and not has_wildcard(pattern[:-1]):
            return any_of([algebra.Prefix(field, pattern[:-1], form) for field, form in _written(name)])
        return self._patterned(lambda field, form: algebra.Wildcard(field, pattern, form), name, span, pattern)

    def _similar(self, text: str, name: str | None, distance: int, prefix_length: int, span: Span) -> Query | None:
        words = [token.word for token in self.analyzers[0].tokens(text, query=True)]
        if not words:
            return algebra.Nothing()

        def fuzzy(word: str) -> Query | None:
            return self._patterned(
                lambda field, form: algebra.Fuzzy(field, word, distance, prefix_length, form), name, span
            )

        return _joined(algebra.And, [fuzzy(word) for word in words])

    def _between(self, node: syntax.Between) -> Query | None:
        bounds = [self._bound(text, node) for text in (node.lower, node.upper)]
        above, below = node.above, node.below
        if bounds[0] is not None and bounds[1] is not None and bounds[0] > bounds[1]:
            bounds.reverse()
            above, below = below, above
        lower, upper = bounds
        return self._patterned(
            lambda field, form: algebra.Range(field, lower, upper, form, above, below), node.field, node.span
        )

    def _bound(self, text: str | None, node: syntax.Between) -> str | None:
        """The word that a bound of a range is, as words are kept."""
        if text is None:
            return None
        if node.field in ("lang", "has"):
            return text.casefold()
        words = [token.word for token in self.analyzers[0].tokens(text, query=True)]
        if len(words) > 1:
            self._notice(f"A range lies between single words; “{text}” was read as {words[0]}", node.span)
        return words[0] if words else fold(text)

    def _patterned(
        self, make: Callable[[str, Form], Query], name: str | None, span: Span, pattern: str = ""
    ) -> Query | None:
        """What meets many words, in each field; None when it is too long or the query has too much of that already."""
        fields = _written(name)
        if len(pattern) > MAX_PATTERN_CHARACTERS:
            self._notice(f"Left out: a wildcard of more than {MAX_PATTERN_CHARACTERS} characters", span)
            return None
        if len(fields) > self._patterns_left:
            most = MAX_PATTERNS // _SHARE
            self._notice(
                "Left out: the query has too many wildcards, fuzzy words, regular expressions or ranges of words "
                f"(at most {most} in one field each, or {most // len(WRITTEN_FIELDS)} in no field)",
                span,
            )
            return None
        self._patterns_left -= len(fields)
        return any_of([make(field, form) for field, form in fields])

    def _nearby(self, node: syntax.Nearby) -> Query | None:
        groups = [list(_words(child)) for child in node.children]
        leaves = [leaf for group in groups for leaf in group]
        name, span = leaves[0].field, (leaves[0].span[0], leaves[-1].span[1])
        exact = any(_is_exact_phrase(leaf) or (isinstance(leaf, syntax.Word) and leaf.exact) for leaf in leaves)
        inflected = [leaf.text for leaf in leaves if isinstance(leaf, syntax.Word) and not leaf.exact]
        fields = NEAR_FIELDS if name in (None, "text") else (name or "",)
        if exact and inflected and any(Form.STEM in SCHEMA.by_name[field].indexed_forms() for field in fields):
            listed = ", ".join(f"“{text}”" for text in dict.fromkeys(inflected))
            marks = [
                *(["take the = away"] if any(isinstance(leaf, syntax.Word) and leaf.exact for leaf in leaves) else []),
                *(["put ~ before each quotation mark that opens"] if any(map(_is_exact_phrase, leaves)) else []),
            ]
            self._notice(
                f"Near words as written, {listed} was taken as written, too; for any form, {' and '.join(marks)}", span
            )
        asked: list[algebra.Near] = []
        for each in self.analyzers[:1] if exact else self.analyzers:
            for field in fields:
                has_stems = not exact and Form.STEM in SCHEMA.by_name[field].indexed_forms()
                form = Form.STEM if has_stems else Form.WORD
                first, second = (_group(group, each, form) for group in groups)
                asked.append(algebra.Near(field, (first, second), node.apart, form))
        if self.has_accents and not exact:
            first, second = (_group(group, self.analyzers[0], Form.WORD) for group in groups)
            asked += [algebra.Near(field, (first, second), node.apart, Form.WORD) for field in fields]
        asked = list(dict.fromkeys(asked))
        apart = self._apart(asked, node.apart)
        tokens = [tokens for near in asked for group in near.groups for tokens in group]
        if (
            apart is None
            or not all(1 <= len(each) <= MAX_NEAR_TOKENS for each in tokens)
            or any(len(each) == 1 and _is_single_character(each[0].partition(".")[0]) for each in tokens)
        ):
            self._notice(f"“{syntax.canonical(node)}” asks for too much to be near; read as AND", span)
            return _joined(algebra.And, [self.clause(child) for child in node.children])
        if apart < node.apart:
            self._notice(f"Too many words to be so near; read as NEAR/{apart}", span)
        return any_of([replace(near, apart=apart) for near in asked])

    def _apart(self, asked: Sequence[algebra.Near], apart: int) -> int | None:
        """How far apart what is near may be; None if it cannot be asked for at all."""
        while (ways := sum(near_ways(*near.groups, apart) for near in asked)) > self._spreads_left:
            if not apart:
                return None
            apart -= 1
        self._spreads_left -= ways
        return apart

    def _notice(self, message: str, span: Span) -> None:
        self.notices.append(Notice(message, span if span != syntax.NOWHERE else None))


def _words(node: Node) -> Iterator[syntax.Word | syntax.Quoted]:
    """The words and phrases of a group of what is near."""
    match node:
        case syntax.Word() | syntax.Quoted():
            yield node
        case syntax.Disjunction(children):
            for child in children:
                yield from _words(child)
        case _:
            raise AssertionError(f"nothing can be near {node}")


def _is_exact_phrase(node: Node) -> bool:
    return isinstance(node, syntax.Quoted) and not node.any_form


def _group(leaves: Sequence[syntax.Word | syntax.Quoted], analysis: Analyzer, form: Form) -> Group:
    found = [
        tuple(token.stem if form is Form.STEM else token.word for token in analysis.tokens(leaf.text, query=True))
        for leaf in leaves
    ]
    return tuple(dict.fromkeys(tokens for tokens in found if tokens)) or ((),)


def _stems(tokens: Sequence[Token], field: str) -> Query:
    """A word's stem in one language: a phrase when it analyses to several, pairs when it is unsegmented text."""
    if not tokens:
        return algebra.Nothing()
    if len(tokens) == 1 and not is_unsegmented(tokens[0].word):  # most words
        return _in_a_row(field, [tokens[0].stem])
    if len(tokens) == 1 and _is_single_character(tokens[0].word):
        return any_of([algebra.Prefix(name, tokens[0].word, form) for name, form in _written(field)])
    if not any(is_unsegmented(token.word) for token in tokens):
        return _in_a_row(field, [token.stem for token in tokens])
    found: list[Query] = []
    for unsegmented, group in itertools.groupby(tokens, lambda token: is_unsegmented(token.word)):
        run = list(group)
        if unsegmented:  # each pair of characters by itself; the last character of a run belongs to a pair already
            pairs = [run[0], *(now for before, now in itertools.pairwise(run) if now.end > before.end)]
            found += [algebra.Term(field, token.stem, Form.STEM) for token in pairs]
        else:
            found.append(_in_a_row(field, [token.stem for token in run]))
    return all_of(found)


def _in_a_row(field: str, stems: Sequence[str]) -> Query:
    if len(stems) == 1:
        return algebra.Term(field, stems[0], Form.STEM)
    return algebra.Phrase(field, tuple(stems), 0, Form.STEM)


def _is_single_character(word: str) -> bool:
    """Whether it is one character of an unsegmented script, which only pairs that begin with it can find."""
    return len(word) == 1 and is_unsegmented(word)


def _written(name: str | None) -> list[tuple[str, Form]]:
    """The fields, and the form of each, in which words as written are kept."""
    fields = WRITTEN_FIELDS if name in (None, "text") else (name or "",)
    return [(field, Form.RAW if SCHEMA.by_name[field].kind is Kind.KEYWORD else Form.WORD) for field in fields]


def _stemmed(name: str | None) -> list[tuple[str, Form]]:
    """The fields, and the form of each, in which words in any form are looked for at their places."""
    return [
        (field, Form.STEM if Form.STEM in SCHEMA.by_name[field].indexed_forms() else form)
        for field, form in _written(name)
    ]


def any_of(queries: Sequence[Query]) -> Query:
    """Any of these: the query itself where there is one, nothing where there is none."""
    if len(queries) == 1:
        return queries[0]
    return algebra.Or(tuple(queries)) if queries else algebra.Nothing()


def all_of(queries: Sequence[Query]) -> Query:
    """All of these: the query itself where there is one, nothing where there is none."""
    if len(queries) == 1:
        return queries[0]
    return algebra.And(tuple(queries)) if queries else algebra.Nothing()


def _joined(kind: type[algebra.And] | type[algebra.Or], queries: Sequence[Query | None]) -> Query | None:
    """All or any of what was not left out; None if all was."""
    kept = [query for query in queries if query is not None]
    return None if not kept else kept[0] if len(kept) == 1 else kind(tuple(kept))
