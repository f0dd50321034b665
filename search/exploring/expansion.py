"""Expansion: words that are typical of the best articles rank the others, and find more of them.

Pseudo-relevance feedback: what a query finds first is taken to be relevant, and the query moves towards it. This is
Rocchio's method ("Relevance feedback in information retrieval", 1971) with BM25's document vectors, and with the best
documents weighted by how well they match, as in relevance models (Lavrenko and Croft, SIGIR 2001; RM3: Abdul-Jaleel
et al., TREC 2004). With the FEEDBACK_DOCUMENTS best documents d of scores s(d), a stem t is worth

    worth(t)  as in `search.exploring.typical`, with shares  s(d)**SHARPNESS / (sum over d of  s(d)**SHARPNESS)

The MOST_WORDS stems worth most join the query, those of its own words among them, each as a term on `text` with the
weight

    WEIGHT * (number of words in the query) * worth(t) / (sum of worth over the chosen stems)

so that all of them together count as much as the words asked for.

Documents that have all the words asked for still come first. For a query of bare words, those with some of them and
those with MIN_RELATED or more of the related words follow, together, by score. A query with operators, quotation marks
or patterns is taken to the letter: related words then only rank what it finds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from index import query as algebra
from index.analysis.tokens import SNOWBALL
from index.document import Document
from index.engines.contract import Match, Matches, Searcher
from index.query import Query
from index.records import record
from index.schema import Form
from search.exploring.typical import typical
from search.highlighting.highlight import Highlighter
from search.lowering.whole_query import Lowered, is_filter, partial, words_apart
from search.paging import Filling, Page
from search.query_language import syntax
from search.query_language.importance import importance
from search.query_language.parser import Parsed
from search.results import Notice
from search.run import Found, run

FEEDBACK_DOCUMENTS = 10
"""How many of the best documents are looked at."""

SHARPNESS = 3
"""How much more a better document says than a worse one: the power of its score."""

MOST_WORDS = 40
"""How many stems join the query at most."""

WEIGHT = 1.0
"""What the stems that join the query count together, as a share of what its own words do."""

MIN_RELATED = 3
"""With how many related words a document is found that has none of the words asked for."""

_NAMED = 12  # words that the notice names


@record(frozen=True, slots=True)
class Related:
    """A stem that joins the query.

    Attributes:
        stem: as the index holds it.
        word: the form in which the best documents mostly write it.
        weight: of its BM25 score.
        is_new: whether the query does not ask for it already.
    """

    stem: str
    word: str
    weight: float
    is_new: bool


def may_add(parsed: Parsed) -> bool:
    """Whether related words may find further documents: the query is of bare words, with filters at most."""
    tree = parsed.tree
    parts = tree.children if isinstance(tree, syntax.Conjunction) else (tree,)
    others = [part for part in parts if not _is_bare(part)]
    return not parsed.has_operators and len(others) < len(parts) and all(map(_accompanies, others))


def run_expanded(
    searcher: Searcher,
    lowered: Lowered,
    languages: Sequence[str],
    page: Page,
    *,
    is_question: bool,
    adds: bool,
    analysed: Callable[[Document], Document],
) -> Found:
    """One page of what a query finds with related words.

    Args:
        searcher, lowered, languages, page, is_question: as for `search.run.run`.
        adds: whether related words may find further documents; see `may_add`.
        analysed: gives a stored document as its words were analysed.
    """
    first = run(searcher, lowered, languages, Page(FEEDBACK_DOCUMENTS), is_question=is_question)
    tells = any(importance(clause.text, languages) for clause in lowered.clauses if not clause.is_filter)
    words = related(searcher, lowered, first.matches.page, analysed) if lowered.ranks and tells else []
    if not any(word.is_new for word in words):
        return run(searcher, lowered, languages, page, is_question=is_question)
    terms = tuple(algebra.Boost(algebra.Term("text", word.stem, Form.STEM), word.weight) for word in words)
    new = tuple(term for term, word in zip(terms, words, strict=True) if word.is_new)
    rest = first.rest and algebra.AndMaybe(first.rest, algebra.Or(terms))
    if adds:
        some = partial(lowered, lambda text: importance(text, languages))
        rest = _some_or_related(lowered, some, terms, new, has_complete=first.complete > 0)
    query = algebra.AndMaybe(lowered.query, algebra.Or(terms))
    filling = Filling(searcher, page, ranks=lowered.ranks)
    complete = filling.take(query)
    others = filling.take(rest) if rest is not None else 0
    clauses = [clause for clause in lowered.clauses if not clause.is_filter]
    return replace(
        first,
        matches=Matches(complete + others, filling.matches),
        complete_here=filling.complete,
        next=filling.next,
        wanted=algebra.Or(tuple(clause.query for clause in clauses)) if others else first.wanted,
        query=query,
        rest=rest,
        words=tuple("" if clause.is_fixed else clause.text for clause in clauses) if others else (),
        related=algebra.Or((*new, *words_apart(lowered))) if adds else None,
        related_words=tuple((word.stem, word.word, word.weight) for word in words),
        notices=(*first.notices, _notice([word.word for word in words if word.is_new], adds=adds)),
    )


def related(
    searcher: Searcher, lowered: Lowered, best: Sequence[Match], analysed: Callable[[Document], Document]
) -> list[Related]:
    """The stems worth most in the best documents of a query, in falling order of their weight."""
    scores = [max(match.score, 0.0) for match in best]
    highest = max(scores, default=0.0)
    if not highest:
        return []
    shares = [(score / highest) ** SHARPNESS for score in scores]
    documents = [analysed(Document.from_stored(match.stored)) for match in best]
    chosen = typical(searcher, documents, [share / sum(shares) for share in shares], MOST_WORDS)
    leaves = Highlighter(lowered.matching).leaves
    asked = {token for leaf in leaves for token in _tokens(leaf)}
    unit = WEIGHT * _length(lowered, leaves) / (sum(each.worth for each in chosen) or 1.0)
    return [
        Related(stem, word, round(unit * worth, 5), stem not in asked and word.casefold() not in asked)
        for stem, word, worth in chosen
    ]


def _some_or_related(
    lowered: Lowered, some: Query | None, terms: tuple[Query, ...], new: tuple[Query, ...], *, has_complete: bool
) -> Query:
    """Documents that lack words asked for, but have some of them, or several related ones."""
    fixed = [algebra.Boost(clause.query, 0.0) for clause in lowered.clauses if clause.is_fixed]
    found: Query = algebra.And((algebra.Or(new, min(MIN_RELATED, len(new))), *fixed))
    if some is not None:
        found = algebra.And((found, algebra.Not(some)))
        found = algebra.Or((algebra.AndMaybe(some, algebra.Or(terms)), found))
    if some is None or has_complete:
        found = algebra.And((found, algebra.Not(lowered.matching)))
    return found


def _tokens(leaf: object) -> tuple[str, ...]:
    match leaf:
        case algebra.Term(_, token):
            return (token,)
        case algebra.Phrase(_, tokens):
            return tokens
        case _:
            return ()


def _length(lowered: Lowered, leaves: Iterable[object]) -> int:
    """How many words a query has: those of one language, where it asks for stems of several."""
    stems = {
        token
        for leaf in leaves
        if isinstance(leaf, algebra.Term | algebra.Phrase) and leaf.form is Form.STEM
        for token in _tokens(leaf)
    }
    languages = Counter(language if language in SNOWBALL else "" for language in (s.rpartition(".")[2] for s in stems))
    without = languages.pop("", 0)
    length = without + max(languages.values(), default=0)
    return length or sum(not clause.is_filter for clause in lowered.clauses)


def _is_bare(node: syntax.Node) -> bool:
    return isinstance(node, syntax.Word) and node.field is None and not node.exact


def _accompanies(node: syntax.Node) -> bool:
    match node:
        case syntax.Word(_, name) | syntax.Quoted(_, name) | syntax.Pattern(_, name) if name is not None:
            return True
        case _:
            return is_filter(node)


def _notice(words: list[str], *, adds: bool) -> Notice:
    listed = ", ".join(f"“{word}”" for word in words[:_NAMED])
    more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
    if adds:
        return Notice(f"Related words, from the best articles: {listed}{more}; articles with several of them follow")
    return Notice(
        f"Ranked by related words, too, from the best articles: {listed}{more}; none was added to what is found, "
        "since the query is taken to the letter"
    )
