"""Synonyms from a person's own file: what is read, which words get them, and what is then found and marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build
from index.engines import ENGINE_NAMES
from index.errors import UsageError
from search import search
from search.api import marks
from search.lowering.synonyms import MAX_ADDED, MAX_GROUPS, MAX_NAMES, Group, Synonyms, read_synonyms
from search.query_language.parser import parse
from search.query_language.syntax import canonical

FILE = """# what the desk calls things
car, automobile, motor car
iss => international space station, orbital lab

ministry of defence, MoD
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "same.txt"
    path.write_text(FILE, "utf-8")
    return path


def test_a_file_is_read_line_by_line(file: Path) -> None:
    assert read_synonyms(file) == [
        Group(("car", "automobile", "motor car"), ("car", "automobile", "motor car")),
        Group(("iss",), ("international space station", "orbital lab")),
        Group(("ministry of defence", "MoD"), ("ministry of defence", "MoD")),
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("car\n", 1, "two names or more"),
        ("# cars\n\ncar, , auto\n", 3, "a name is missing"),
        ("car => \n", 1, "a name is missing"),
        ("=> car\n", 1, "a name is missing"),
        ("car => auto => van\n", 1, "two arrows"),
        ("car, auto\ncar, =+=\n", 2, "holds no word"),
        ("car, one two three four five six seven eight nine\n", 1, "at most 8 words, not 9"),
        (",".join(f"car{number}" for number in range(MAX_NAMES + 1)), 1, f"at most {MAX_NAMES} names"),
        ("car, auto\n" * (MAX_GROUPS + 1), MAX_GROUPS + 1, "at most 10,000 groups"),
    ],
)
def test_what_means_nothing_is_refused_with_file_and_line(file: Path, text: str, line: int, said: str) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(UsageError) as raised:
        read_synonyms(file)
    assert str(raised.value).startswith(f"{file}, line {line}: ")
    assert said in str(raised.value)


def test_a_file_that_cannot_be_read_is_named(file: Path) -> None:
    file.write_bytes(b"car, auto\ncar, \xff\n")
    with pytest.raises(UsageError, match=r"same\.txt, line 2: this is not UTF-8"):
        read_synonyms(file)
    file.write_bytes(b"#" * 1_000_001)
    with pytest.raises(UsageError, match="at most 1,000,000 bytes"):
        read_synonyms(file)
    with pytest.raises(UsageError, match=r"none\.txt: the file of synonyms cannot be read"):
        read_synonyms(file.with_name("none.txt"))


@pytest.mark.parametrize(
    ("query", "understood"),
    [
        ("car", 'car OR automobile OR "motor car"'),
        ("Cars", 'Cars OR automobile OR "motor car"'),
        ("car park", '(car OR automobile OR "motor car") AND park'),
        ("motor car park", "((motor AND car) OR car OR automobile) AND park"),
        ("iss", 'iss OR "international space station" OR "orbital lab"'),
        ("international space station", "international AND space AND station"),
        ("mod", 'mod OR "ministry of defence"'),
        ("ministry of defence", "(ministry AND of AND defence) OR MoD"),
        ("car OR boat", 'car OR automobile OR "motor car" OR boat'),
        ("car^3 boat", '(car OR automobile OR "motor car")^3 AND boat'),
        ("boat ANDMAYBE car", 'boat ANDMAYBE (car OR automobile OR "motor car")'),
        ("boat -car", "boat AND NOT car"),
        ('"motor car"', '"motor car"'),
        ("=car", "=car"),
        ("title:car", "title:car"),
        ("car*", "car*"),
        ("carpet", "carpet"),
    ],
)
def test_which_words_get_synonyms(file: Path, query: str, understood: str) -> None:
    tree, notices = Synonyms(read_synonyms(file), ["en"]).add_to(parse(query).tree, lambda stem: 1.0)
    assert canonical(tree) == understood
    assert canonical(parse(understood).tree) == understood
    assert notices == ()


def test_a_query_gets_no_more_than_so_many(file: Path) -> None:
    names = ", ".join(f"name{number}" for number in range(40))
    file.write_text(f"one, {names}\ntwo, {names}\n", "utf-8")
    tree, (notice,) = Synonyms(read_synonyms(file), ["en"]).add_to(parse("one two").tree, lambda stem: 1.0)
    assert canonical(tree).count("name") == MAX_ADDED == 64
    assert "16 more" in notice.message


ARTICLES = {
    "Car": "A car stood in the yard.",
    "Automobile": "Two automobiles stood in the yard. An automobile is a car to its owner, and nobody minds.",
    "Motor": "The motor car was parked behind the barn, in the rain.",
    "Boat": "A boat lay in the yard, and the motor was gone.",
    "Station": "The international space station crossed the sky.",
    "Filler": "Nothing of note.",
}


@pytest.fixture(scope="module", params=ENGINE_NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / "articles").mkdir()
    for title, body in ARTICLES.items():
        text = f"---\ntitle: Entry {len(title)}\nlang: en\n---\n\n{body}\n"
        (home / "articles" / f"{title}.md").write_text(text, "utf-8")
    build([home / "articles"], home / ".byline", engine=request.param)
    return home / ".byline"


def names(query: str, index: Path, file: Path | str | None) -> list[str]:
    return [Path(hit.source).stem for hit in search(query, index=index, synonyms=file, limit=50)]


def test_synonyms_are_found_and_marked(index: Path, file: Path) -> None:
    results = search("car", index=index, synonyms=file)
    assert results.interpreted == 'car OR automobile OR "motor car"'
    assert {Path(hit.source).stem for hit in results} == {"Car", "Automobile", "Motor"}
    marked = {
        Path(hit.source).stem: [snippet.text[slice(*span)] for snippet in hit.snippets for span in snippet.spans]
        for hit in results
    }
    assert marked == {"Car": ["car"], "Automobile": ["automobiles", "automobile", "car"], "Motor": ["motor car"]}
    assert set(names("automobile", index, file)) == {"Car", "Automobile", "Motor"}
    assert set(names("car", index, None)) == {"Car", "Automobile", "Motor"}
    assert set(names("automobile", index, None)) == {"Automobile"}


def test_several_words_are_one_name(index: Path, file: Path) -> None:
    assert set(names("motor cars", index, file)) == {"Car", "Automobile", "Motor"}
    assert names("motor cars", index, None) == ["Motor"]
    assert names("iss", index, file) == ["Station"]
    assert names("international space station", index, file) == ["Station"]


def test_what_was_asked_for_comes_before_what_means_the_same(tmp_path: Path, file: Path) -> None:
    file.write_text("common, rare\n", "utf-8")
    for engine in ENGINE_NAMES:
        home = tmp_path / engine
        home.mkdir()
        for number in range(12):
            (home / f"{number}.md").write_text(f"---\ntitle: Entry\nlang: en\n---\n\nA common word, {number}.\n")
        (home / "rare.md").write_text("---\ntitle: Entry\nlang: en\n---\n\nA rare word, 99.\n")
        build([home], home / ".byline", engine=engine)
        found = names("common", home / ".byline", file)
        assert (len(found), found[-1]) == (13, "rare")
        assert names("rare", home / ".byline", file)[0] == "rare"


def test_a_question_keeps_its_synonyms(index: Path, file: Path) -> None:
    results = search("where was the iss in the sky", index=index, synonyms=file)
    assert results.interpreted == '(iss OR "international space station" OR "orbital lab") AND sky'
    assert [Path(hit.source).stem for hit in results] == ["Station"]
    some = search("where was the iss in the zebra yard", index=index, synonyms=file)
    assert [hit.missing for hit in some if Path(hit.source).stem == "Boat"] == [("iss", "zebra")]


def test_they_can_be_set_and_switched_off(index: Path, file: Path) -> None:
    home = index.parent
    (home / "same.txt").write_text(FILE, "utf-8")
    (home / "byline.toml").write_text('[search]\nsynonyms = "same.txt"\n', "utf-8")
    try:
        assert set(names("automobile", index, None)) == {"Car", "Automobile", "Motor"}
        assert names("automobile", index, "none") == ["Automobile"]
        document = next(hit for hit in search("automobile", index=index) if hit.source.endswith("Car.md"))
        from search import document as document_of

        shown = marks(document_of(document.id, index=index), "automobile", index=index)
        assert len(shown.body) == 1
        (home / "same.txt").write_text("car\n", "utf-8")
        with pytest.raises(UsageError, match=r"same\.txt, line 1"):
            search("car", index=index)
    finally:
        (home / "byline.toml").unlink()
