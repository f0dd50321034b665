"""Sorting, and going on from page to page while the index changes, on every engine."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import build
from index.engines import ENGINE_NAMES
from index.errors import UsageError
from search import SearchResults, search
from search.cursor import MAX_CURSOR_CHARACTERS, from_text, to_text
from search.paging import BEST, Position
from tests.build.articles import set_time

SORTS = ("score", "score:asc", "date", "date:asc", "title", "title:desc", "author", "author:desc")


def article(path: Path, title: str, author: str, date: str, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    head = "".join(f"{name}: {value}\n" for name, value in (("author", author), ("date", date)) if value)
    path.write_text(f"---\ntitle: {title}\n{head}---\n\n{body}\n", "utf-8")
    set_time(path)


@pytest.fixture(params=ENGINE_NAMES)
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    article(folder / "a.md", "“Ärger” in the Harbour", "Zoë Young", "2021-05-01", "Harbour harbour ships.")
    article(folder / "b.md", "zebra crossing", "ann Able", "2022-05-01", "A harbour with many ships and other words.")
    article(folder / "c.md", "Apple season", "", "2022-05-01", "The harbour sells apples.")
    article(folder / "d.md", "(apples) again", "Ann Able", "", "No harbour but apples, pears, plums and quinces.")
    build([folder], tmp_path / ".byline", engine=request.param)
    return tmp_path


def names(results: SearchResults) -> str:
    return "".join(Path(hit.source).stem for hit in results)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("date", "bcad"),
        ("date:desc", "bcad"),
        ("date:asc", "abcd"),
        ("title", "cdab"),
        (" Title:DESC ", "badc"),
        ("author", "bdac"),
        ("author:desc", "abdc"),
    ],
)
def test_hits_are_sorted_folded_and_what_is_missing_comes_last(sort: str, expected: str, home: Path) -> None:
    found = search("harbour", index=home, sort=sort)
    ties = {frozenset("bc"), frozenset("bd")}  # stand by their ids
    wanted = list(expected)
    for at, pair in enumerate(itertools.pairwise(expected)):
        if frozenset(pair) in ties and (frozenset(pair) == frozenset("bc")) == sort.startswith("date"):
            ids = {Path(hit.source).stem: hit.id for hit in found}
            wanted[at : at + 2] = sorted(pair, key=ids.__getitem__)
    assert names(found) == "".join(wanted)
    assert found.sort == sort
    assert all(hit.score > 0 for hit in found)


def test_scores_in_both_directions(home: Path) -> None:
    best = search("harbour", index=home)
    worst = search("harbour", index=home, sort="score:asc")
    assert [hit.score for hit in worst] == [hit.score for hit in best][::-1]
    assert best[0].score > best[3].score
    assert sorted(worst, key=lambda hit: (hit.score, hit.id)) == list(worst)


def test_articles_with_some_of_the_words_follow_in_the_same_order(home: Path) -> None:
    assert names(search("ships apples", index=home, sort="title")) == "cdab"  # none has both
    found = search("harbour ships of the zeppelin?", index=home, sort="date:asc")
    assert [str(hit.date) for hit in found][:2] == ["2021-05-01", "2022-05-01"]
    assert found.complete == 0
    some = search("what do apples and quinces of harbours do", index=home, sort="title")
    assert names(some) == "dc"
    assert (some.complete, some.total) == (1, 2)


@pytest.mark.parametrize("sort", ["", "size", "date:", "date:up", "-date", "title:asc:desc"])
def test_what_is_no_order_is_refused(sort: str, home: Path) -> None:
    with pytest.raises(UsageError, match="cannot be sorted"):
        search("harbour", index=home, sort=sort)


def pages(home: Path, query: str, step: Callable[[], None] = lambda: None, **options: object) -> list[SearchResults]:
    """All pages of a search; something may happen between them."""
    found = [search(query, index=home, snippets=0, **options)]  # type: ignore[arg-type]
    while found[-1].next:
        step()
        found.append(search(query, index=home, snippets=0, after=found[-1].next, **options))  # type: ignore[arg-type]
        assert len(found) < 100
    return found


def fill(home: Path, count: int, chance: random.Random, first: int = 0) -> None:
    for number in range(first, first + count):
        words = [f"w{number}{chance.choice('abcdefgh')}" for _ in range(40)]  # so that none resembles another
        words += ["ship"] * chance.randint(1, 9) + ["sail"] * chance.randint(1, 30)
        day = f"2020-01-{chance.randint(1, 9):02}" if chance.random() < 0.8 else ""
        author = chance.choice(["", "Ann", "Ben", "Cem"])
        article(home / "articles" / f"n{number:03}.md", f"{chance.choice('xyz')} log", author, day, " ".join(words))


@pytest.mark.parametrize("sort", SORTS)
def test_pages_that_follow_from_one_another_are_the_whole(sort: str, home: Path) -> None:
    fill(home, 30, random.Random(1))
    build([], home / ".byline")
    whole = search("ship sail", index=home, sort=sort, limit=1000, snippets=0)
    assert whole.total == 30
    assert whole.next == ""
    found = pages(home, "ship sail", sort=sort, limit=7)
    assert [hit for page in found for hit in page] == list(whole)
    assert [page.offset for page in found] == [0, 7, 14, 21, 28]
    assert {page.total for page in found} == {30}


@pytest.mark.parametrize(
    ("sort", "best"), [*((sort, BEST) for sort in SORTS), *(("score", n) for n in (1, 12)), ("score:asc", 12)]
)
def test_no_repeats_and_no_gaps_while_the_index_changes(
    sort: str, best: int, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Articles that stay come once each; scores change, since what the others hold does."""
    monkeypatch.setattr("search.paging.BEST", best)
    chance = random.Random(sort)
    fill(home, 24, chance)
    build([], home / ".byline")
    folder = home / "articles"
    staying = {path.stem for path in folder.glob("n*.md")}
    added = 24

    def step() -> None:
        nonlocal added
        for path in chance.sample(sorted(folder.glob("n*.md")), 2):
            path.unlink()
            staying.discard(path.stem)
        if added < 40:
            fill(home, 4, chance, added)
            added += 4
        build([], home / ".byline")

    found = pages(home, "ship sail", step, sort=sort, limit=5)
    given = [Path(hit.source).stem for page in found for hit in page]
    assert len(given) == len(set(given))
    assert len(staying) > 5
    assert staying <= set(given)
    ranks = [hit.rank for page in found for hit in page]
    assert ranks == list(range(1, len(ranks) + 1))


def test_what_moves_up_by_a_change_comes_next(home: Path) -> None:
    first = search("harbour", index=home, limit=1)
    article(home / "articles" / "new.md", "Harbour", "", "2024-01-01", "harbour")
    build([], home / ".byline")
    assert names(search("harbour", index=home, limit=1, after=first.next)) == "new"


def test_pages_go_on_among_articles_with_some_of_the_words(home: Path) -> None:
    for sort in ("score", "title", "date:asc"):
        whole = search("ships zeppelin apples", index=home, sort=sort)
        assert whole.complete == 0
        found = pages(home, "ships zeppelin apples", sort=sort, limit=1)
        assert [hit.id for page in found for hit in page] == [hit.id for hit in whole]
        assert all(hit.missing for page in found for hit in page)


@pytest.mark.parametrize("best", [1, 2, 3])
def test_after_the_best_the_rest_follows_by_date(best: int, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    article(home / "articles" / "e.md", "", "", "2023-05-01", f"A harbour {'and much else ' * 20}")
    build([], home / ".byline")
    monkeypatch.setattr("search.paging.BEST", best)
    by_score = names(search("harbour", index=home))
    by_date = names(search("harbour", index=home, sort="date"))
    assert by_date[0] == by_score[-1]
    found = "".join(names(page) for page in pages(home, "harbour", limit=1))
    assert found == by_score[:best] + "".join(name for name in by_date if name not in by_score[:best])


def test_recency_and_related_words_go_on_too(home: Path) -> None:
    for options in ({"recency": "1y"}, {"expand": True}):
        whole = search("harbour", index=home, **options)
        found = pages(home, "harbour", limit=1, **options)
        assert [hit.id for page in found for hit in page] == [hit.id for hit in whole]


def test_a_cursor_belongs_to_its_search(home: Path) -> None:
    cursor = search("harbour", index=home, limit=1, filters="lang:en").next
    assert len(search("  harbour ", index=home, limit=2, filters="lang:en ", after=cursor)) == 2
    others: list[tuple[str, dict[str, str]]] = [
        ("harbours", {"filters": "lang:en"}),
        ("harbour", {}),
        ("harbour", {"filters": "lang:en", "sort": "date"}),
        ("harbour", {"filters": "lang:en", "recency": "1y"}),
    ]
    for query, options in others:
        with pytest.raises(UsageError, match="another search"):
            search(query, index=home, after=cursor, **options)  # type: ignore[arg-type]


def test_a_cursor_is_for_urls_and_whatever_is_done_to_it_is_noticed(home: Path) -> None:
    cursor = search("harbour", index=home, limit=1, sort="title").next
    assert cursor.isascii()
    assert cursor.replace("-", "a").replace("_", "a").isalnum()
    chance = random.Random(3)
    broken = ["x", "ü", cursor[:-3], cursor + "AAAA", cursor[::-1], "A" * (MAX_CURSOR_CHARACTERS + 1)]
    for _ in range(40):
        at = chance.randrange(len(cursor) - 2)
        broken.append(cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :])
    for text in broken:
        with pytest.raises(UsageError, match="cursor is broken"):
            search("harbour", index=home, sort="title", after=text)
    with pytest.raises(UsageError, match="not both"):
        search("harbour", index=home, sort="title", after=cursor, offset=1)


def test_a_page_that_was_reached_by_its_offset_has_no_cursor(home: Path) -> None:
    assert search("harbour", index=home, limit=1).next
    assert search("harbour", index=home, limit=1, offset=1).next == ""
    assert search("harbour", index=home, limit=0).next == ""
    assert search("harbour", index=home).to_dict()["next"] == ""


def test_cursors_are_bounded() -> None:
    given = tuple(f"{number:012x}".replace("i", "j") for number in range(BEST + 999))
    cursor = to_text(Position(len(given), given), ["find"])
    assert len(cursor) < 25_000
    assert from_text(cursor, ["find"]) == Position(len(given), given)
    longest = Position(10**9, (), 1, "\U0001f600" * 4000, given[0])
    assert len(to_text(longest, ["find"])) <= MAX_CURSOR_CHARACTERS
    assert from_text(to_text(longest, ["find"]), ["find"]) == longest
    with pytest.raises(UsageError, match="cursor is broken"):
        from_text(to_text(Position(7_000, given[:1] * 7_000), ["find"]), ["find"])
