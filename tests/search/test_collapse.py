"""Near-duplicates: which texts are, how they are folded, and that nothing is lost on the way."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.columns import analyse
from index.analysis.shingles import SHARED, SHINGLE_WORDS, SKETCH_SIZE, resemblance, sketch, stored_sketch
from index.build import build
from index.document import Document
from index.engines.contract import Match
from search.api import search
from search.collapse import Group, fold

VOCABULARY = [
    f"{start}{end}"
    for start in ("har", "pil", "fer", "cool", "ree", "dun")
    for end in ("bour", "ot", "ry", "ant", "f", "e")
]


def story(seed: int, words: int = 200) -> str:
    choose = random.Random(seed)
    return " ".join(choose.choice(VOCABULARY) + str(choose.randrange(50)) for _ in range(words))


def edited(text: str, share: float, seed: int = 0) -> str:
    choose = random.Random(seed)
    return " ".join("edited" if choose.random() < share else word for word in text.split())


def sharing(share: float) -> tuple[str, str]:
    """Two texts with that share of their shingles in common, and some hashes of their sketches, but not nearly all."""
    words = 200
    common = round(share * (words - SHINGLE_WORDS + 1)) + SHINGLE_WORDS - 1
    for seed in itertools.count():
        passage = story(3 * seed, common)
        one, other = (f"{passage} {story(3 * seed + own, words - common)}" for own in (1, 2))
        alike = len(set(sketch(one)).intersection(sketch(other)))
        if SHARED <= alike < SKETCH_SIZE - 1 and abs(resemblance(one, other) - share) < 0.02:
            break
    return one, other


def match(name: str, body: str) -> Match:
    made = analyse(Document(f"{name}.md", title=name, body=body, language="en"))
    return Match(name, 1.0, made.stored)


def names(groups: Sequence[Group]) -> list[list[str]]:
    return [[group.leader.id, *(member.id for member in group.members)] for group in groups]


def test_copies_and_edited_and_longer_versions_are_folded_and_other_stories_are_not() -> None:
    text = story(1)
    matches = [
        match("first", text),
        match("other", story(2)),
        match("copy", text),
        match("edited", edited(text, 0.04)),
        match("longer", f"{text} {story(3, 100)}"),
        match("another", story(4)),
    ]
    assert names(fold(matches)) == [["first", "copy", "edited", "longer"], ["other"], ["another"]]


def test_stories_that_share_a_passage_stay_apart() -> None:
    passage = story(9, 40)
    assert names(fold([match("a", f"{story(1)} {passage}"), match("b", f"{passage} {story(2)}")])) == [["a"], ["b"]]


@pytest.mark.parametrize(("share", "folded"), [(0.2, False), (0.4, False), (0.55, False), (0.65, True), (0.8, True)])
def test_of_texts_whose_sketches_are_alike_those_are_folded_that_share_three_fifths(share: float, folded: bool) -> None:
    one, other = sharing(share)
    assert names(fold([match("a", one), match("b", other)])) == ([["a", "b"]] if folded else [["a"], ["b"]])


def test_short_notes_are_compared_too_and_empty_ones_never() -> None:
    note = "the ferry to the outer isles leaves at nine from the east quay"
    assert names(fold([match("a", note), match("b", note), match("c", ""), match("d", "")])) == [
        ["a", "b"],
        ["c"],
        ["d"],
    ]


def test_the_sketch_travels_with_the_stored_document() -> None:
    made = analyse(Document("a.md", body=story(1), language="en"))
    assert stored_sketch(made.stored) == sketch(story(1))
    assert stored_sketch(analyse(Document("a.md", body="too short")).stored) == []
    assert Document.from_stored(made.stored).body == story(1)


def test_a_body_cannot_forge_a_sketch() -> None:
    body = 'x","sketch":"0123456701234567"}'
    assert "01234567" not in stored_sketch(analyse(Document("a.md", body=body)).stored)


@given(st.text(alphabet="ab ", max_size=300))
def test_a_sketch_is_bounded_sorted_and_the_same_every_time(words: str) -> None:
    text = " ".join(words.split())
    found = sketch(text)
    assert found == sorted(set(found)) == sketch(text)
    assert len(found) <= SKETCH_SIZE


@given(st.lists(st.sampled_from("abcdef"), max_size=60), st.lists(st.sampled_from("abcdef"), max_size=60))
def test_resemblance_is_symmetric_and_whole_for_a_part(one: list[str], other: list[str]) -> None:
    first, second = " ".join(one), " ".join(other)
    assert resemblance(first, second) == resemblance(second, first)
    assert 0.0 <= resemblance(first, second) <= 1.0
    if len(one) >= 4:
        assert resemblance(first, " ".join([*one, *other])) == 1.0


@pytest.fixture(params=["whoosh", "tantivy"])
def index(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Twelve stories about ferries, some of them in two or three versions."""
    (tmp_path / "articles").mkdir()
    for number in range(12):
        for copy in range(1 + number % 3):
            text = f"# Ferry {number}\n\nferry {edited(story(number), 0.02, copy)}\n"
            (tmp_path / "articles" / f"{number:02}.{copy}.md").write_text(text, "utf-8")
    build([tmp_path / "articles"], tmp_path / ".byline", engine=request.param)
    return tmp_path / ".byline"


@pytest.mark.parametrize("sort", ["score", "date", "title:desc"])
@pytest.mark.parametrize("by", ["offset", "cursor"])
def test_pages_are_full_and_hold_every_story_once(index: Path, sort: str, by: str) -> None:
    pages = [search("ferry", index=index, limit=5, sort=sort)]
    while len(pages[-1]) == 5:
        step = {"offset": 5 * len(pages)} if by == "offset" else {"after": pages[-1].next}
        pages.append(search("ferry", index=index, limit=5, sort=sort, **step))
    assert [len(page) for page in pages] == [5, 5, 2]
    hits = [hit for page in pages for hit in page]
    assert sorted(Path(hit.source).name[:2] for hit in hits) == [f"{number:02}" for number in range(12)]
    assert [hit.rank for hit in hits] == list(range(1, 13))
    found = [hit.id for hit in hits] + [each.id for hit in hits for each in hit.similar]
    assert len(found) == len(set(found)) == pages[0].total == 24
    assert all(Path(each.source).name[:2] == Path(hit.source).name[:2] for hit in hits for each in hit.similar)


def test_without_folding_every_article_is_a_hit(index: Path) -> None:
    results = search("ferry", index=index, limit=50, collapse=False)
    assert len(results) == results.total == 24
    assert not any(hit.similar for hit in results)


def test_what_does_not_match_is_not_folded_in(index: Path) -> None:
    assert sum(len(hit.similar) for hit in search("ferry", index=index, filters="source:*.0.md", limit=50)) == 0


def test_far_down_the_ranking_articles_are_given_one_by_one(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.collapse.MAX_WALK", 5)
    plain = search("ferry", index=index, limit=5, offset=6, collapse=False)
    assert [hit.id for hit in search("ferry", index=index, limit=5, offset=6)] == [hit.id for hit in plain]
    assert not any(hit.similar for hit in search("ferry", index=index, limit=5, offset=6))
    assert any(hit.similar for hit in search("ferry", index=index, limit=5, offset=5))


def test_however_much_is_folded_an_order_by_title_goes_on_by_title(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A place that names as many articles as BEST would go on by date."""
    monkeypatch.setattr("search.paging.BEST", 3)
    monkeypatch.setattr("search.collapse.MAX_GIVEN", 2)
    first = search("ferry", index=index, limit=6, sort="title")
    assert sum(len(hit.similar) for hit in first) > 3
    second = search("ferry", index=index, limit=6, sort="title", after=first.next)
    titles = [hit.title for page in (first, second) for hit in page]
    assert len(titles) == 12
    assert titles == sorted(titles)
