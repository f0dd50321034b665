"""When a query finds nothing, or little: which part of it is to blame, and what to ask instead.

The nearest readings are found by relaxing the query step by step, the least change first (see `search.advice.relax`),
each counted for real; misspelled words are corrected by `search.advice.spelling`.
"""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import math
import re
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from index import query as algebra
from index.engines.contract import Order, Searcher
from index.engines.deadline import check
from index.schema import Form
from search.advice.diagnosis import ClauseCount, Diagnosis, Reading
from search.advice.elsewhere import elsewhere
from search.advice.relax import WIDENED, WITHOUT, Respell, Variant, last_resort, leaves, parts, plain, variants
from search.lowering.whole_query import Lowered, lower, matching_query
from search.lowering.whole_query import partial as partial_query
from search.query_language import syntax
from search.query_language.parser import parse
from search.query_language.syntax import Node
from search.results import Notice, Span

if TYPE_CHECKING:
    from search.advice.spelling import Speller

MAX_CLAUSES = 32
"""How many clauses are counted one by one, and how many words a query may have for other readings to be looked for."""

MAX_NAMED = 12
"""How many clauses a notice speaks of one by one."""

MAX_READINGS = 3
MAX_TRIED = 48
"""How many readings of a query are counted at most."""

MAX_REACHED = 300
"""How many are thought of at most."""

_TRIED_BESIDE_OTHERS = 12  # where articles with some of the words are shown anyway
_MAX_STEPS = 3  # relaxations of one query one after the other
_YEAR = re.compile(r"(?:19|20)\d\d")


class Asked:
    """A query, and the index it was put to.

    Attributes:
        tree: the query, without the synonyms of a file.
        lowered: the same as the engine was asked, with them.
        languages, facets, filters: as for `search.lowering.whole_query.lower` and `search.query_language.parser.parse`.
        doubted: the headings of clauses for which something else was proposed already; made from their positions.
        spellers: for each field that was looked at, what knows the spelling of its words.
    """

    def __init__(
        self,
        searcher: Searcher,
        tree: Node,
        lowered: Lowered,
        languages: Sequence[str],
        facets: Collection[str] = (),
        filters: Node | None = None,
        doubted: Collection[Span] = (),
    ) -> None:
        self.searcher = searcher
        self.tree = plain(tree)
        self.lowered = lowered
        self.languages = languages
        self.facets = facets
        self.filters = filters
        self.doubted = {syntax.heading(part) for part in parts(self.tree) if _is_within(_span(part), doubted)}
        self.spellers: dict[str | None, Speller] = {}
        self._counts: dict[str, int] = {}
        self._reach: list[dt.date] | None = None

    @property
    def is_short(self) -> bool:
        """Whether it has few enough words for other readings to be looked for."""
        return sum(1 for _ in itertools.islice(leaves(self.tree), MAX_CLAUSES + 1)) <= MAX_CLAUSES

    def beyond(self, node: Node) -> str:
        """How far dates go, where the days of a clause lie in years before or after; "" where they do not."""
        if not isinstance(node, syntax.Days):
            return ""
        if self._reach is None:
            dated = algebra.Range("date", None, None, Form.RAW)
            keys = [
                match.key
                for order in (Order.OLDEST, Order.NEWEST)
                for match in self.searcher.search(dated, limit=1, order=order).page
            ]
            self._reach = [dt.date.fromordinal(key) for key in keys if isinstance(key, int)]
        if self._reach and node.first and node.first.year > self._reach[-1].year:
            return f"; the newest is of {self._reach[-1]}"
        if self._reach and node.last and node.last.year < self._reach[0].year:
            return f"; the oldest is of {self._reach[0]}"
        return ""

    def count(self, tree: Node) -> int:
        """How many articles match a query."""
        text = syntax.canonical(tree)
        known = self._counts.get(text)
        if known is None:
            known = self._counts[text] = self.total(matching_query(tree, self.languages, self.filters))
        return known

    def count_unfiltered(self) -> int:
        """How many articles match the query itself, whatever the filters beside it say."""
        return 0 if isinstance(self.tree, syntax.All) else self.total(matching_query(self.tree, self.languages))

    def total(self, query: algebra.Query) -> int:
        """How many articles match a lowered query."""
        return self.searcher.search(query, limit=0).total


def diagnose(asked: Asked, *, complete: int, partial: int) -> Diagnosis:
    """What emptied the results, and what would fill them.

    Args:
        asked: the query, which found little.
        complete: how many documents match all of it.
        partial: how many match only some of its words.
    """
    if asked.searcher.document_count == 0:
        return Diagnosis(notices=(Notice("The index holds no articles yet; add some with: byline index PATH"),))
    if isinstance(asked.tree, syntax.Empty) and asked.filters is None:
        return Diagnosis()  # as a notice says already
    notices: list[Notice] = []
    texts = [clause.text for clause in asked.lowered.clauses if not clause.is_fixed]
    if partial and not asked.doubted.issuperset(texts):
        wanted, of_them = f"all of {_listed(texts)}", "of them"
        if len(texts) == 1:  # what is written as one, but consists of several words
            wanted, of_them = f"{_listed(texts)} as a whole", "of its words"
        if complete:
            has = "One article has" if complete == 1 else f"{complete:,} articles have"
            notices.append(Notice(f"{has} {wanted}; those with most {of_them} follow"))
        else:
            notices.append(Notice(f"No article has {wanted}; these have some {of_them}"))
    if complete:
        readings = tuple(_respelled(asked, complete)) if asked.is_short else ()
        notices += map(_notice, readings)
        return Diagnosis(readings=readings, notices=tuple(notices))
    clauses = _clause_counts(asked)
    notices += _blame(asked, clauses, partial)
    if asked.filters is not None and not partial and (unfiltered := asked.count_unfiltered()):
        notices.append(Notice(f"Without the filters: {_articles(unfiltered)}"))
    most = _TRIED_BESIDE_OTHERS if partial else MAX_TRIED
    # Articles with some of the words are the nearest reading already, unless a word is in no article at all.
    is_answered = bool(partial) and all(each.count for each in clauses)
    readings = (
        tuple(itertools.islice(_readings(asked, most), MAX_READINGS)) if asked.is_short and not is_answered else ()
    )
    if asked.is_short and not any(reading.corrects for reading in readings):
        notices += _respelled_alone(asked)
    # Beside another spelling, or articles with some of the words, leaving out words is no advice.
    is_spelling = bool(partial) or any(reading.corrects for reading in readings)
    said = {notice.suggestion for notice in notices}
    readings_said = (reading for reading in readings if reading.query not in said)
    notices += [_notice(reading) for reading in readings_said if reading.corrects or not is_spelling]
    return Diagnosis(clauses, readings, tuple(notices))


def _clause_counts(asked: Asked) -> tuple[ClauseCount, ...]:
    clauses = asked.lowered.clauses
    if len(clauses) > MAX_CLAUSES:
        return ()
    spans = {syntax.heading(part): _span(part) for part in parts(asked.tree)}
    return tuple(ClauseCount(each.text, spans.get(each.text), asked.total(each.query)) for each in clauses)


def _blame(asked: Asked, counts: Sequence[ClauseCount], partial: int) -> Iterator[Notice]:
    """Which clauses match nothing, or that it is all of them together."""
    clauses = asked.lowered.clauses
    if len(clauses) > MAX_NAMED:
        if not partial:
            yield Notice(f"No article has all {len(clauses)} parts of this query; try fewer of them")
        return
    absent = [clause for clause, count in zip(clauses, counts, strict=True) if count.count == 0]
    missing = [clause for clause in absent if clause.text not in asked.doubted]
    moved = {clause.text: list(_moved(asked, clause.text)) for clause in missing if not clause.is_fixed}
    yield from itertools.chain.from_iterable(moved.values())
    words = [text for text, notices in moved.items() if not notices]
    if words and not (partial and len(moved) == len(clauses) == 1):  # which is said already
        hint = next(filter(None, map(_year_hint, words)), "")
        yield Notice(f"{_listed(words)} {'is' if len(words) == 1 else 'are'} in no article{hint}")
    if filters := [clause.text for clause in missing if clause.is_fixed]:
        blamed = (part for part in parts(asked.tree) if syntax.heading(part) in filters)
        hint = next(filter(None, map(asked.beyond, blamed)), "")
        yield Notice(f"{_listed(filters)} {'matches' if len(filters) == 1 else 'match'} no article{hint}")
    if not absent and len(counts) > 1 and not partial:
        each = ", ".join(f"{syntax.shortened(clause.text)} in {clause.count:,}" for clause in counts)
        yield Notice(f"Each part of the query is found ({each}), but no article has all of it")


def _year_hint(word: str) -> str:
    return f"; for articles of that year write date:{word}" if _YEAR.fullmatch(word) else ""


def _moved(asked: Asked, heading: str) -> Iterator[Notice]:
    """For each word of a clause that only another field has: that the text has it not, and the query that finds it."""
    clause = next((part for part in parts(asked.tree) if syntax.heading(part) == heading), None)
    for leaf in leaves(clause) if clause is not None and asked.is_short else ():
        found = next(elsewhere(asked, leaf), None)
        reading = _reading(asked, found.tree, asked.count(found.tree), (found,)) if found else None
        if found and reading:
            text = syntax.heading(leaf)
            where = f"{found.change.removeprefix(syntax.named(text))}: {_articles(reading.count)}{_year_hint(text)}"
            yield Notice(f"{syntax.named(text)} is in no title, author or text, but{where}", _span(leaf), reading.query)


def _readings(asked: Asked, most: int) -> Iterator[Reading]:
    """Queries that find something, the least change first and, of equal changes, those that find most first.

    A search by uniform cost: of all queries reached so far, the cheapest is counted; if nothing matches it, its own
    relaxations are reached, too.
    """
    from search.advice.corrections import respell

    spelled = respell(asked)
    absent = _absent(asked)
    is_beyond = any(map(asked.beyond, absent))  # the days where dates begin or end are said, and no wider ones proposed

    def otherwise(node: Node) -> list[Variant]:
        return [*spelled(node), *elsewhere(asked, node)]

    order = itertools.count()
    waiting: list[tuple[float, int, Node, tuple[Variant, ...]]] = [(0.0, next(order), asked.tree, ())]
    seen = {syntax.canonical(asked.tree)}
    ready: list[tuple[float, int, int, Reading]] = []
    found: list[Sequence[Variant]] = []
    yielded: list[int] = []

    def nearest(than: float) -> Iterator[Reading]:
        while ready and ready[0][0] < than:
            reading = heapq.heappop(ready)[-1]
            if reading.corrects or reading.count > max(yielded, default=0):  # what goes further must find more
                yielded.append(reading.count)
                yield reading

    while waiting:
        check()
        cost, number, tree, steps = heapq.heappop(waiting)
        yield from nearest(cost)
        if any(_goes_further(steps, other) for other in found):
            continue
        if steps and not any(part in absent for part in parts(tree)):
            most -= 1
            if most < 0:
                break
            if count := asked.count(tree):
                reading = _reading(asked, tree, count, steps)
                if reading is not None:
                    heapq.heappush(ready, (cost, -count, number, reading))
                    found.append(steps)
                continue
        if len(steps) < _MAX_STEPS and len(seen) < MAX_REACHED:
            for variant in variants(tree, otherwise):
                if is_beyond and variant.change.startswith(WIDENED):
                    continue
                text = syntax.canonical(variant.tree)
                if text not in seen and not _keeps_all(tree, variant.tree, absent) and _is_new(tree, variant, asked):
                    seen.add(text)
                    heapq.heappush(waiting, (cost + variant.cost, next(order), variant.tree, (*steps, variant)))
    yield from nearest(math.inf)
    if not yielded and (last := last_resort(asked.tree, lambda word: asked.count(word) > 0)):
        reading = _reading(asked, last.tree, asked.count(last.tree), (last,))
        if reading is not None:
            yield reading


def _goes_further(steps: Sequence[Variant], other: Sequence[Variant]) -> bool:
    """Whether these changes are more than others that were enough: the same and more, or more than new spelling."""
    if all(step.corrects for step in other):
        return any(step.corrects for step in steps) and not all(step.corrects for step in steps)
    return {step.change for step in steps} > {step.change for step in other}


def _absent(asked: Asked) -> tuple[Node, ...]:
    """The clauses that match nothing by themselves: no query that keeps one as it is finds anything."""
    return tuple(clause for clause in parts(asked.tree) if not asked.count(clause))


def _is_new(before: Node, variant: Variant, asked: Asked) -> bool:
    """Whether it changes clauses as they were asked; those changed already may only be spelled otherwise."""
    kept = parts(variant.tree)
    original = parts(asked.tree)
    return variant.corrects or all(part in kept or part in original for part in parts(before))


def _keeps_all(before: Node, after: Node, absent: Sequence[Node]) -> bool:
    """Whether there are clauses that match nothing, and a relaxation leaves all of them as they are."""
    kept = [part for part in parts(before) if part in absent]
    return bool(kept) and all(part in parts(after) for part in kept)


def _reading(asked: Asked, tree: Node, count: int, steps: Sequence[Variant]) -> Reading | None:
    """The reading as text that is read as this tree; None if there is none."""
    text = " ".join(map(syntax.canonical, parts(tree)))
    if parse(text, facets=asked.facets).tree != tree:
        text = syntax.canonical(tree)
        if parse(text, facets=asked.facets).tree != tree:
            return None
    changes = tuple(dict.fromkeys(step.change for step in steps))
    positions = [step.position for step in steps if step.position]
    return Reading(text, count, changes, all(step.corrects for step in steps), min(positions, default=None))


def _respelled(asked: Asked, complete: int) -> Iterator[Reading]:
    """What to ask instead where a word of the query looks like a rare misspelling of a common one."""
    from search.advice.corrections import COMMON, common_neighbours

    if asked.searcher.document_count < COMMON:
        return
    for variant in common_neighbours(asked, complete):
        reading = _reading(asked, variant.tree, asked.count(variant.tree), (variant,))
        if reading is not None:
            yield reading


def _respelled_alone(asked: Asked) -> Iterator[Notice]:
    """The query with its absent words spelled otherwise, though no article has all of them."""
    from search.advice.corrections import respell

    spelled = respell(asked)
    tree = asked.tree
    steps: list[Variant] = []
    counts: list[str] = []
    for leaf in leaves(asked.tree):
        if not syntax.is_bare_word(leaf) or asked.count(leaf) or leaf.text in asked.doubted:
            continue
        for best in spelled(leaf)[:1]:
            count = asked.count(best.tree)
            changed = [each for each in variants(tree, _only(leaf, best)) if each.corrects]
            if count and changed:
                tree = changed[0].tree
                steps.append(best)
                counts.append(
                    f"{_articles(count)} with {syntax.named(' '.join(map(syntax.heading, parts(best.tree))))}"
                )
    some = partial_query(lower(tree, asked.languages, filters=asked.filters), lambda _: 1.0) if steps else None
    reading = _reading(asked, tree, 0, steps) if some is not None and asked.total(some) else None
    if reading is not None:
        yield Notice(
            f"Did you mean {' and '.join(reading.changes)}? {', '.join(counts)}", reading.position, reading.query
        )


def _only(leaf: Node, best: Variant) -> Respell:
    """This respelling of one leaf, and none of others."""
    return lambda node: [best] if node is leaf else []


def _notice(reading: Reading) -> Notice:
    articles = _articles(reading.count)
    without = [change for change in reading.changes if change.startswith(WITHOUT)]
    others = [change for change in reading.changes if change not in without]
    if without:
        others.insert(0, WITHOUT + " and ".join(change.removeprefix(WITHOUT) for change in without))
    changes = "; ".join((others[0], *map(_uncapitalised, others[1:])))
    if reading.corrects:
        return Notice(f"Did you mean {_uncapitalised(changes)}? {articles}", reading.position, reading.query)
    return Notice(f"{changes}: {articles}", reading.position, reading.query)


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count:,} articles"


def _uncapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]


def _span(node: Node) -> Span | None:
    """Where a clause stands in the query: from its first leaf to its last."""
    if isinstance(node, syntax.Negation):
        return _span(node.child)
    spans = [leaf.span for leaf in leaves(node) if hasattr(leaf, "span") and leaf.span != syntax.NOWHERE]
    return (min(start for start, _ in spans), max(end for _, end in spans)) if spans else None


def _is_within(span: Span | None, others: Collection[Span]) -> bool:
    return span is not None and any(start <= span[0] < end for start, end in others)


def _listed(texts: list[str]) -> str:
    quoted = [syntax.named(text) for text in dict.fromkeys(texts)]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
