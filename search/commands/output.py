"""The forms that results can be printed in: for people, for programs, for spreadsheets, by a template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import click

from index.console import columns, complain, draws_blocks, echo_json, is_clickable, show_pages, wants_color
from index.errors import UsageError
from index.records import record
from search.results import SearchResults

FORMS = ("text", "html", "markdown", "json", "jsonl", "csv", "trec")
"""What `--format` may name, besides a template."""

_QUERY_ID = re.compile(r"\S{1,100}")


@record(frozen=True, slots=True, kw_only=True)
class Output:
    """How results are to be printed.

    Attributes:
        form: one of `FORMS`, or a template.
        fields: the fields to give of each hit; none for all of them, or for what the form has by itself.
        color: auto, always or never.
        paged: whether a pager may be used on a terminal.
        lines: whether paths stand there with the line of the passage; None where they can be clicked.
        query_id: the query's name in a TREC run.
    """

    form: str = "text"
    fields: Sequence[str] = ()
    color: str = "auto"
    paged: bool = True
    lines: bool | None = None
    query_id: str = "1"

    def write(self, results: SearchResults, home: Path) -> None:
        """Print a page of hits on stdout; what there is to say about the query goes to stderr where it has no place.

        Args:
            results: what a search gave back.
            home: the folder that sources are relative to.
        """
        if self.form == "json" and not self.fields:
            echo_json(results.to_dict())
        elif self.form in ("json", "jsonl"):
            self._write_json(results, home)
        elif self.form == "html":
            from search.render import html

            click.echo(html.results(results, page=True), nl=False, color=True)
        elif self.form == "markdown":
            from search.render import markdown

            click.echo(markdown.results(results), nl=False, color=True)
        elif self.form == "text" and not self.fields:
            self._write_text(results, home)
        else:
            self._write_rows(results, home)

    def _write_text(self, results: SearchResults, home: Path) -> None:
        from search.render import terminal

        clickable = is_clickable(self.color)
        places = None
        if clickable if self.lines is None else self.lines:
            from functools import partial

            from search.render.links import place_of

            places = partial(place_of, home=home)
        text = terminal.results(
            results,
            width=columns(),
            color=wants_color(self.color),
            places=places,
            clickable=clickable,
            blocks=draws_blocks(),
        )
        show_pages(text, paged=self.paged)

    def _write_json(self, results: SearchResults, home: Path) -> None:
        if self.form == "jsonl":
            _say_notices(results)
        if not self.fields:
            for hit in results:
                echo_json(hit.to_dict(), indent=None)
            return
        from search.render.fields import HitFields

        fields = HitFields(home)
        hits = [fields.to_dict(hit, self.fields) for hit in results]
        if self.form == "json":
            echo_json({**results.to_dict(), "hits": hits})
        else:
            for hit_fields in hits:
                echo_json(hit_fields, indent=None)

    def _write_rows(self, results: SearchResults, home: Path) -> None:
        from search.render import table
        from search.render.fields import DEFAULT_FIELDS, HitFields

        fields = HitFields(home)
        if self.form == "csv":
            text = table.comma_separated(results, self.fields or DEFAULT_FIELDS, fields)
        elif self.form == "trec":
            text = table.trec_run(results, self.query_id)
        elif self.form == "text":
            text = table.tab_separated(results, self.fields, fields)
        else:
            from search.render.template import Template

            text = Template(self.form).results(results, fields)
        _say_notices(results)
        if results.facets or results.timeline:
            what = " and ".join([*["facets"][: len(results.facets)], *(["the timeline"] if results.timeline else [])])
            form = {"csv": "CSV", "trec": "a TREC run"}.get(self.form, "lines of fields")
            complain(f"{what} cannot be shown in {form}; --format text, html, markdown and json show them")
        click.echo(text, nl=False, color=True)


def output_of(
    form: str | None,
    *,
    as_json: bool = False,
    as_jsonl: bool = False,
    as_csv: bool = False,
    fields: str | None = None,
    color: str = "auto",
    paged: bool = True,
    lines: bool | None = None,
    query_id: str = "1",
) -> Output:
    """The output that a person's options ask for. Checked here, before anything is searched.

    Raises:
        UsageError: options that exclude each other, an unknown form or field, or a template that is none.
    """
    flags = {"json": as_json, "jsonl": as_jsonl, "csv": as_csv}
    named = [*([form] if form else []), *(name for name, wanted in flags.items() if wanted and name != form)]
    if len(named) > 1:
        raise UsageError(f"results cannot be printed as {' and as '.join(named)} at once", remedy="Choose one")
    chosen = named[0] if named else "text"
    if chosen not in FORMS:
        if "{" not in chosen:
            among = f"There are: {', '.join(FORMS)}, or a template such as '{{date}} {{title}}'"
            raise UsageError(f"there is no format “{chosen}”", remedy=among)
        from search.render.template import Template

        Template(chosen)
    names: Sequence[str] = ()
    if fields is not None:
        if chosen not in ("text", "json", "jsonl", "csv"):
            raise UsageError("--fields goes with text, JSON and CSV alone")
        from search.render.fields import read_fields

        names = read_fields(fields)
    if not _QUERY_ID.fullmatch(query_id):
        raise UsageError("the id of a query is one word of at most 100 characters")
    return Output(form=chosen, fields=names, color=color, paged=paged, lines=lines, query_id=query_id)


def _say_notices(results: SearchResults) -> None:
    for notice in results.notices:
        complain(notice.message)
