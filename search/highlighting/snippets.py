"""The passages of a document that best show why it matched.

A passage is whole sentences where they fit, else words around the marks. `search.highlighting.passages` chooses them;
here they are put into shape.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from index.document import Document
from search.highlighting.highlight import DocumentMarks
from search.highlighting.occurrences import Mark
from search.highlighting.passages import VISIBLE, Chooser, opening
from search.highlighting.stretches import EMPTY_LINE
from search.results import Snippet, Span

_MOST_MARKS = 1_000  # candidates; half from the beginning of the text, half from its end
_STANDFIRSTS = ("summary", "description", "standfirst")  # what readers may keep in `Document.extra`
_WIDE_SPACE = re.compile(r"\s{2,}")


def document_snippets(
    document: Document,
    marks: DocumentMarks,
    *,
    count: int = 2,
    length: int = 240,
    weights: Sequence[float] | None = None,
) -> tuple[Snippet, ...]:
    """What to show of a document: the best passages of its body.

    Where nothing in the body matched, what did in an extra such as a caption; else its standfirst, if it has one, else
    its first sentences. Arguments as in `best_passages`; `marks` from `Highlighter.mark`.
    """
    if not marks.body and count > 0:
        for name, text, found in marks.extras[:1]:
            return best_passages(text, found, count=count, length=length, weights=weights, field=name)
        for name in _STANDFIRSTS:
            value = document.extra.get(name, "")
            if isinstance(value, str) and value.strip():
                return best_passages(value, (), count=1, length=length, field=name)
    return best_passages(document.body, marks.body, count=count, length=length, weights=weights)


def best_passages(
    text: str,
    marks: Sequence[Mark],
    *,
    count: int = 2,
    length: int = 240,
    weights: Sequence[float] | None = None,
    field: str = "body",
) -> tuple[Snippet, ...]:
    """The best passages of a text, in reading order, without overlap.

    Args:
        text: the whole text.
        marks: what matched in it, sorted, as from `Highlighter.mark`. Without any, the first sentences are given.
        count: how many passages at most.
        length: how long a passage may be, in characters.
        weights: how much each leaf tells (see `Highlighter.weights`); all the same if not given.
        field: what to name as the snippets' field.

    Time grows with the number of marks and the length of passages, hardly with that of the text.
    """
    if count < 1 or length < 1 or not text:
        return ()
    if len(marks) > _MOST_MARKS:
        marks = [*marks[: _MOST_MARKS // 2], *marks[-_MOST_MARKS // 2 :]]
    passages = Chooser(text, marks, length, weights).choose(count) if marks else opening(text, length)
    passages.sort()
    snippets = []
    for number, (start, end) in enumerate(passages):
        previous = passages[number - 1][1] if number else 0
        following = passages[number + 1][0] if number + 1 < len(passages) else len(text)
        passage, spans = _folded(text, start, end, marks)
        before = _has_words(text, previous, start)
        after = _has_words(text, end, following)
        snippets.append(Snippet(passage, spans, field, start, before, after))
    return tuple(snippets)


def _has_words(text: str, start: int, end: int) -> bool:
    """Whether anything but white space stands between two offsets."""
    return VISIBLE.search(text, start, end) is not None


def _folded(text: str, start: int, end: int, marks: Sequence[Mark]) -> tuple[str, tuple[Span, ...]]:
    """A passage with its white space folded to single spaces, and the marks in it."""
    spans: list[Span] = []
    for first, last, _ in marks:
        if first >= end:
            break
        if last <= start:
            continue
        first, last = max(first, start) - start, min(last, end) - start
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    passage = text[start:end]
    # Only a short cut: of all white space, a space alone is printable.
    is_folded = passage.isprintable() and "  " not in passage and passage == passage.strip()
    folded = passage if is_folded else " ".join(passage.split())
    if len(folded) == len(passage):
        return folded, tuple(spans)
    if len(folded) == len(passage) - passage.count(EMPTY_LINE):  # nothing else was folded
        return folded, tuple(
            (first - passage.count(EMPTY_LINE, 0, first), last - passage.count(EMPTY_LINE, 0, last))
            for first, last in spans
        )
    missing = len(passage) - len(passage.lstrip())
    removed: list[Span] = [(0, missing)]  # from which offset on, how many characters are missing in all
    for space in _WIDE_SPACE.finditer(passage, missing):
        missing += space.end() - space.start() - 1
        removed.append((space.start() + 1, missing))
    places = [place for place, _ in removed]

    def moved(offset: int) -> int:
        return offset - removed[bisect_left(places, offset + 1) - 1][1]

    return folded, tuple((moved(first), moved(last)) for first, last in spans)
