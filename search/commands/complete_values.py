"""What a shell offers for the values of options and arguments when the tab key is pressed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from index.errors import BylineError


def complete_sorts(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """What hits can be sorted by."""
    from search.paging import ORDERS

    return _beginning(incomplete, [f"{name}{direction}" for name in ORDERS for direction in ("", ":asc", ":desc")])


def complete_forms(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """What results can be printed as."""
    from search.commands.output import FORMS

    return _beginning(incomplete, FORMS)


def complete_facets(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The facets there are; the last of several with commas between."""
    from index.settings import read_settings
    from search.exploring.facets import FACETS

    before, comma, last = incomplete.rpartition(",")
    try:
        declared = tuple(read_settings(_index(ctx)).index.facets)
    except BylineError:
        declared = ()
    return [f"{before}{comma}{name}" for name in _beginning(last, (*FACETS, *declared))]


def complete_searches(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The names of saved searches."""
    from search.exploring.saved import search_names

    try:
        return _beginning(incomplete, search_names(_index(ctx)))
    except BylineError:
        return []


def complete_topics(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """What there is help about."""
    group = ctx.parent.command if ctx.parent else None
    commands = group.list_commands(ctx) if isinstance(group, click.Group) else []
    return _beginning(incomplete, ["query", *commands])


def _index(ctx: click.Context) -> Path:
    from index.home import find_index

    return find_index(ctx.params.get("index_dir"), create=False)


def _beginning(incomplete: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
