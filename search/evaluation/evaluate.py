"""How good the ranking is: queries and relevance judgements in, the field's measures out.

The measures are trec_eval's own, through pytrec_eval (Van Gysel and de Rijke, SIGIR 2018): nDCG with the grades as
gains (Järvelin and Kekäläinen 2002), means over all queries for which something relevant was judged. Two
configurations are compared query by query with Student's paired t-test, which agrees with the randomisation test on
such data (Smucker, Allan and Carterette, CIKM 2007) and gives an interval besides.
"""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import QueryError, UsageError
from index.home import find_index
from index.storage.store import Store
from search.evaluation.judged import find_judged
from search.evaluation.judgements import Judgements
from search.evaluation.options import check_options

MEASURES = {"nDCG@10": "ndcg_cut_10", "MRR": "recip_rank", "recall@100": "recall_100", "MAP": "map"}
"""The measures, and what trec_eval calls them."""

DEPTH = 1000
"""How many hits of each query are looked at, as in TREC. It bounds MRR and MAP."""

CONFIDENCE = 0.95
_EQUAL = 1e-12  # differences smaller than this are none
_LISTED = 1000  # missing documents named in JSON


@dataclass(frozen=True, slots=True)
class QueryResult:
    """What one query reached.

    Attributes:
        id, text: of the query.
        measures: from 0 to 1, by name.
        total: how many documents matched.
        partial: whether they match only some of the words, since none matches all.
        error: why the query could not be run, which counts as finding nothing; "" if it could.
    """

    id: str
    text: str
    measures: Mapping[str, float]
    total: int
    partial: bool
    error: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON types."""
        return {
            "id": self.id,
            "text": self.text,
            "measures": dict(self.measures),
            "total": self.total,
            "partial": self.partial,
            "error": self.error,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What an index reached with some search options.

    Attributes:
        index: the index's folder.
        engine: its engine.
        documents: how many it holds.
        options: the search options.
        depth: how many hits of each query were looked at.
        queries: those for which something relevant was judged, in the order given.
        without_relevant: queries left out, since nothing relevant was judged for them.
        without_query: judged queries left out, since their text was not given.
        judged: how many documents were judged for these queries.
        missing: those of them that the index lacks. They count as relevant all the same, so they cost recall.
        shared: judged names that several documents of the index have.
        seconds: how long the searches took.
    """

    index: str
    engine: str
    documents: int
    options: Mapping[str, Any]
    depth: int
    queries: tuple[QueryResult, ...]
    without_relevant: int
    without_query: int
    judged: int
    missing: tuple[str, ...]
    shared: tuple[str, ...]
    seconds: float

    @property
    def measures(self) -> dict[str, float]:
        """The mean of each measure over the queries."""
        return {name: statistics.fmean(query.measures[name] for query in self.queries) for name in MEASURES}

    def to_dict(self, *, per_query: bool = False) -> dict[str, Any]:
        """The evaluation as JSON types; missing documents are named up to a thousand."""
        values: dict[str, Any] = {
            "index": self.index,
            "engine": self.engine,
            "documents": self.documents,
            "options": dict(self.options),
            "depth": self.depth,
            "measures": self.measures,
            "queries": len(self.queries),
            "partial": sum(query.partial for query in self.queries),
            "failed": sum(bool(query.error) for query in self.queries),
            "without_relevant": self.without_relevant,
            "without_query": self.without_query,
            "judged": self.judged,
            "missing": len(self.missing),
            "missing_documents": list(self.missing[:_LISTED]),
            "shared_names": list(self.shared[:_LISTED]),
            "seconds": self.seconds,
        }
        return values | ({"per_query": [query.to_dict() for query in self.queries]} if per_query else {})


@dataclass(frozen=True, slots=True)
class Difference:
    """How a measure differs between two configurations, second minus first.

    Attributes:
        mean: over the queries.
        low, high: the 95 % confidence interval of the mean; None for a single query.
        p: how likely a difference as large or larger is when there is none in truth; None for a single query.
        better, worse: on how many queries the second is above and below the first.
    """

    mean: float
    low: float | None
    high: float | None
    p: float | None
    better: int
    worse: int

    def to_dict(self) -> dict[str, Any]:
        """The difference as JSON types."""
        return {
            "mean": self.mean,
            "interval": None if self.low is None else [self.low, self.high],
            "p": self.p,
            "better": self.better,
            "worse": self.worse,
        }


def evaluate(
    queries: Mapping[str, str],
    judgements: Judgements,
    *,
    index: str | Path | None = None,
    options: Mapping[str, Any] | None = None,
    depth: int = DEPTH,
    on_progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Run queries against an index and measure how well it ranks what was judged relevant.

    Args:
        queries: the text of each by its id; see `search.evaluation.judgements.read_queries`.
        judgements: see `search.evaluation.judgements.read_judgements`. Documents without a judgement count as not
            relevant.
        index: the index's folder, found as `search()` finds it.
        options: further arguments of `search()`.
        depth: how many hits to look at, 1 to 1,000.
        on_progress: is told how many queries have been run, and of how many.

    Raises:
        UsageError: pytrec_eval is not installed; no query has a relevant document; the index holds no judged document.
        BylineError: whatever else `search()` raises, but for queries beyond a bound, which find nothing.
    """
    from search.api import MAX_LIMIT, search

    require_library()
    options = dict(options or {})
    check_options(options)
    unfolded = {"collapse": False, **options}  # a judged document folded into another would count as not found
    if not 1 <= depth <= MAX_LIMIT:
        raise UsageError(f"depth is {depth:,}; it must lie between 1 and {MAX_LIMIT:,}")
    asked = {query: text for query, text in queries.items() if any(judgements.get(query, {}).values())}
    if not asked:
        raise UsageError(
            "no relevant document was judged for any of these queries",
            remedy="Do the judgements use the ids that the queries have?",
        )
    location = find_index(index, create=False)
    judged = {document for query in asked for document in judgements[query]}
    with Store.open(location) as store:
        documents = find_judged(store.searcher(), judged)
        held, engine = store.searcher().document_count, store.manifest.engine
    if not documents.names:
        raise UsageError(
            f"none of the {len(judged):,} judged documents is in this index",
            where=str(location),
            remedy="They are looked for by the id that their file gives them (_id or id), by Byline's id, by path and "
            "by address.",
        )
    started = time.perf_counter()
    run: dict[str, list[str]] = {}
    answers: dict[str, tuple[int, bool, str]] = {}
    for done, (query, text) in enumerate(asked.items(), start=1):
        try:
            results = search(text, index=location, limit=depth, snippets=0, **unfolded)
        except QueryError as error:
            run[query], answers[query] = [], (0, False, str(error))
        else:
            # A name that cannot be a judged one, for what was not judged.
            run[query] = [documents.names.get(hit.id, f"\t{hit.id}") for hit in results]
            answers[query] = results.total, not results.complete and results.total > 0, ""
        if on_progress:
            on_progress(done, len(asked))
    seconds = time.perf_counter() - started
    measured = measure(judgements, run)
    return Evaluation(
        index=str(location),
        engine=engine,
        documents=held,
        options=options,
        depth=depth,
        queries=tuple(QueryResult(query, text, measured[query], *answers[query]) for query, text in asked.items()),
        without_relevant=len(queries) - len(asked),
        without_query=len(judgements.keys() - queries.keys()),
        judged=len(judged),
        missing=documents.missing,
        shared=documents.shared,
        seconds=seconds,
    )


def measure(judgements: Judgements, run: Mapping[str, Iterable[str]]) -> dict[str, dict[str, float]]:
    """Every measure of every query of a run: for each query's id, the names of documents, the best first.

    A name that comes twice counts where it comes first.

    Raises:
        UsageError: pytrec_eval is not installed.
        KeyError: a query has no judgements.
    """
    # trec_eval orders by score and, where scores are equal, by name, so ranks are given as scores.
    scores = {
        query: {name: -float(rank) for rank, name in enumerate(dict.fromkeys(names))} for query, names in run.items()
    }
    evaluator = _library().RelevanceEvaluator({query: judgements[query] for query in run}, set(MEASURES.values()))
    measured = evaluator.evaluate(scores)
    return {query: {name: float(measured[query][theirs]) for name, theirs in MEASURES.items()} for query in run}


def compare(first: Evaluation, second: Evaluation) -> dict[str, Difference]:
    """How each measure differs between two evaluations of the same queries.

    Raises:
        UsageError: they are not of the same queries, or SciPy is not installed.
    """
    if [query.id for query in first.queries] != [query.id for query in second.queries]:
        raise UsageError("only evaluations of the same queries can be compared")
    return {
        name: difference(
            [query.measures[name] for query in first.queries], [query.measures[name] for query in second.queries]
        )
        for name in MEASURES
    }


def difference(first: Sequence[float], second: Sequence[float]) -> Difference:
    """The mean difference of paired values, second minus first, with Student's paired t-test."""
    differences = [after - before for before, after in zip(first, second, strict=True)]
    mean = statistics.fmean(differences)
    low: float | None = None
    high: float | None = None
    p: float | None = None
    if len(differences) > 1:
        low = high = mean
        p = 0.0 if abs(mean) > _EQUAL else 1.0  # what remains to say when all differences are equal
        if max(differences) - min(differences) > _EQUAL:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # differences that are almost equal
                test = _statistics().ttest_rel(second, first)
            interval = test.confidence_interval(CONFIDENCE)
            low, high, p = float(interval.low), float(interval.high), float(test.pvalue)
    better = sum(value > 0 for value in differences)
    return Difference(mean, low, high, p, better, sum(value < 0 for value in differences))


def require_library() -> None:
    """Raise UsageError, which says what to install, unless evaluation is possible."""
    _library()
    _statistics()


def _library() -> Any:
    try:
        import pytrec_eval
    except ImportError as error:
        raise _not_installed() from error
    return pytrec_eval


def _statistics() -> Any:
    try:
        import scipy.stats
    except ImportError as error:
        raise _not_installed() from error
    return scipy.stats


def _not_installed() -> UsageError:
    return UsageError(
        "evaluation needs pytrec-eval-terrier and scipy, and they are not both installed",
        remedy="Install them: pip install pytrec-eval-terrier scipy",
    )
