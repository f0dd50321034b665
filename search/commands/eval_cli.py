"""The command `eval`: how good the ranking is, on queries with relevance judgements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.console import (
    FOUND,
    HELP_NAMES,
    columns,
    echo_json,
    index_option,
    json_option,
    printable,
    progress_line,
    short_path,
)

if TYPE_CHECKING:
    from search.evaluation.evaluate import Difference, Evaluation

_NAMED = 5  # missing documents, failed queries and the like
_MAIN = "nDCG@10"


@click.command("eval", context_settings=HELP_NAMES, short_help="Measure the ranking on judged queries.")
@click.argument("queries", metavar="QUERIES", type=click.Path(path_type=Path))
@click.argument("judgements", metavar="QRELS", type=click.Path(path_type=Path))
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="A search option. May come several times.")
@click.option(
    "--with",
    "other_settings",
    metavar="NAME=VALUE",
    multiple=True,
    help="Compare with the same search under this further option. May come several times.",
)
@click.option(
    "--against", metavar="DIR", type=click.Path(path_type=Path), help="Compare with the same search of another index."
)
@click.option("--per-query", is_flag=True, help="Show every query.")
@click.option(
    "--depth", metavar="N", type=int, default=1000, show_default=True, help="How many hits of a query to look at."
)
@json_option
@index_option
def eval_command(
    queries: Path,
    judgements: Path,
    settings: tuple[str, ...],
    other_settings: tuple[str, ...],
    against: Path | None,
    per_query: bool,
    depth: int,
    as_json: bool,
    index_dir: Path | None,
) -> int:
    """Run the queries in QUERIES and measure how well the documents judged relevant in QRELS are ranked.

    QUERIES holds JSON lines with _id and text, or lines of an id, a tab and the text. QRELS holds TREC's four columns
    (query, iteration, document, grade) or BEIR's three under a header. Documents are named by the id that their file
    gives them (_id or id), by Byline's id, by path, or by address.

    Shown are nDCG@10, MRR, recall@100 and MAP as trec_eval computes them. Of two configurations, the difference of
    each is shown with its 95 % interval and the p-value of a paired t-test over the queries.

    \b
    Examples:
      byline eval queries.jsonl qrels.tsv
      byline eval queries.tsv qrels.txt --per-query
      byline eval queries.jsonl qrels.tsv --with expand=true
      byline eval queries.jsonl qrels.tsv --against other/.byline --json

    Needs: pip install pytrec-eval-terrier scipy. Exit code: 0 done, 2 trouble.
    """
    from search.evaluation.evaluate import compare, evaluate, require_library
    from search.evaluation.judgements import read_judgements, read_queries
    from search.evaluation.options import read_options

    require_library()
    options = read_options(settings)
    other_options = options | read_options(other_settings)
    asked, judged = read_queries(queries), read_judgements(judgements)
    with progress_line() as line:

        def show(phase: str) -> Callable[[int, int], None]:
            return lambda done, total: line.show(phase, done, total) if line else None

        first = evaluate(
            asked, judged, index=index_dir, options=options, depth=depth, on_progress=show("running queries")
        )
        second = None
        if against or other_settings:
            second = evaluate(
                asked,
                judged,
                index=against or index_dir,
                options=other_options,
                depth=depth,
                on_progress=show("running queries once more"),
            )
    if second is None:
        if as_json:
            echo_json(first.to_dict(per_query=per_query))
        else:
            _echo(_evaluation_lines(first, per_query=per_query))
        return FOUND
    differences = compare(first, second)
    if as_json:
        echo_json(
            {
                "first": first.to_dict(per_query=per_query),
                "second": second.to_dict(per_query=per_query),
                "differences": {name: difference.to_dict() for name, difference in differences.items()},
            }
        )
    else:
        _echo(_comparison_lines(first, second, differences, per_query=per_query))
    return FOUND


def _echo(lines: Iterable[str]) -> None:
    click.echo("\n".join(lines))


def _evaluation_lines(evaluation: Evaluation, *, per_query: bool) -> Iterator[str]:
    yield f"{_count(len(evaluation.queries), 'query', 'queries')}: {_configuration(evaluation)}"
    yield from _notes(evaluation)
    yield ""
    yield from _table([[name, f"{value:.4f}"] for name, value in evaluation.measures.items()])
    if per_query:
        yield ""
        head = ["query", *evaluation.measures, "text"]
        yield from _table(
            [head]
            + [
                [_short(query.id), *(f"{value:.4f}" for value in query.measures.values()), query.text]
                for query in evaluation.queries
            ],
            last_is_text=True,
        )


def _comparison_lines(
    first: Evaluation, second: Evaluation, differences: dict[str, Difference], *, per_query: bool
) -> Iterator[str]:
    yield _count(len(first.queries), "query", "queries")
    for name, evaluation in (("first", first), ("second", second)):
        yield f"{name}: {_configuration(evaluation)}"
        yield from _notes(evaluation)
    yield ""
    rows = [["", "first", "second", "difference", "95% interval", "p", "better", "worse"]]
    before, after = first.measures, second.measures
    for name, difference in differences.items():
        one = difference.p is None
        rows.append(
            [
                name,
                f"{before[name]:.4f}",
                f"{after[name]:.4f}",
                f"{difference.mean:+.4f}",
                "–" if one else f"{difference.low:+.4f} to {difference.high:+.4f}",
                "–" if difference.p is None else "<.0001" if difference.p < 0.0001 else f"{difference.p:.4f}",
                str(difference.better),
                str(difference.worse),
            ]
        )
    yield from _table(rows)
    if per_query:
        yield ""
        rows = [["query", f"{_MAIN} first", "second", "difference", "text"]]
        for one_query, other in zip(first.queries, second.queries, strict=True):
            values = one_query.measures[_MAIN], other.measures[_MAIN]
            rows.append(
                [
                    _short(one_query.id),
                    *(f"{value:.4f}" for value in values),
                    f"{values[1] - values[0]:+.4f}" if values[0] != values[1] else "0",
                    one_query.text,
                ]
            )
        yield from _table(rows, last_is_text=True)


def _configuration(evaluation: Evaluation) -> str:
    parts = [
        short_path(Path(evaluation.index)),
        _count(evaluation.documents, "document", "documents"),
        f"engine {evaluation.engine}",
        *(f"{name}={value}" for name, value in evaluation.options.items()),
        f"depth {evaluation.depth:,}",
        f"{evaluation.seconds:.1f} s",
    ]
    return printable(", ".join(parts))


def _notes(evaluation: Evaluation) -> Iterator[str]:
    """What limits how the numbers can be read."""
    if missing := evaluation.missing:
        are = "is" if len(missing) == 1 else "are"
        yield (
            f"  {len(missing):,} of {_count(evaluation.judged, 'judged document', 'judged documents')} {are} not in "
            f"the index and cannot be found: {_list(missing)}"
        )
    if shared := evaluation.shared:
        yield f"  {_count(len(shared), 'judged id', 'judged ids')} named by several documents: {_list(shared)}"
    if number := evaluation.without_relevant:
        yield f"  {_count(number, 'query', 'queries')} left out: no document was judged relevant"
    if number := evaluation.without_query:
        yield f"  {_count(number, 'judged query', 'judged queries')} left out: no text was given"
    if failed := [query for query in evaluation.queries if query.error]:
        yield f"  {_count(len(failed), 'query', 'queries')} could not be run and found nothing:"
        for query in failed[:_NAMED]:
            yield printable(f"    {_short(query.id)}: {query.error}")
    if partial := sum(query.partial for query in evaluation.queries):
        yield f"  {_count(partial, 'query', 'queries')} matched only by some of the words, since nothing has them all"


def _table(rows: Sequence[Sequence[str]], *, last_is_text: bool = False) -> Iterator[str]:
    """Rows as lines: the first column to the left, the others to the right; a last one of text is cut to fit."""
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        if last_is_text:
            room = max(20, columns() - sum(len(cell) + 2 for cell in cells[:-1]))
            cells[-1] = row[-1] if len(row[-1]) <= room else row[-1][: room - 1] + "…"
        yield "  ".join(cells).rstrip()


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"


def _list(names: Sequence[str]) -> str:
    return printable(", ".join(map(_short, names[:_NAMED])) + (", …" if len(names) > _NAMED else ""))


def _count(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
