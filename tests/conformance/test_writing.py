"""Commits: what is visible when, and what deleting does."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from index.engines import engine
from index.engines.contract import AnalysedDocument, ColumnValue, Engine, Searcher
from index.errors import IndexLocked
from index.query import Everything, Phrase, Query, Term
from index.schema import SCHEMA, Form
from tests.conformance.conftest import Build
from tests.conformance.documents import analysed, bodies


@pytest.fixture
def location(an_engine: Engine, tmp_path: Path) -> Path:
    """An empty index."""
    an_engine.create(tmp_path, SCHEMA)
    return tmp_path


def body(id: str, text: str) -> AnalysedDocument:
    return AnalysedDocument(id, {"body_word": [text], "body_stem": [text]}, f'{{"text":"{text}"}}')


def contents(an_engine: Engine, location: Path) -> dict[str, str]:
    """Every document of the last commit: id and text, as searched for and as stored."""
    searcher = an_engine.searcher(location, SCHEMA)
    try:
        found = {}
        for match in searcher.search(Everything(), limit=1000).page:
            text = match.stored.removeprefix('{"text":"').removesuffix('"}')
            by_text = searcher.search(Term("body", text, Form.WORD), limit=1000).page
            assert match.id in {other.id for other in by_text}
            assert searcher.document(match.id) == match.stored
            found[match.id] = text
        assert searcher.document_count == len(found)
        assert searcher.ids("", 1000) == sorted(found)
        return found
    finally:
        searcher.close()


def test_a_new_index_is_empty(an_engine: Engine, location: Path) -> None:
    assert contents(an_engine, location) == {}


def test_leaving_cleanly_commits(an_engine: Engine, location: Path) -> None:
    with an_engine.writer(location, SCHEMA) as writer:
        writer.add(body("a", "one"))
        assert contents(an_engine, location) == {}
    assert contents(an_engine, location) == {"a": "one"}


def test_leaving_by_an_error_discards(an_engine: Engine, location: Path) -> None:
    with an_engine.writer(location, SCHEMA) as writer:
        writer.add(body("a", "one"))
    with pytest.raises(KeyboardInterrupt), an_engine.writer(location, SCHEMA) as writer:
        writer.delete(["a"])
        writer.add(body("b", "two"))
        raise KeyboardInterrupt
    assert contents(an_engine, location) == {"a": "one"}
    with an_engine.writer(location, SCHEMA) as writer:  # and nothing is in the way of the next
        writer.add(body("c", "three"))
    assert contents(an_engine, location) == {"a": "one", "c": "three"}


def test_an_error_discards_only_what_was_not_committed(an_engine: Engine, location: Path) -> None:
    with pytest.raises(ZeroDivisionError), an_engine.writer(location, SCHEMA) as writer:
        writer.add(body("a", "one"))
        writer.commit()
        assert contents(an_engine, location) == {"a": "one"}
        writer.add(body("b", "two"))
        raise ZeroDivisionError
    assert contents(an_engine, location) == {"a": "one"}


def test_a_writer_goes_on_after_a_commit(an_engine: Engine, location: Path) -> None:
    with an_engine.writer(location, SCHEMA) as writer:
        for number in range(6):
            writer.add(body(f"d{number}", f"t{number}"))
            if number >= 2:
                writer.delete([f"d{number - 2}"])
            writer.commit()
    assert contents(an_engine, location) == {"d4": "t4", "d5": "t5"}


def test_delete_then_add_replaces(an_engine: Engine, location: Path) -> None:
    with an_engine.writer(location, SCHEMA) as writer:
        writer.add(body("a", "old"))
        writer.add(body("b", "other"))
    with an_engine.writer(location, SCHEMA) as writer:
        writer.delete(["a"])
        writer.add(body("a", "new"))
    assert contents(an_engine, location) == {"a": "new", "b": "other"}


def test_delete_reaches_documents_of_the_same_commit_but_not_later_ones(an_engine: Engine, location: Path) -> None:
    with an_engine.writer(location, SCHEMA) as writer:
        writer.add(body("a", "first"))
        writer.delete(["a"])
        writer.add(body("a", "second"))
        writer.delete(["a"])
        writer.add(body("a", "third"))
        writer.add(body("b", "gone"))
        writer.delete(["b"])
    assert contents(an_engine, location) == {"a": "third"}


def test_deleting_everything_leaves_an_empty_index(an_engine: Engine, location: Path) -> None:
    with an_engine.writer(location, SCHEMA) as writer:
        for number in range(5):
            writer.add(body(f"d{number}", "x"))
    with an_engine.writer(location, SCHEMA) as writer:
        writer.delete(f"d{number}" for number in range(5))
    assert contents(an_engine, location) == {}
    with an_engine.writer(location, SCHEMA) as writer:
        writer.add(body("d1", "again"))
    assert contents(an_engine, location) == {"d1": "again"}


def test_deleting_what_is_not_there_is_no_error(an_engine: Engine, location: Path) -> None:
    with an_engine.writer(location, SCHEMA) as writer:
        writer.delete(["x", "", "a" * 1000, "\udc80"])
        writer.delete([])
        writer.add(body("a", "one"))
    assert contents(an_engine, location) == {"a": "one"}


def test_a_commit_without_changes_changes_nothing(an_engine: Engine, location: Path) -> None:
    with an_engine.writer(location, SCHEMA) as writer:
        writer.add(body("a", "one"))
        writer.commit()
        writer.commit()
    with an_engine.writer(location, SCHEMA):
        pass
    assert contents(an_engine, location) == {"a": "one"}


def test_many_small_commits_keep_every_document_and_few_files(an_engine: Engine, location: Path) -> None:
    expected = {}
    for number in range(30):
        with an_engine.writer(location, SCHEMA) as writer:
            for part in range(3):
                one = f"d{(number * 2 + part) % 40:02}"
                writer.delete([one])
                writer.add(body(one, f"t{number}"))
                expected[one] = f"t{number}"
    assert contents(an_engine, location) == expected
    assert len(list(location.iterdir())) < 100


def test_an_open_searcher_keeps_to_its_commit(an_engine: Engine, location: Path) -> None:
    with an_engine.writer(location, SCHEMA) as writer:
        for number in range(20):
            writer.add(body(f"d{number:02}", f"t{number}"))
    searcher = an_engine.searcher(location, SCHEMA)
    for _ in range(3):
        with an_engine.writer(location, SCHEMA) as writer:
            for number in range(20):
                writer.delete([f"d{number:02}"])
                writer.add(body(f"d{number:02}", "changed"))
    assert searcher.search(Term("body", "t7", Form.WORD), limit=5).page[0].id == "d07"
    assert searcher.search(Term("body", "changed", Form.WORD), limit=5).total == 0
    assert searcher.document("d19") == '{"text":"t19"}'
    assert [token for token, _ in searcher.terms("body", Form.WORD)] == sorted(f"t{number}" for number in range(20))
    searcher.close()
    assert set(contents(an_engine, location).values()) == {"changed"}


def test_only_one_writer_at_a_time(an_engine: Engine, location: Path) -> None:
    with an_engine.writer(location, SCHEMA) as writer:
        with pytest.raises(IndexLocked, match="another process is writing"):
            an_engine.writer(location, SCHEMA)
        writer.add(body("a", "one"))
        writer.commit()
        with pytest.raises(IndexLocked):
            an_engine.writer(location, SCHEMA)
    with an_engine.writer(location, SCHEMA) as writer:
        writer.add(body("b", "two"))
    assert contents(an_engine, location) == {"a": "one", "b": "two"}


def test_a_closed_writer_and_a_closed_searcher_say_so(an_engine: Engine, location: Path) -> None:
    with an_engine.writer(location, SCHEMA) as writer:
        pass
    with pytest.raises(RuntimeError, match="closed"):
        writer.add(body("a", "one"))
    searcher = an_engine.searcher(location, SCHEMA)
    searcher.close()
    searcher.close()
    with pytest.raises(RuntimeError, match="closed"):
        searcher.search(Everything(), limit=1)


def test_stored_text_comes_back_unchanged(build: Build) -> None:
    texts = ['{"a":"ü 北京 😀"}', "{}", '{"long":"' + "x" * 300_000 + '"}', '{"nul":"\0"}']
    searcher = build(AnalysedDocument(f"d{number}", {}, text) for number, text in enumerate(texts))
    assert [match.stored for match in searcher.search(Everything(), limit=10).page] == texts
    assert [searcher.document(f"d{number}") for number in range(4)] == texts


def test_half_characters_do_no_harm(build: Build) -> None:
    """File names that are not Unicode reach Python as half characters, which no engine can store as they are."""
    document = AnalysedDocument(
        "d\udce9", {"source_raw": ["caf\udce9.txt"], "body_word": ["caf\udce9 plain"]}, '{"source":"caf\udce9.txt"}'
    )
    searcher = build([document, *bodies(["x"])])
    found = searcher.search(Term("source", "caf\udce9.txt", Form.RAW), limit=5).page
    assert [match.stored for match in found] == ['{"source":"caf\\udce9.txt"}']
    assert searcher.search(Term("body", "plain", Form.WORD), limit=5).total == 1
    assert searcher.document("d\udce9") == found[0].stored


def test_odd_columns(build: Build) -> None:
    long = "x" * 70_000  # longer than a token can be
    searcher = build(
        [
            analysed("a", {"body_word": [], "title_word": [""], "lang_raw": [""]}),
            analysed("b", {"body_word": ["", "", "p", "", "q"], "url_raw": [long, "short"]}),
            analysed("c", {"date_raw": 0, "source_raw": ["a b  c\td"]}),
            analysed("d", {"date_raw": -5, "body_word": ["p " * 50_000 + "q"]}),
        ]
    )
    assert searcher.document_count == 4
    assert searcher.search(Term("url", long, Form.RAW), limit=1).total == 0
    assert searcher.search(Term("url", "short", Form.RAW), limit=1).total == 1
    assert searcher.search(Term("source", "a b  c\td", Form.RAW), limit=1).page[0].id == "c"
    assert searcher.search(Term("body", "q", Form.WORD), limit=5).total == 2


def stems_and_words(id: str, stems: str, words: str) -> AnalysedDocument:
    """A document with a title, whose body is there in both forms."""
    columns: dict[str, ColumnValue] = {"text_stem": ["head line", stems], "body_word": [words]}
    return AnalysedDocument(id, columns, "{}")


def ids_of(searcher: Searcher, query: Query) -> str:
    return "".join(sorted(match.id for match in searcher.search(query, limit=1000).page))


def test_languages_that_stem_a_word_differently(build: Build) -> None:
    """Words and stems of one position belong together document by document."""
    searcher = build(
        stems_and_words(name, f"{stem} {other}", "dies leaks")
        for name, stem, other in [
            ("a", "die", "leak"), ("b", "dies", "leaks"), ("c", "die", "leak"), ("d", "di", "leak"),
            ("e", "d", "leaks"), ("f", "di", "le"), ("g", "x", "y"), ("h", "dies", "leaks"),
        ]
    )  # fmt: skip
    expected = {"die": "ac", "dies": "bh", "di": "df", "d": "e", "leak": "acd", "leaks": "beh", "y": "g"}
    for stem, found in expected.items():
        assert ids_of(searcher, Term("text", stem, Form.STEM)) == found
        assert searcher.doc_freq("text", Form.STEM, stem) == len(found)
    assert ids_of(searcher, Term("body", "dies", Form.WORD)) == "abcdefgh"
    assert ids_of(searcher, Phrase("text", ("di", "leak"), form=Form.STEM)) == "d"
    assert ids_of(searcher, Phrase("text", ("line", "di"), form=Form.STEM)) == ""
    assert dict(searcher.terms("text", Form.STEM, "l")) == {"le": 1, "leak": 3, "leaks": 3, "line": 8}


def test_stems_and_words_that_do_not_stand_at_the_same_positions(build: Build) -> None:
    searcher = build(
        [
            stems_and_words("a", "one two three", "ones twos"),
            stems_and_words("b", "", "ones twos"),
            stems_and_words("c", "one one", "ones uno"),
            stems_and_words("d", "one two", "ones ones"),
            AnalysedDocument("e", {"body_word": ["ones twos"]}, "{}"),
            AnalysedDocument("f", {"text_stem": ["one two"]}, "{}"),
        ]
    )
    assert ids_of(searcher, Term("text", "one", Form.STEM)) == "acdf"
    assert ids_of(searcher, Term("text", "two", Form.STEM)) == "adf"
    assert ids_of(searcher, Phrase("text", ("one", "two"), form=Form.STEM)) == "adf"
    assert ids_of(searcher, Phrase("text", ("one", "one"), form=Form.STEM)) == "c"
    assert ids_of(searcher, Phrase("body", ("ones", "twos"))) == "abe"
    assert ids_of(searcher, Phrase("body", ("ones", "ones"))) == "d"


@pytest.mark.parametrize("long_first", [True, False])
def test_a_body_of_very_many_words(an_engine: Engine, location: Path, long_first: bool) -> None:
    """The last words of one with more than 2**16 are found like the first, before and after segments are merged."""
    filler = " ".join(f"w{number % 50}" for number in range(70_000))
    long = stems_and_words("a", f"begin {filler} end here", f"begins {filler} ended here")
    short = stems_and_words("b", "begin here end", "begins here ended")
    documents = [long, short] if long_first else [short, long]
    for together in (True, False):
        with an_engine.writer(location, SCHEMA) as writer:
            writer.delete("ab")
            for document in documents:
                writer.add(document)
                if not together:
                    writer.commit()
        with an_engine.writer(location, SCHEMA) as writer:  # and what has to be merged is
            writer.delete("c")
            writer.add(body("c", "other"))
        searcher = an_engine.searcher(location, SCHEMA)
        assert ids_of(searcher, Phrase("body", ("ended", "here"))) == "a"
        assert ids_of(searcher, Phrase("text", ("w49", "end"), form=Form.STEM)) == "a"
        assert ids_of(searcher, Phrase("text", ("here", "end"), form=Form.STEM)) == "b"
        assert ids_of(searcher, Phrase("body", ("begins", "here"))) == "b"
        assert ids_of(searcher, Term("text", "head", Form.STEM)) == "ab"
        searcher.close()


def test_what_a_killed_build_left_behind_is_cleared_away(tmp_path: Path) -> None:
    """By the next commit of whoosh's; files of other kinds are none of its."""
    whoosh = engine("whoosh")
    whoosh.create(tmp_path, SCHEMA)
    left = ["MAIN_0123456789abcdef.seg", "_MAIN_7.toc.new", "_MAIN_0.toc"]
    for name in [*left, "notes.txt"]:
        (tmp_path / name).touch()
    with whoosh.writer(tmp_path, SCHEMA) as writer:
        writer.add(body("a", "one"))
    assert not [name for name in left if (tmp_path / name).exists()]
    assert (tmp_path / "notes.txt").exists()
    assert contents(whoosh, tmp_path) == {"a": "one"}


def test_segments_written_in_between_are_like_any_other(
    an_engine: Engine, location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an engine does with more documents than it keeps in memory at once."""
    monkeypatch.setattr("index.engines.whoosh_engine._MOST_DOCUMENTS", 7)
    with an_engine.writer(location, SCHEMA) as writer:
        for number in range(50):
            writer.add(body(f"d{number:02}", "old"))
        writer.delete(f"d{number:02}" for number in range(0, 50, 2))
        for number in range(0, 50, 4):
            writer.add(body(f"d{number:02}", "new"))
    expected = {f"d{number:02}": "old" for number in range(1, 50, 2)}
    expected |= {f"d{number:02}": "new" for number in range(0, 50, 4)}
    assert contents(an_engine, location) == expected


def test_seeding_random_numbers_does_no_harm(an_engine: Engine, location: Path) -> None:
    """A program that seeds Python's random numbers must not get two segments of one name."""
    state = random.getstate()
    try:
        for number in range(4):
            random.seed(1)
            with an_engine.writer(location, SCHEMA) as writer:
                writer.add(body(f"d{number}", f"t{number}"))
    finally:
        random.setstate(state)
    assert contents(an_engine, location) == {f"d{number}": f"t{number}" for number in range(4)}


def test_segments_count_documents_and_what_was_deleted(an_engine: Engine, location: Path) -> None:
    assert an_engine.segments(location) == []
    with an_engine.writer(location, SCHEMA) as writer:
        for number in range(40):
            writer.add(body(f"{number:02d}", f"word{number}"))
    assert [segment.deleted for segment in an_engine.segments(location)].count(0) == len(an_engine.segments(location))
    with an_engine.writer(location, SCHEMA) as writer:
        writer.delete(["05", "06"])
        writer.add(body("06", "again"))

    segments = an_engine.segments(location)

    assert sum(segment.documents for segment in segments) == 39
    assert sum(segment.deleted for segment in segments) in (0, 1, 2)  # as far as they were not merged away
    assert all(segment.documents for segment in segments)
