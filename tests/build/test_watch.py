"""Following changes: what happens to files while an index is watched, and what happens to the index."""

from __future__ import annotations

import os
import queue
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import watchfiles

import index.upkeep.watch
from index.build import build
from index.errors import BylineError, IndexNotFound, UsageError
from index.storage.confines import may_open
from index.storage.lock import writer_lock
from index.updating.report import BuildReport
from index.upkeep.watch import Back, Event, watch
from tests.build.articles import LONG_AGO_NS, hide_ctimes, sources, write, write_many

PATIENCE = 30.0  # seconds until a test gives up; what it waits for takes a fraction of one


class Watching:
    """An index that is watched in a thread, and what is said of it."""

    def __init__(self, home: Path, *paths: Path, poll: float | None = None) -> None:
        self.index = home / ".byline"
        self.said: list[str] = []
        self._stop = threading.Event()
        self._events: queue.Queue[Event | BaseException] = queue.Queue()
        self._thread = threading.Thread(target=self._run, args=(paths, poll), daemon=True)
        self._thread.start()

    def _run(self, paths: tuple[Path, ...], poll: float | None) -> None:
        try:
            for event in watch(paths, self.index, poll=poll, stop=self._stop):
                self._events.put(event)
        except BaseException as error:
            self._events.put(error)

    def next(self) -> Event:
        event = self._events.get(timeout=PATIENCE)
        if isinstance(event, BaseException):
            raise event
        return event

    def report(self) -> BuildReport:
        """The next update that did something."""
        while True:
            event = self.next()
            if isinstance(event, BuildReport):
                return event
            self.said.append(text_of(event))

    def until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self.report()

    def hears(self, words: str) -> None:
        while not any(words in text for text in self.said):
            event = self.next()
            if not isinstance(event, BuildReport):
                self.said.append(text_of(event))

    def sources(self) -> list[str]:
        return sources(self.index)

    def end(self) -> None:
        self._stop.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


def text_of(event: Back | str) -> str:
    return f"{event.path} is back" if isinstance(event, Back) else event


Start = Callable[..., Watching]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Watches folders in `tmp_path`, and returns when changes are being followed."""
    monkeypatch.setattr(index.upkeep.watch, "TICK_SECONDS", 0.1)
    monkeypatch.setattr(index.upkeep.watch, "QUIET_SECONDS", 0.05)
    started: list[Watching] = []

    def start(
        *paths: Path, home: Path | None = None, ready: bool = True, reports: bool = True, **options: Any
    ) -> Watching:
        watching = Watching(home or tmp_path, *paths, **options)
        started.append(watching)
        if reports:
            watching.report()
        folder = next((path for path in paths if path.is_dir()), None)
        if ready and folder:  # what is written now is found by the first look, or by being told of it
            write(folder / "ready.md")
            watching.until(lambda: any(name.endswith("ready.md") for name in watching.sources()))
        return watching

    yield start
    for watching in started:
        watching.end()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_many(tmp_path / "corpus", 2)
    return tmp_path / "corpus"


def test_files_are_followed_as_they_come_change_move_and_go(corpus: Path, start: Start) -> None:
    watching = start(corpus)
    write(corpus / "new.md")
    assert [change.to_dict() for change in watching.report().changes] == [{"source": "corpus/new.md", "what": "new"}]
    write(corpus / "new.md", "Another text.")
    assert watching.report().changed == 1
    (corpus / "new.md").rename(corpus / "moved.md")
    assert watching.report().moved == 1
    (corpus / "moved.md").unlink()
    assert watching.report().removed == 1


def test_a_change_that_neither_size_nor_times_show_is_followed(
    corpus: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a file is unpacked or copied with its time: what the system tells is looked into."""
    hide_ctimes(monkeypatch)
    path = write(corpus / "same.md", "alpha", mtime_ns=LONG_AGO_NS)
    watching = start(corpus)
    new = write(corpus.parent / "new.md", "omega", title="same", mtime_ns=LONG_AGO_NS)
    assert new.stat().st_size == path.stat().st_size
    new.rename(path)
    assert [change.to_dict() for change in watching.report().changes] == [
        {"source": "corpus/same.md", "what": "changed"}
    ]


def test_folders_are_followed(corpus: Path, start: Start) -> None:
    watching = start(corpus)
    write_many(corpus / "a" / "b" / "c", 5)
    watching.until(lambda: len(watching.sources()) == 8)
    shutil.move(corpus / "a", corpus / "z")
    watching.until(lambda: "corpus/z/b/c/0004.md" in watching.sources())
    write(corpus / "z" / "b" / "c" / "later.md")
    watching.until(lambda: "corpus/z/b/c/later.md" in watching.sources())
    shutil.rmtree(corpus / "z")
    watching.until(lambda: len(watching.sources()) == 3)


def vim(file: Path, text: str) -> None:
    (file.parent / "4913").touch()
    (file.parent / "4913").unlink()
    (file.parent / f".{file.name}.swp").write_text("vim")
    file.rename(f"{file}~")
    file.write_text(text)
    Path(f"{file}~").unlink()


def emacs(file: Path, text: str) -> None:
    (file.parent / f"#{file.name}#").write_text(text)
    (file.parent / f".#{file.name}").symlink_to("someone@somewhere.1:1")
    file.rename(f"{file}~")
    file.write_text(text)
    (file.parent / f".#{file.name}").unlink()
    (file.parent / f"#{file.name}#").unlink()


def in_place(file: Path, text: str) -> None:
    with file.open("w") as opened:
        opened.flush()
        os.fsync(opened.fileno())
        opened.write(text)


def atomically(file: Path, text: str) -> None:
    new = file.with_name(f".{file.name}.tmp-1234")
    new.write_text(text)
    new.replace(file)


def by_a_file_that_looks_like_an_article(file: Path, text: str) -> None:
    new = file.with_name("tmp-1234.md")
    new.write_text(text)
    new.replace(file)


def with_an_office_suite(file: Path, text: str) -> None:
    lock = file.with_name(f"~${file.stem}.docx")
    lock.write_text("Ann Author")
    file.write_text(text)
    lock.unlink()


@pytest.mark.parametrize(
    "save", [vim, emacs, in_place, atomically, by_a_file_that_looks_like_an_article, with_an_office_suite]
)
def test_a_text_saved_by_an_editor(corpus: Path, start: Start, save: Callable[[Path, str], None]) -> None:
    watching = start(corpus)
    before = watching.sources()
    save(corpus / "0000.md", "# A New Title\n\nSaved.\n")
    watching.until(lambda: "A New Title" in titles(watching.index))
    write(corpus / "last.md")
    watching.until(lambda: "corpus/last.md" in watching.sources())
    assert watching.sources() == sorted([*before, "corpus/last.md"])


def titles(index_dir: Path) -> list[str]:
    from tests.build.articles import stored

    return [document.title for document in stored(index_dir)]


def test_a_flood_of_changes(corpus: Path, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.upkeep.watch, "MOST_CHANGED", 50)
    watching = start(corpus)
    write_many(corpus / "flood", 400)
    watching.until(lambda: len(watching.sources()) == 403)
    shutil.rmtree(corpus / "flood")
    watching.until(lambda: len(watching.sources()) == 3)


def test_what_the_system_forgets_to_tell_is_found_later(
    corpus: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    watching = start(corpus)

    def forgetful(self: object, path: str) -> str:
        return ""

    monkeypatch.setattr(index.upkeep.watch._Watch, "_place", forgetful)
    write(corpus / "forgotten.md")
    monkeypatch.setattr(index.upkeep.watch, "SWEEP_SECONDS", 0.0)
    monkeypatch.setattr(index.upkeep.watch, "_LEAST_REST", 0)
    watching.until(lambda: "corpus/forgotten.md" in watching.sources())


def test_a_folder_that_is_gone_keeps_its_articles_and_is_followed_when_it_is_back(corpus: Path, start: Start) -> None:
    other = corpus.parent / "other"
    write_many(other, 1)
    watching = start(corpus, other)
    corpus.rename(corpus.parent / "away")
    watching.hears(f"{corpus} is gone")
    write(other / "meanwhile.md")
    watching.until(lambda: "other/meanwhile.md" in watching.sources())
    assert "corpus/0000.md" in watching.sources()
    write(corpus.parent / "away" / "added.md")
    (corpus.parent / "away").rename(corpus)
    watching.until(lambda: "corpus/added.md" in watching.sources())
    write(corpus / "later.md")
    watching.until(lambda: "corpus/later.md" in watching.sources())


def test_it_starts_while_a_folder_is_gone_and_follows_it_when_it_is_back(corpus: Path, start: Start) -> None:
    other = write(corpus.parent / "other" / "two.md").parent
    build([corpus, other], corpus.parent / ".byline")
    moved = corpus.rename(corpus.with_name("elsewhere"))
    write(other / "three.md")

    watching = start()
    watching.hears(f"{corpus} is gone; what is indexed of it stays until it is back, or: byline index --forget ")
    write(other / "four.md")
    watching.until(lambda: "other/four.md" in watching.sources())
    assert "corpus/0001.md" in watching.sources()

    write(moved / "five.md")
    moved.rename(corpus)
    watching.hears(f"{corpus} is back")
    watching.until(lambda: "corpus/five.md" in watching.sources())


def test_it_starts_while_all_folders_are_gone(corpus: Path, start: Start) -> None:
    build([corpus], corpus.parent / ".byline")
    moved = corpus.rename(corpus.with_name("elsewhere"))

    watching = start(reports=False)
    watching.hears(f"{corpus} is gone")
    write(moved / "five.md")
    moved.rename(corpus)

    watching.hears(f"{corpus} is back")
    watching.until(lambda: "corpus/five.md" in watching.sources())


def test_an_empty_folder_keeps_its_articles_too(corpus: Path, start: Start) -> None:
    watching = start(corpus)
    corpus.rename(corpus.parent / "away")
    corpus.mkdir()
    watching.hears(f"{corpus} is empty now")
    assert len(watching.sources()) == 3
    write(corpus / "first.md")
    watching.until(lambda: watching.sources() == ["corpus/first.md"])


def test_another_folder_of_the_same_name(corpus: Path, start: Start) -> None:
    watching = start(corpus)
    new = corpus.parent / "new"
    write_many(new, 4, "river")
    corpus.rename(corpus.parent / "old")
    new.rename(corpus)
    watching.until(lambda: len(watching.sources()) == 4)
    write(corpus / "later.md")
    watching.until(lambda: "corpus/later.md" in watching.sources())


def test_while_another_process_writes_changes_wait(corpus: Path, start: Start) -> None:
    watching = start(corpus)
    with writer_lock(watching.index, 10):
        write(corpus / "waiting.md")
        watching.hears("changes wait")
        write(corpus / "waiting-too.md")
        assert "corpus/waiting.md" not in watching.sources()
    watching.until(lambda: {"corpus/waiting.md", "corpus/waiting-too.md"} <= {*watching.sources()})
    assert len(watching.said) == 1, "it is said once"


def test_a_locked_index_at_the_start(corpus: Path, start: Start) -> None:
    build([corpus], corpus.parent / ".byline")
    write(corpus / "new.md")
    started = threading.Event()

    def let_go() -> None:
        with writer_lock(corpus.parent / ".byline", 10):
            started.set()
            told.wait(PATIENCE)

    told = threading.Event()
    thread = threading.Thread(target=let_go)
    thread.start()
    started.wait(PATIENCE)
    watching = Watching(corpus.parent)
    watching.hears("changes wait")
    told.set()
    assert watching.report().documents == 3
    thread.join()
    watching.end()


def test_passing_trouble_is_said_and_the_update_tried_again(
    corpus: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    watching = start(corpus)
    full = threading.Event()
    full.set()

    def build_if_there_is_room(*args: Any, **options: Any) -> BuildReport:
        if full.is_set():
            raise BylineError("No space left on device", where="here")
        return build(*args, **options)

    monkeypatch.setattr(index.upkeep.watch, "build", build_if_there_is_room)
    write(corpus / "new.md")
    watching.hears("No space left on device")
    full.clear()
    watching.until(lambda: "corpus/new.md" in watching.sources())


def test_an_index_that_is_taken_away_ends_it(corpus: Path, start: Start) -> None:
    watching = start(corpus)
    shutil.rmtree(watching.index)
    with pytest.raises((IndexNotFound, UsageError)):
        while True:
            watching.next()


def test_ignore_rules_and_settings_are_followed(corpus: Path, start: Start) -> None:
    write_many(corpus / "drafts", 2)
    watching = start(corpus)
    (corpus / ".gitignore").write_text("drafts/\n")
    watching.until(lambda: len(watching.sources()) == 3)
    (corpus.parent / ".bylineignore").write_text("!drafts/\n")
    watching.until(lambda: len(watching.sources()) == 5)
    (corpus.parent / "byline.toml").write_text('[reading]\nexclude = ["ready.md"]\n')
    watching.until(lambda: len(watching.sources()) == 4)
    (corpus.parent / "byline.toml").write_text("[reading]\nexclude = \n")
    watching.hears("it is not TOML")
    (corpus.parent / "byline.toml").unlink()
    watching.until(lambda: len(watching.sources()) == 5)


def test_a_folder_that_another_process_adds_is_followed(corpus: Path, start: Start) -> None:
    watching = start(corpus)
    other = corpus.parent / "other"
    write_many(other, 1)
    build([other], watching.index)
    write(other / "later.md")
    watching.until(lambda: "other/later.md" in watching.sources())


def test_a_single_file(tmp_path: Path, start: Start) -> None:
    file = write(tmp_path / "notes.md", title="First")
    watching = start(file, ready=False)
    atomically(file, "# Second\n\nReplaced.\n")
    watching.until(lambda: titles(watching.index) == ["Second"])
    file.unlink()
    watching.until(lambda: watching.sources() == [])
    write(file, title="Third")
    watching.until(lambda: titles(watching.index) == ["Third"])


def test_a_single_file_that_is_away_with_its_folder_keeps_its_article(corpus: Path, start: Start) -> None:
    file = write(corpus.parent / "mnt" / "a.md")
    watching = start(corpus, file)
    moved = file.parent.rename(corpus.parent / ".elsewhere")
    file.parent.mkdir()
    watching.hears(f"{file} is gone")
    write(corpus / "meanwhile.md")
    watching.until(lambda: "corpus/meanwhile.md" in watching.sources())
    assert "mnt/a.md" in watching.sources()
    file.parent.rmdir()
    moved.rename(file.parent)
    watching.hears(f"{file} is back")


def test_what_becomes_of_a_root_leads_to_nothing_outside(corpus: Path, start: Start) -> None:
    home = corpus.parent / "home"
    home.mkdir()
    for name in ("corpus", "other"):
        write(home / name / "a.md")
    file = write(home / "note.md")
    outside = write(corpus.parent / "outside" / "secret.md").parent
    build([home / "corpus", home / "other", file], home / ".byline")
    watching = start(home=home)
    write(home / "other" / "ready.md")
    watching.until(lambda: "other/ready.md" in watching.sources())
    (home / "other").rename(home / ".gone")
    watching.hears("other is gone")
    file.unlink()
    watching.until(lambda: "note.md" not in watching.sources())
    file.symlink_to(outside / "secret.md")
    (home / "corpus").rename(home / ".old")
    (home / "corpus").symlink_to(outside, target_is_directory=True)
    watching.hears("you have not indexed it before")
    assert watching.sources() == ["corpus/a.md", "other/a.md", "other/ready.md"]
    assert not may_open(outside, home)


def test_by_looking_alone(corpus: Path, start: Start) -> None:
    watching = start(corpus, poll=0.1)
    write(corpus / "new.md")
    watching.until(lambda: "corpus/new.md" in watching.sources())


def test_where_the_system_cannot_tell_of_changes(corpus: Path, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: object, **options: object) -> Iterator[set[object]]:
        raise OSError("OS file watch limit reached")

    monkeypatch.setattr(watchfiles, "watch", refuse)
    monkeypatch.setattr(index.upkeep.watch, "POLL_SECONDS", 0.1)
    watching = start(corpus, ready=False)
    watching.hears("OS file watch limit reached")
    write(corpus / "new.md")
    watching.until(lambda: "corpus/new.md" in watching.sources())


def test_the_first_update_must_succeed(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is indexed here yet"):
        next(watch([], tmp_path / ".byline"))
    with pytest.raises(UsageError, match="there is no such file"):
        next(watch([tmp_path / "nowhere"], tmp_path / ".byline"))
