"""How a search is tuned: by its arguments, else by `byline.toml`, else not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.document import Document
from index.engines.contract import Searcher
from index.errors import UsageError
from index.records import record
from index.settings import SETTINGS_NAME, Settings
from index.storage.manifest import Manifest
from search.lowering.ranking import EXACT_WEIGHT, PAIR_WEIGHT, Weights
from search.query_language.syntax import Node
from search.results import Notice

if TYPE_CHECKING:
    from search.lowering.recency import Recency

NONE = ("", "none", "off")
"""What switches off, for one search, what `byline.toml` sets."""


@record(frozen=True, slots=True)
class Tuning:
    """What a search goes by besides the query.

    Attributes:
        weights: of what only ranks.
        languages: whose stems to ask for; [""] where the index holds words as written alone.
        stems: whether the index holds stems.
        recency: the half-life, if newer articles come first.
        synonyms: the file of synonyms, if there is one.
        expand: whether related words are looked for unless the search says otherwise.
        notices: what a person should know about the settings.
    """

    weights: Weights
    languages: list[str]
    stems: bool
    recency: Recency | None
    synonyms: Path | None
    expand: bool
    notices: tuple[Notice, ...]

    def searcher(self, searcher: Searcher) -> Searcher:
        """The searcher, with recency in its scores if that is asked for."""
        if self.recency is None:
            return searcher
        from search.lowering.recency import RecentFirst

        return RecentFirst(searcher, self.recency)

    def analysed(self, document: Document) -> Document:
        """The document as its words were analysed: without its language if that was left out of account."""
        return document if self.stems else replace(document, language="")

    def with_synonyms(self, tree: Node, searcher: Searcher) -> tuple[Node, tuple[Notice, ...]]:
        """The query with the synonyms of its words, and what there is to say about them.

        Raises:
            UsageError: the file of synonyms cannot be read or means nothing.
        """
        if self.synonyms is None:
            return tree, ()
        from search.lowering.synonyms import load_synonyms, rarity_in

        return load_synonyms(self.synonyms, self.languages).add_to(tree, rarity_in(searcher))


def tuning(
    settings: Settings, manifest: Manifest, *, recency: str | None = None, synonyms: str | Path | None = None
) -> Tuning:
    """What a search goes by.

    Args:
        settings: of the index.
        manifest: of the index.
        recency: a half-life such as "30d"; None for that of the settings, "none" for none.
        synonyms: a file; None for that of the settings, "none" for none.

    Raises:
        UsageError: the half-life is none, or the settings name a file of synonyms elsewhere.
    """
    ours = settings.search
    wanted = ours.recency if recency is None else recency.strip().casefold()
    half_life = None
    if wanted not in NONE:
        from search.lowering.recency import parse_recency

        half_life = parse_recency(wanted)
    file = settings.synonyms if synonyms is None else None
    if file:
        _check_inside(file, settings)
    if synonyms is not None:
        file = None if str(synonyms) in NONE else Path(synonyms).expanduser()
    change = settings.index.changes_since(manifest.settings)
    return Tuning(
        weights=Weights(
            exact=EXACT_WEIGHT if ours.exact_weight is None else ours.exact_weight,
            pair=PAIR_WEIGHT if ours.pair_weight is None else ours.pair_weight,
        ),
        languages=list(manifest.languages) if manifest.settings.stems else [""],
        stems=manifest.settings.stems,
        recency=half_life,
        synonyms=file,
        expand=ours.expand,
        notices=(Notice(f"{SETTINGS_NAME} changed: {change}; to apply it, run: byline index"),) if change else (),
    )


def _check_inside(synonyms: Path, settings: Settings) -> None:
    """Raise UsageError if settings, which may be a stranger's, would have a file opened that lies elsewhere."""
    from index.storage.confines import may_open  # only where there are synonyms

    if not may_open(synonyms, settings.path.parent):
        raise UsageError(
            f"its file of synonyms lies outside of this folder: {settings.search.synonyms}",
            where=str(settings.path),
            remedy="Put the file into the folder, or name it on the command line: --synonyms FILE",
        )
