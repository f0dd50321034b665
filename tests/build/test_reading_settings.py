"""What `[reading]` in `byline.toml`, `--map` and side files do to an index, and when files are read again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.build import build
from index.document import Document
from index.errors import UsageError
from index.readers import read_file
from index.reading_settings import ReadingSettings
from index.settings import read_settings
from tests.build.articles import set_time, sources, stored, write, write_many


def settings_file(home: Path, text: str) -> None:
    (home / "byline.toml").write_text(f"[reading]\n{text}", encoding="utf-8")


def write_bare(path: Path, text: str = "The ferry waits for the pilot, and nobody on the quay knows why.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n", encoding="utf-8")
    set_time(path)
    return path


def only(index: Path) -> Document:
    (document,) = stored(index)
    return document


def test_every_setting_is_read(tmp_path: Path) -> None:
    settings_file(
        tmp_path,
        'author = "Staff"\nsite = "The Courier"\nlanguage = "de"\ndate_format = "%d.%m.%Y"\ndate_order = "day-first"\n'
        'include = "posts/"\nexclude = ["a", "b"]\n[reading.map]\ntitle = "headline"\ndate = ["day", "meta.day"]\n',
    )
    assert read_settings(tmp_path / ".byline").reading == ReadingSettings(
        map={"title": ("headline",), "date": ("day", "meta.day")}, author="Staff", site="The Courier", language="de",
        date_format=("%d.%m.%Y",), date_order="day-first", include=("posts/",), exclude=("a", "b"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('date_format = "%d.%m."\n', "a form of a whole date"),
        ('date_format = "%Q"\n', "a form of a whole date"),
        ('date_order = "DMY"\n', '"day-first", "month-first"'),
        ('language = "German"\n', "two letters"),
        ("author = 1\n", "a text of at most"),
        ('map = { colour = "x" }\n', "title, author, date"),
        ("include = [1]\n", "a pattern or a list"),
        ('colour = "x"\n', "no setting “colour”"),
    ],
)
def test_what_means_nothing_is_refused(tmp_path: Path, text: str, said: str) -> None:
    settings_file(tmp_path, text)
    with pytest.raises(UsageError) as raised:
        read_settings(tmp_path / ".byline")
    assert said in str(raised.value)


def test_a_change_makes_files_be_read_again(tmp_path: Path) -> None:
    index = tmp_path / ".byline"
    write_bare(tmp_path / "corpus" / "a.txt")
    build([tmp_path / "corpus"], index)
    assert only(index).authors == ()
    settings_file(tmp_path, 'author = "Ann Author"\nsite = "The Courier"\n')
    assert build([], index).indexed == 1
    found = only(index)
    assert (found.authors, found.extra["site"]) == (("Ann Author",), "The Courier")
    assert found.provenance["authors"] == "byline.toml"
    assert build([], index).files_read == 0
    (tmp_path / "byline.toml").unlink()
    build([], index)
    assert only(index).authors == ()


def test_the_author_of_a_document_comes_first(tmp_path: Path) -> None:
    write(tmp_path / "a.md")
    settings_file(tmp_path, 'author = "Nobody Else"\n')
    build([tmp_path / "a.md"], tmp_path / ".byline")
    assert only(tmp_path / ".byline").authors == ("Ann Author",)


def test_settings_reach_other_processes(tmp_path: Path) -> None:
    for number in range(70):
        write_bare(tmp_path / "corpus" / f"{number}.txt", "The ferry waits. " * 2_000)
    settings_file(tmp_path, 'author = "Ann Author"\n')
    report = build([tmp_path / "corpus"], tmp_path / ".byline", jobs=2)
    assert (report.documents, report.without_author) == (70, 0)


def test_patterns_choose_files(tmp_path: Path) -> None:
    write_many(tmp_path / "posts", 2)
    write(tmp_path / "posts" / "drafts" / "d.md")
    write(tmp_path / "notes.md")
    (tmp_path / "posts" / "photo.jpg").write_bytes(b"\xff\xd8")
    index = tmp_path / ".byline"
    settings_file(tmp_path, 'include = ["posts/"]\nexclude = ["drafts/", "*.jpg"]\n')
    report = build([tmp_path], index)
    assert (sources(index), report.skipped) == (["posts/0000.md", "posts/0001.md"], ())
    settings_file(tmp_path, 'exclude = ["0000.md"]\n')
    build([], index)
    assert sources(index) == ["notes.md", "posts/0001.md", "posts/drafts/d.md"]


@pytest.mark.parametrize(
    ("settings", "written", "day"),
    [
        (ReadingSettings(), "03/04/2022", "2022-04-03"),
        (ReadingSettings(date_order="month-first"), "03/04/2022", "2022-03-04"),
        (ReadingSettings(date_order="day-first"), "03/04/2022", "2022-04-03"),
        (ReadingSettings(date_order="month-first"), "23/04/2022", "2022-04-23"),
        (ReadingSettings(date_format=("%y%d%m",)), "220304", "2022-04-03"),
        (ReadingSettings(date_format=("%m.%d.%Y",)), "03.04.2022 10:30", "2022-03-04"),
        (ReadingSettings(date_format=("%m.%d.%Y",)), "3 April 2022", "2022-04-03"),
    ],
)
def test_how_dates_are_written(tmp_path: Path, settings: ReadingSettings, written: str, day: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"---\ntitle: A\nlang: fr\ndate: {written}\n---\nText.")
    (document,) = read_file(path, "a.md", settings=settings).documents
    assert str(document.date) == day
    if settings.date_order or settings.date_format:
        assert document.warnings == ()


def test_a_language_without_detection(tmp_path: Path) -> None:
    path = write_bare(tmp_path / "a.txt")
    (document,) = read_file(path, "a.txt", settings=ReadingSettings(language="de")).documents
    assert (document.language, document.provenance["language"]) == ("de", "byline.toml")


def test_a_map_is_kept_with_the_index_and_can_be_taken_back(tmp_path: Path) -> None:
    index = tmp_path / ".byline"
    table = tmp_path / "posts.csv"
    table.write_text("title,who\nOne,Ann Author\n")
    set_time(table)
    build([table], index, map={"author": ("who",)})
    assert only(index).authors == ("Ann Author",)
    assert build([], index).files_read == 0
    table.write_text("title,who\nOne,Lee Oh\n")
    set_time(table)
    build([], index)
    assert only(index).authors == ("Lee Oh",)
    build([], index, rebuild=True)
    assert only(index).authors == ("Lee Oh",)
    build([], index, map={"author": ()})
    assert only(index).authors == ()


# Side files


def meta(path: Path, title: str, mtime_ns: int = 0) -> None:
    path.write_text(f".. title: {title}\n.. author: Ann Author\n.. date: 2020-02-03 10:00\n", encoding="utf-8")
    set_time(path, mtime_ns)


@pytest.mark.parametrize("name", ["a.md", "a.rst", "a.html", "a.txt"])
def test_a_side_file_tells_about_the_article_and_is_none(tmp_path: Path, name: str) -> None:
    text = "The ferry waits for the pilot, and nobody on the quay knows why."
    write_bare(tmp_path / "posts" / name, f"<p>{text}</p>" if name == "a.html" else text)
    meta(tmp_path / "posts" / "a.meta", "The Ferry")
    report = build([tmp_path / "posts"], tmp_path / ".byline")
    found = only(tmp_path / ".byline")
    assert (found.title, found.authors, str(found.date), found.body) == (
        "The Ferry",
        ("Ann Author",),
        "2020-02-03",
        text,
    )
    assert found.provenance["title"] == "side file title"
    assert report.skipped == ()


@pytest.mark.parametrize(
    "text",
    [
        "title: The Ferry\nauthor: Ann Author\n", "---\ntitle: The Ferry\nauthor: Ann Author\n---\n",
        '+++\ntitle = "The Ferry"\nauthor = "Ann Author"\n+++\n', '{"title": "The Ferry", "author": "Ann Author"}',
    ],
)  # fmt: skip
def test_forms_of_side_files(tmp_path: Path, text: str) -> None:
    path = write_bare(tmp_path / "a.md")
    (tmp_path / "a.meta").write_text(text)
    (document,) = read_file(path, "a.md").documents
    assert (document.title, document.authors) == ("The Ferry", ("Ann Author",))


def test_a_side_file_alone_is_named(tmp_path: Path) -> None:
    write(tmp_path / "posts" / "b.md")
    meta(tmp_path / "posts" / "a.meta", "The Ferry")
    report = build([tmp_path / "posts"], tmp_path / ".byline")
    assert [(file.source, file.reason) for file in report.skipped] == [
        ("posts/a.meta", "not an article format (.meta)")
    ]


def test_a_change_of_the_side_file_reads_the_article_again(tmp_path: Path) -> None:
    index = tmp_path / ".byline"
    path = write_bare(tmp_path / "posts" / "a.md")
    side = path.with_suffix(".meta")
    meta(side, "First Title")
    build([path.parent], index)
    assert build([], index).files_read == 0
    meta(side, "Other Title")  # of the same length, and later
    assert build([], index).indexed == 1
    assert only(index).title == "Other Title"
    meta(side, "Third Title", path.stat().st_mtime_ns - 10**9)  # older than the article
    build([], index)
    assert only(index).title == "Third Title"
    side.unlink()
    build([], index)
    assert only(index).title == ""
    meta(side, "A Fourth One")
    build([path], index)  # named itself
    assert only(index).title == "A Fourth One"
    assert build([], index).files_read == 0


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_to_a_side_file_elsewhere_is_not_followed(tmp_path: Path) -> None:
    path = write_bare(tmp_path / "posts" / "a.md", "# The Heading\n\nText.")
    meta(tmp_path / "elsewhere.meta", "The Ferry")
    path.with_suffix(".meta").symlink_to(tmp_path / "elsewhere.meta")
    report = build([path.parent], tmp_path / ".byline")
    assert only(tmp_path / ".byline").title == "The Heading"
    assert [(file.source, file.reason) for file in report.skipped] == [
        ("posts/a.meta", "a link that leaves the folder")
    ]


def test_an_unreadable_side_file_leaves_the_article(tmp_path: Path) -> None:
    path = write_bare(tmp_path / "a.md", "# The Heading\n\nText.")
    (tmp_path / "a.meta").write_bytes(os.urandom(16) + bytes(2000))
    assert read_file(path, "a.md").documents[0].title == "The Heading"
    (tmp_path / "a.meta").unlink()
    (tmp_path / "a.meta").mkdir()
    assert read_file(path, "a.md").documents[0].title == "The Heading"


def test_a_side_file_that_is_not_valid_is_named_in_a_warning(tmp_path: Path) -> None:
    write_bare(tmp_path / "a.md")
    (tmp_path / "a.meta").write_text("---\ntitle: [a\n---\n")
    (document,) = read_file(tmp_path / "a.md", "a.md").documents
    assert any("side file a.meta" in warning and "not valid YAML" in warning for warning in document.warnings)
