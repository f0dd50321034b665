"""One writer and many readers: every search sees one commit and none fails; beside a writer that is stopped, neither.

The writer rewrites every article with a new number, commits, and now and then changes the engine or compacts. Each
reader is a process that asks `search()` again and again; all the articles that it is given must carry one number, which
never falls. How long searches take is told. That none waits for the writer shows where it is stopped at random moments
and goes on only after a search.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import time
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from random import Random
from statistics import quantiles

ARTICLES = 30
_ENGINES = ("tantivy", "whoosh")
_ENGINE_EVERY = 7  # commits
_COMPACT_EVERY = 5
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Watch:
    """What one reader saw.

    Attributes:
        searches: how many it made.
        commits: how many different commits it saw.
        seconds: what its searches took.
        wrong: what must not be, one sentence each; at most a few.
    """

    searches: int
    commits: int
    seconds: list[float]
    wrong: list[str]


def run(folder: Path, seconds: float, readers: int = 8) -> tuple[int, list[Watch]]:
    """Let one writer and some readers work for so long.

    Returns:
        How many commits the writer made, and what each reader saw.
    """
    corpus, index = folder / "corpus", folder / ".byline"
    corpus.mkdir(parents=True)
    write(corpus, 0)
    commit(corpus, index, 0)
    context = multiprocessing.get_context("spawn")
    end = context.Event()
    watched: Queue[Watch] = context.Queue()
    processes = [context.Process(target=_read, args=(index, end, watched)) for _ in range(readers)]
    for process in processes:
        process.start()
    commits = 1
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            write(corpus, commits)
            commit(corpus, index, commits)
            commits += 1
    finally:
        end.set()
    seen = [watched.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    return commits, seen


def beside_a_stopped_writer(folder: Path, stops: int, seed: int = 1) -> int:
    """Stop a writer at so many random moments, and search each time while it stands still.

    Returns:
        How many of the searches were answered with everything; the first that waits for the writer is the last.
    """
    corpus, index = folder / "corpus", folder / ".byline"
    corpus.mkdir(parents=True)
    write(corpus, 0)
    commit(corpus, index, 0)
    random = Random(seed)
    context = multiprocessing.get_context("spawn")
    answered: Queue[int] = context.Queue()
    asked = context.Event()
    writer = context.Process(target=_write_on, args=(corpus, index))
    reader = context.Process(target=_answer, args=(index, asked, answered))
    writer.start()
    reader.start()
    count = 0
    try:
        for _ in range(stops):
            time.sleep(random.uniform(0, 0.2))
            os.kill(writer.pid or 0, signal.SIGSTOP)
            asked.set()
            try:
                count += answered.get(timeout=_PATIENCE_SECONDS) == ARTICLES
            except queue.Empty:
                break
            finally:
                os.kill(writer.pid or 0, signal.SIGCONT)
    finally:
        for process in (writer, reader):
            process.kill()
            process.join()
    return count


def write(corpus: Path, number: int) -> None:
    """Write every article anew, with this number."""
    for article in range(ARTICLES):
        text = f"---\ntitle: Harbour {article} of issue{number}\n---\n\nThe harbour has {article} berths.\n"
        (corpus / f"{article:02d}.md").write_text(text, encoding="utf-8")


def commit(corpus: Path, index: Path, number: int) -> None:
    """Bring the index up to date, now and then with another engine or compacted."""
    from index.build import build
    from index.upkeep.compact import compact

    engine = _ENGINES[number // _ENGINE_EVERY % 2] if number % _ENGINE_EVERY == 0 else None
    report = build([corpus], index, engine=engine)
    assert not report.skipped, report.skipped
    if number % _COMPACT_EVERY == 0:
        compact(index)


def _write_on(corpus: Path, index: Path) -> None:
    number = 1
    while True:
        write(corpus, number)
        commit(corpus, index, number)
        number += 1


def _answer(index: Path, asked: Event, answered: Queue[int]) -> None:
    from search import search

    while True:
        asked.wait()
        asked.clear()
        answered.put(search("harbour", index=index, limit=ARTICLES + 5, collapse=False).total)


def _read(index: Path, end: Event, watched: Queue[Watch]) -> None:
    import re

    from search import search

    searches, newest = 0, -1
    numbers: set[int] = set()
    seconds: list[float] = []
    wrong: list[str] = []
    while not (end.is_set() and searches) and len(wrong) < 5:
        started = time.monotonic()
        try:
            results = search("harbour", index=index, limit=ARTICLES + 5, collapse=False)
            found = [re.findall(r"issue(\d+)", hit.title) for hit in results]
        except Exception as error:
            wrong.append(f"a search failed: {type(error).__name__}: {error}")
            continue
        seconds.append(time.monotonic() - started)
        searches += 1
        seen = {int(number) for numbers_of_hit in found for number in numbers_of_hit}
        numbers |= seen
        if len(seen) != 1 or len(found) != ARTICLES or results.total != ARTICLES:
            wrong.append(f"a search saw {len(found)} of {results.total} articles, of issues {sorted(seen)}")
        elif min(seen) < newest:
            wrong.append(f"issue {min(seen)} came after issue {newest}")
        newest = max(newest, *seen) if seen else newest
    watched.put(Watch(searches, len(numbers), seconds, wrong))


def as_text(commits: int, seen: list[Watch]) -> str:
    """What happened, for a person."""
    seconds = [second for watch in seen for second in watch.seconds]
    cut = quantiles(seconds, n=100)
    lines = [
        f"{commits} commits beside {len(seen)} readers: {sum(watch.searches for watch in seen):,} searches, "
        f"{min(watch.commits for watch in seen)} to {max(watch.commits for watch in seen)} commits seen by each",
        f"a search took {cut[49] * 1e3:.1f} ms (p50), {cut[98] * 1e3:.0f} ms (p99), {max(seconds) * 1e3:.0f} ms (most)",
    ]
    lines += [f"wrong: {sentence}" for watch in seen for sentence in watch.wrong]
    return "\n".join(lines)
