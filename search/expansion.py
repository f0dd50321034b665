"""Expansion: words that are typical of the best articles rank the others, and find more of them.

Pseudo-relevance feedback: what a query finds first is taken to be relevant, and the query moves towards it. This is
Rocchio's method ("Relevance feedback in information retrieval", 1971) with BM25's document vectors, and with the best
documents weighted by how well they match, as in relevance models (Lavrenko and Croft, SIGIR 2001; RM3: Abdul-Jaleel
et al., TREC 2004). With the FEEDBACK_DOCUMENTS best documents d of scores s(d), a stem t is worth

    worth(t) = idf(t) * sum over d of  s(d)**SHARPNESS * tf(t, d) * (K1 + 1) / (tf(t, d) + K1 * (1 - B + B * |d| / avg))
                        divided by  sum over d of  s(d)**SHARPNESS

where tf counts a title TITLE_WEIGHT times, |d| is the number of tokens counted so and avg its mean over these
documents. The MOST_WORDS stems worth most join the query, those of its own words among them, each as a term on `text`
with the weight

    WEIGHT * (number of words in the query) * worth(t) / (sum of worth over the chosen stems)

so that all of them together count as much as the words asked for. Function words, words that wrap a question, numbers
and single characters are no candidates, nor is a stem that only one document has, which could find no other, or that
more than COMMON of all documents have.

Documents that have all the words asked for still come first. For a query of bare words, those with some of them and
those with MIN_RELATED or more of the related words follow, together, by score. A query with operators, quotation marks
or patterns is taken to the letter: related words then only rank what it finds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index import query as algebra
from index.analysis import SNOWBALL, analyzer
from index.document import Document
from index.engines.bm25 import K1, B, idf
from index.engines.contract import Match, Matches, Searcher
from index.query import Query
from index.schema import Form
from index.settings import TITLE_WEIGHT
from search import syntax
from search.highlight import Highlighter
from search.importance import importance
from search.language import Parsed
from search.lower import Lowered, is_filter, partial
from search.results import Notice
from search.run import Found, run

FEEDBACK_DOCUMENTS = 10
"""How many of the best documents are looked at."""

FEEDBACK_CHARACTERS = 10_000
"""How much of each body, and of each title, is looked at: from its beginning."""

SHARPNESS = 3
"""How much more a better document says than a worse one: the power of its score."""

MOST_WORDS = 40
"""How many stems join the query at most."""

WEIGHT = 1.0
"""What the stems that join the query count together, as a share of what its own words do."""

COMMON = 0.2
"""A stem is no candidate if a larger share of all documents has it, and more than FEEDBACK_DOCUMENTS of them."""

MIN_RELATED = 3
"""With how many related words a document is found that has none of the words asked for."""

_CANDIDATES = 300  # stems whose document frequency is asked for
_NAMED = 12  # words that the notice names


@dataclass(frozen=True, slots=True)
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
    limit: int,
    offset: int,
    *,
    is_question: bool,
    adds: bool,
    analysed: Callable[[Document], Document],
) -> Found:
    """One page of what a query finds with related words.

    Args:
        searcher, lowered, languages, limit, offset, is_question: as for `search.run.run`.
        adds: whether related words may find further documents; see `may_add`.
        analysed: gives a stored document as its words were analysed.
    """
    first = run(searcher, lowered, languages, FEEDBACK_DOCUMENTS, 0, is_question=is_question)
    tells = any(importance(clause.text, languages) for clause in lowered.clauses if not clause.is_filter)
    words = related(searcher, lowered, first.matches.page, analysed) if lowered.ranks and tells else []
    if not any(word.is_new for word in words):
        return run(searcher, lowered, languages, limit, offset, is_question=is_question)
    terms = tuple(algebra.Boost(algebra.Term("text", word.stem, Form.STEM), word.weight) for word in words)
    new = tuple(term for term, word in zip(terms, words, strict=True) if word.is_new)
    rest = first.rest and algebra.AndMaybe(first.rest, algebra.Or(terms))
    if adds:
        some = partial(lowered, lambda text: importance(text, languages))
        rest = _some_or_related(lowered, some, terms, new, has_complete=first.complete > 0)
    query = algebra.AndMaybe(lowered.query, algebra.Or(terms))
    complete = searcher.search(query, limit=limit, offset=offset)
    others = Matches(0, [])
    if rest is not None:
        left = max(limit - len(complete.page), 0)
        others = searcher.search(rest, limit=left, offset=max(offset - complete.total, 0))
    clauses = [clause for clause in lowered.clauses if not clause.is_filter]
    return replace(
        first,
        matches=Matches(complete.total + others.total, [*complete.page, *others.page]),
        wanted=algebra.Or(tuple(clause.query for clause in clauses)) if others.total else first.wanted,
        query=query,
        rest=rest,
        words=tuple("" if clause.is_fixed else clause.text for clause in clauses) if others.total else (),
        related=algebra.Or(new) if adds else None,
        notices=(*first.notices, _notice([word.word for word in words if word.is_new], adds=adds)),
    )


def related(
    searcher: Searcher, lowered: Lowered, best: Sequence[Match], analysed: Callable[[Document], Document]
) -> list[Related]:
    """The stems worth most in the best documents of a query, in falling order of their weight."""
    documents = [_Words(analysed(Document.from_stored(match.stored))) for match in best]
    scores = [max(match.score, 0.0) for match in best]
    highest = max(scores, default=0.0)
    if not highest:
        return []
    shares = [(score / highest) ** SHARPNESS for score in scores]
    average = sum(document.length for document in documents) / len(documents)
    counted: defaultdict[str, float] = defaultdict(float)
    for document, share in zip(documents, shares, strict=True):
        norm = K1 * (1 - B + B * document.length / average) if average else K1
        for stem, count in document.counts.items():
            counted[stem] += share / sum(shares) * count * (K1 + 1) / (count + norm)
    worth = {}
    total = searcher.document_count
    for stem in sorted(counted, key=lambda stem: (-counted[stem], stem))[:_CANDIDATES]:
        holding = searcher.doc_freq("text", Form.STEM, stem)
        if 1 < holding <= max(FEEDBACK_DOCUMENTS, COMMON * total):
            # Rounded, so that engines which compute scores to the last digit differently choose alike.
            worth[stem] = round(counted[stem] * idf(total, holding), 5)
    chosen = sorted((stem for stem in worth if worth[stem] > 0), key=lambda stem: (-worth[stem], stem))[:MOST_WORDS]
    among = frozenset(chosen)
    leaves = Highlighter(lowered.matching).leaves
    asked = {token for leaf in leaves for token in _tokens(leaf)}
    unit = WEIGHT * _length(lowered, leaves) / (sum(worth[stem] for stem in chosen) or 1.0)
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for document in documents:
        for (stem, form), count in document.written.items():
            if stem in among:
                forms[stem][form] += count
    found = []
    for stem in chosen:
        word = min(forms[stem], key=lambda form: (-forms[stem][form], form))
        is_new = stem not in asked and word.casefold() not in asked
        found.append(Related(stem, word, round(unit * worth[stem], 5), is_new))
    return found


class _Words:
    """What a document says, as far as it is looked at.

    Attributes:
        counts: how often it has each stem that may join a query.
        written: how often it has each of their written forms, by stem and form.
        length: how many tokens it has in all.
    """

    def __init__(self, document: Document) -> None:
        self.counts: Counter[str] = Counter()
        self.written: Counter[tuple[str, str]] = Counter()
        self.length = 0
        analysis = analyzer(document.language)
        for text, weight in ((document.title, TITLE_WEIGHT), (document.body, 1)):
            for chunk, times in Counter(_chunks(text)).items():
                for word, stem, start, end in analysis.chunk_tokens(chunk):
                    self.length += weight * times
                    if _tells(word, document.language):
                        self.counts[stem] += weight * times
                        self.written[stem, chunk[start:end]] += weight * times


def _chunks(text: str) -> list[str]:
    chunks = text[:FEEDBACK_CHARACTERS].split()
    return chunks[:-1] if len(text) > FEEDBACK_CHARACTERS and len(chunks) > 1 else chunks  # the last may be cut


@lru_cache(maxsize=1 << 16)
def _tells(word: str, language: str) -> bool:
    """Whether a word may say what a document is about."""
    return len(word) > 1 and not any(map(str.isdigit, word)) and importance(word, (language,)) == 1.0


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
