"""Near-duplicate stories as one hit: agency copies, updated versions and reprints behind the one that ranks first.

Going down the ranking, a match is folded into the first one above it that it is a near-duplicate of; if there is none,
it stays. Two articles are near-duplicates if their sketches share some hashes (see `index.analysis.shingles`), which
makes them candidates, and THRESHOLD of the shingles of the shorter one stand in the longer one, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field, replace

from index import query as algebra
from index.analysis.shingles import SHARED, SKETCH_SIZE, resemblance, stored_sketch
from index.analysis.tokens import analyzer
from index.document import Document
from index.engines.contract import Match, Searcher
from index.engines.deadline import check
from index.query import Query
from index.records import record
from index.schema import Form
from search.budget import Spend
from search.paging import BEST, Page, Position
from search.results import Similar
from search.run import Found

THRESHOLD = 0.6
"""How much of the shorter article must be in the longer one; measured in benchmarks/README.md."""

MOST_FOLDED = 200
"""How many near-duplicates are looked for beyond the page, for all hits of a page together."""

MAX_WALK = 1_000
"""How far down the ranking matches are folded; those further down are given one by one."""

MAX_GIVEN = BEST - 1
"""In an order by date, title or author: how many documents folded into hits the place of a next page names at most."""

_LEFT_OUT = "some near-duplicates, which may be hits of their own"
_SURE = SKETCH_SIZE - 1  # hashes in common that make a comparison of the texts needless


@record(slots=True)
class Group:
    """A hit, the tokens of its text's sketch, and the matches folded into it, in the order they were found."""

    leader: Match
    tokens: Sequence[str]
    members: list[Match] = field(default_factory=list)

    @property
    def sketch(self) -> frozenset[str]:
        """The sketch of its text."""
        return frozenset(self.tokens)

    @property
    def similar(self) -> tuple[Similar, ...]:
        """What is said of the members."""
        documents = [Document.from_stored(member.stored) for member in self.members]
        return tuple(Similar(each.id, each.title, each.source, each.date) for each in documents)


def fold(matches: Iterable[Match]) -> list[Group]:
    """The matches, each in the group of the first above it that it is a near-duplicate of; in order."""
    groups = _Groups()
    for match in matches:
        groups.add(match)
    return groups.groups


def collapsed(
    run: Callable[[Page], Found], page: Page, searcher: Searcher, matching: Query, spend: Spend
) -> tuple[Found, dict[str, tuple[Similar, ...]]]:
    """One page of a search with its near-duplicates folded, and for each hit of it those folded into it, by its id.

    Offsets and counts of pages are of hits, not of what is folded into them; totals go on counting all that matches.

    Args:
        run: gives a page of the search without folding.
        page: the page that is wanted.
        searcher: the index.
        matching: what the query demands.
        spend: gives the time for what may be left out: folding more than what one search found.
    """
    if not page.limit or page.offset > MAX_WALK:
        return run(page), {}
    wanted = page.offset + page.limit
    reach = wanted
    found = run(replace(page, offset=0, limit=reach) if page.offset else page)
    is_cut = False
    while True:
        matches = found.matches.page
        groups = fold(matches)
        if len(groups) > wanted:  # so far that the next page begins with a hit of its own
            reach = next(at for at, match in enumerate(matches) if match is groups[wanted].leader)
        elif len(groups) < wanted and len(matches) == reach < MAX_WALK + wanted:
            reach += 2 * (wanted - len(groups))
        else:
            break
        is_cut = True
        with spend(_LEFT_OUT):
            found = run(replace(page, offset=0, limit=reach))
            is_cut = False
        if is_cut:
            groups = groups[:wanted]
            break
    given = page.after.given if page.after else ()
    if found.matches.total > len(matches):
        with spend(_LEFT_OUT):
            _add_others(groups, groups[page.offset :], searcher, _all_found(found, matching), given)
    if not page.offset and not is_cut and not any(group.members for group in groups):
        return found, {}  # as most often
    shown = groups[page.offset :]
    complete = {match.id for match in matches[: found.complete_here]}
    passed = (page.after.count if page.after else page.offset) + len(shown)
    found = replace(
        found,
        matches=replace(found.matches, page=[group.leader for group in shown]),
        complete_here=sum(group.leader.id in complete for group in shown),
        next=_after(found.next, passed, groups, page) if found.next and not page.offset and not is_cut else None,
    )
    return found, {group.leader.id: group.similar for group in shown if group.members}


def _after(position: Position, passed: int, groups: Sequence[Group], page: Page) -> Position:
    """Where the next page begins, for which what is folded here has been given, too."""
    given = dict.fromkeys(position.given)
    given |= dict.fromkeys(member.id for group in groups for member in group.members)
    most = MAX_GIVEN if page.order.column else len(given)  # where scores order, those given must all be named
    return replace(position, count=passed, given=tuple(given)[-most:] if most else ())


def _all_found(found: Found, matching: Query) -> Query:
    return algebra.Or((matching, found.rest)) if found.rest is not None else matching


def _add_others(
    groups: Sequence[Group], shown: Sequence[Group], searcher: Searcher, matching: Query, given: Sequence[str]
) -> None:
    """Add the near-duplicates of what is shown among all documents that match, wherever these rank."""
    # Of two sketches that share SHARED hashes, each shares one that is not among its last SHARED - 1.
    some = list({token for group in shown for token in group.tokens[: 1 - SHARED]})
    counts = searcher.doc_freqs("shingle", Form.RAW, some)
    common = {token for token, count in zip(some, counts, strict=True) if count > 1}
    if not common:
        return  # which nearly always is all
    shown = [group for group in shown if not common.isdisjoint(group.tokens)]
    rest = list({token for group in shown for token in group.tokens[1 - SHARED :]})
    counts = searcher.doc_freqs("shingle", Form.RAW, rest)
    common |= {token for token, count in zip(rest, counts, strict=True) if count > 1}
    tokens = {token for group in shown if len(group.sketch & common) >= SHARED for token in group.sketch & common}
    if not tokens:
        return
    known = {match.id for group in groups for match in (group.leader, *group.members)}.union(given)
    terms = tuple(algebra.Boost(algebra.Term("shingle", token, Form.RAW), 0.0) for token in sorted(tokens))
    sharing = algebra.Or(terms, SHARED)
    among = algebra.And((sharing, algebra.Boost(matching, 0.0)))
    held = _Groups(groups)
    for match in searcher.search(among, limit=MOST_FOLDED + len(known)).page:
        if match.id not in known:
            held.join(match)


class _Groups:
    """Groups so far, and the hashes in their leaders' sketches."""

    def __init__(self, groups: Sequence[Group] = ()) -> None:
        self.groups: list[Group] = []
        self._hashes: set[str] = set()
        self._words: dict[str, str] = {}
        for group in groups:
            self._keep(group)

    def add(self, match: Match) -> None:
        """Put a match into its group, or into one of its own."""
        tokens = stored_sketch(match.stored)
        if not self._join(match, tokens):
            self._keep(Group(match, tokens))

    def join(self, match: Match) -> bool:
        """Put a match into the first group of whose leader it is a near-duplicate; False if there is none."""
        return self._join(match, stored_sketch(match.stored))

    def _join(self, match: Match, tokens: Sequence[str]) -> bool:
        if len(self._hashes.intersection(tokens)) < SHARED:
            return False  # as nearly always
        for group in self.groups:
            shared = len(group.sketch.intersection(tokens))
            if shared >= SHARED and self._are_near(group.leader, match, shared):
                group.members.append(match)
                return True
        return False

    def _keep(self, group: Group) -> None:
        self._hashes.update(group.tokens)
        self.groups.append(group)

    def _are_near(self, one: Match, other: Match, shared: int) -> bool:
        check()
        return shared >= _SURE or resemblance(self._text(one), self._text(other)) >= THRESHOLD

    def _text(self, match: Match) -> str:
        if match.id not in self._words:
            document = Document.from_stored(match.stored)
            self._words[match.id] = analyzer(document.language).words(document.body)
        return self._words[match.id]
