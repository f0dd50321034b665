"""Which part of a web page is the article: the box that holds most of its running text, and the standfirst above it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate

from index.readers.blocks.plain import folded
from index.readers.page.boxes import HEADINGS, LEAVES, Box, PageBlocks
from index.readers.page.element_names import ASIDE, BODY, CAPTION, COMMENTS, HIDDEN

LITTLE = 250
"""Of running text: less than this is no article."""

MAX_HEADLINE = 300

_MOST = 0.8  # of the running text: a box with so much of it is looked into
_LARGE_PART = 0.4  # a box that is named as the article's text is it, if it holds so much of the text
_ARTICLE_PART = 0.6  # so is an article element
_SIMILAR_PART = 0.1  # further boxes of the same name belong to it from this share on
_SMALL_ASIDE = 150  # of running text; an aside with less is one, whatever there is besides
_LONG_CAPTION = 400
_STANDFIRST = 80  # characters of a heading that is one
_ABOVE = 60  # blocks above the article in which the headline is looked for
_NEAR_ABOVE = 12  # and those in which a standfirst is, if there is no headline


class Selection:
    """Which blocks of a page are kept, and why the others are not.

    Attributes:
        page: the blocks and boxes.
        dropped: for each block why it was dropped; empty for what is kept.
        first: the number of the first block of the article, its standfirst included.
        main: the box that holds the article.
    """

    def __init__(self, page: PageBlocks) -> None:
        self.page = page
        self.dropped: list[str] = [""] * len(page.blocks)
        self.main = page.boxes[0]
        self.first = 0
        blocks = page.blocks
        self._sizes = [0, *accumulate(block.size for block in blocks)]
        self._linked = [0, *accumulate(block.linked for block in blocks)]
        self._prose = [0.0, *accumulate(block.prose for block in blocks)]

    def kept(self, start: int, end: int) -> Iterator[int]:
        """The numbers of the blocks that are kept."""
        return (number for number in range(start, end) if not self.dropped[number])

    def drop(self, numbers: Iterable[int], why: str) -> None:
        """Drops those of these blocks that are still kept."""
        for number in numbers:
            self.dropped[number] = self.dropped[number] or why

    def gone(self, box: Box) -> bool:
        """Whether a box is empty or was dropped."""
        return box.start == box.end or bool(self.dropped[box.start] and self.dropped[box.end - 1])

    def size(self, box: Box) -> int:
        """How much text a box holds."""
        return self._sizes[box.end] - self._sizes[box.start]

    def linked(self, box: Box) -> int:
        """How much of it stands in links."""
        return self._linked[box.end] - self._linked[box.start]

    def prose(self, box: Box) -> float:
        """How much running text it holds, without what had been dropped when the running text was last counted."""
        return self._prose[box.end] - self._prose[box.start]

    def count_prose(self) -> None:
        """Counts the running text that is left."""
        pairs = zip(self.page.blocks, self.dropped, strict=True)
        self._prose = [0.0, *accumulate(0.0 if why else block.prose for block, why in pairs)]


def select_main(page: PageBlocks, title: str) -> Selection:
    """The part of a page that is the article, less what its names say is no part of it."""
    selection = Selection(page)
    _drop_named(selection)
    selection.count_prose()
    _drop_links(selection)
    main = _main_box(selection)
    if selection.prose(main) < LITTLE:
        main = _named_text(selection) or main
    selection.main = main
    selection.first = _standfirst(selection, main, folded(title))
    selection.drop(range(selection.first), "outside")
    selection.drop(range(main.end, len(page.blocks)), "outside")
    return selection


def _outermost(boxes: Iterable[Box]) -> list[Box]:
    """Boxes that are in no other of them."""
    found: list[Box] = []
    for box in boxes:
        if box.start < box.end and not (found and found[-1].holds(box)):
            found.append(box)
    return found


def _drop_named(selection: Selection) -> None:
    """Drops what is hidden, aside, a caption or a comment, unless the page has hardly any other text."""
    page = selection.page
    signed: dict[int, list[Box]] = {HIDDEN: [], ASIDE: [], CAPTION: [], COMMENTS: []}
    for box in page.boxes:
        if box.sign in signed and box.start < box.end:
            signed[box.sign].append(box)
    headlines = [number for number, block in enumerate(page.blocks) if block.kind == "h1"]
    comments = _outermost(box for box in signed[COMMENTS] if not _any(headlines, box.start, box.end))
    _drop_hidden(selection, _outermost(signed[HIDDEN]))
    selection.count_prose()
    kept_asides = _drop_asides(selection, signed[ASIDE], comments)
    selection.count_prose()
    captions = _outermost(signed[CAPTION])
    total = selection.prose(page.boxes[0])
    if 2 * sum(map(selection.prose, captions)) < total:
        for box in captions:
            short = (n for n in range(box.start, box.end) if page.blocks[n].prose <= _LONG_CAPTION)
            selection.drop(short, "caption")
        selection.count_prose()
        total = selection.prose(page.boxes[0])
    starts = [box.number for box in comments]
    others = [
        box
        for box in _outermost(kept_asides)
        if not _any(headlines, box.start, box.end) and not _any(starts, box.number, box.last)
    ]
    of_readers = sum(map(selection.prose, comments))
    if of_readers < LITTLE or total - of_readers - sum(map(selection.prose, others)) >= LITTLE:
        for box in comments:
            selection.drop(range(box.start, box.end), "comment")


def _any(numbers: list[int], least: int, end: int) -> bool:
    """Whether any of some rising numbers is from `least` up to `end`."""
    place = bisect_left(numbers, least)
    return place < len(numbers) and numbers[place] < end


def _drop_hidden(selection: Selection, hidden: list[Box]) -> None:
    """Drops hidden copies of the article for programs, and other hidden boxes if enough is shown."""
    boxes = selection.page.boxes
    copies = [
        box
        for box in hidden
        if any(inner.tag == "h1" or inner.sign == BODY for inner in boxes[box.number + 1 : box.last])
    ]
    for group, part in ((copies, 0.0), (hidden, 0.25)):
        unseen = sum(map(selection.prose, group))
        shown = selection.prose(boxes[0]) - unseen
        if shown >= (min(part * unseen, 6 * LITTLE) if part else LITTLE):
            for box in group:
                selection.drop(range(box.start, box.end), "hidden")
            selection.count_prose()


def _drop_asides(selection: Selection, asides: list[Box], comments: list[Box]) -> list[Box]:
    """Drops each that holds less running text than the rest of the page; returns the others."""
    starts = [box.number for box in comments]
    of_readers = [0.0, *accumulate(map(selection.prose, comments))]
    rest = selection.prose(selection.page.boxes[0]) - of_readers[-1]
    kept: list[Box] = []
    end = 0
    for box in asides:
        if box.start < end:
            continue
        prose = selection.prose(box)
        inside = of_readers[bisect_left(starts, box.last)] - of_readers[bisect_left(starts, box.number)]
        others = rest - (prose - inside)
        if prose <= others or prose < _SMALL_ASIDE:
            selection.drop(range(box.start, box.end), "aside")
            rest = others
            end = box.end
        else:
            kept.append(box)
    return kept


def _drop_links(selection: Selection) -> None:
    """Drops boxes that hold little but links."""
    whole = selection.prose(selection.page.boxes[0])
    end = 0
    for box in selection.page.boxes[1:]:
        if box.start < end or box.tag in LEAVES or box.tag in ("main", "article") or box.sign == BODY:
            continue
        if selection.gone(box) or selection.linked(box) <= 0.6 * selection.size(box):
            continue
        prose = selection.prose(box)
        if prose < 0.15 * selection.size(box) and prose <= 0.5 * whole:
            selection.drop(range(box.start, box.end), "links")
            end = box.end


def _main_box(selection: Selection) -> Box:
    """The box with most of the running text; the whole page if there is none."""
    boxes = selection.page.boxes
    children: dict[int, list[Box]] = {}
    for box in boxes[1:]:
        if box.start < box.end:
            children.setdefault(box.parent, []).append(box)
    current = boxes[0]
    if not selection.prose(current):
        return current
    around: list[Box] = []
    while True:
        enough = _MOST * selection.prose(current)
        within = children.get(current.number, ())
        inner = next((box for box in within if selection.prose(box) >= enough), None)
        if inner is None or inner.tag in LEAVES or inner.tag in ("ul", "ol", "table"):
            break
        if _has_twin(selection, inner, within):
            break
        current = inner
        if inner.sign == BODY:
            around.append(inner)
    text = selection.prose(current)
    named = [box for box in boxes[current.number : current.last] if box.sign == BODY]
    largest = max(named, key=selection.prose, default=None)
    if largest is not None and selection.prose(largest) >= _LARGE_PART * text:
        return _with_similar(selection, largest, named)
    if around:
        return around[-1]
    articles = [
        box
        for box in boxes[current.number : current.last]
        if box.tag == "article"
        and selection.prose(box) >= _ARTICLE_PART * text
        and not _has_twin(selection, box, children.get(box.parent, ()))
    ]
    return articles[-1] if articles else current


def _has_twin(selection: Selection, box: Box, siblings: Iterable[Box]) -> bool:
    """Whether a box is one of several entries of the same kind: posts of a thread, news of a live ticker."""
    return box.tag in ("article", "li") and any(
        other is not box and other.tag == box.tag and other.family == box.family and selection.prose(other) > 0
        for other in siblings
    )


def _with_similar(selection: Selection, largest: Box, named: list[Box]) -> Box:
    """The box around the largest and others of its kind that hold a good part of the text too."""
    boxes = selection.page.boxes
    found = largest
    enough = _SIMILAR_PART * selection.prose(largest)
    for box in named:
        alike = box.tag == largest.tag and box.family == largest.family
        if alike and not box.holds(largest) and selection.prose(box) >= enough:
            while not found.holds(box):
                found = boxes[found.parent]
    return found


def _named_text(selection: Selection) -> Box | None:
    """A box that is named as the article's text, though hardly any of it is running text: lists of links, verses."""
    found: Box | None = None
    for box in selection.page.boxes:
        if box.sign != BODY or selection.size(box) < LITTLE or (found and selection.size(box) <= selection.size(found)):
            continue
        if all(why in ("", "links") for why in selection.dropped[box.start : box.end]):
            found = box
    if found:
        selection.dropped[found.start : found.end] = [""] * (found.end - found.start)
    return found


def _standfirst(selection: Selection, main: Box, title: str) -> int:
    """The first block of a standfirst between the headline and the main box; what else is there is dropped."""
    blocks = selection.page.blocks
    above = next(
        (
            number
            for number in range(main.start - 1, max(-1, main.start - _ABOVE), -1)
            if blocks[number].kind == "h1"
            or (title and blocks[number].size < MAX_HEADLINE and folded(blocks[number].text) == title)
        ),
        None,
    )
    if above is None:
        above = main.start - 1
        least = max(-1, main.start - _NEAR_ABOVE)
        while above > least and (selection.dropped[above] or (blocks[above].prose and blocks[above].kind != "li")):
            above -= 1
    first = main.start
    for number in selection.kept(above + 1, main.start):
        block = blocks[number]
        standfirst = block.size >= _STANDFIRST and not block.linked if block.kind in HEADINGS else block.prose > 0
        if standfirst and block.kind in ("p", "div", "blockquote", *HEADINGS):
            first = min(first, number)
        else:
            selection.dropped[number] = "head"
    return first
