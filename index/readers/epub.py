"""Books in EPUB: one document a chapter, or one for the whole book, by the setting `epub` in `[reading]`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from index.document import Document
from index.errors import ReadError
from index.readers import Problem, RawFile
from index.readers.article.findings import Findings
from index.readers.article.from_blocks import paragraphs_of
from index.readers.article.start import findings_for
from index.readers.blocks.block import HEADING, Block
from index.readers.blocks.markup_blocks import markup_blocks
from index.readers.blocks.plain import folded, tidy
from index.readers.decoding.container import Container
from index.readers.decoding.encoding import decode
from index.readers.decoding.xml_parts import parse_xml, without_document_type
from index.readers.html import parse
from index.readers.parts.epub_package import Entry, Package, read_package

MAX_CHAPTERS = 5_000
MAX_CHAPTER_CHARACTERS = 100_000
"""A file of the book in which the contents name but one chapter is divided further if it is longer than any is."""

_FEW = 40  # characters; a page of fewer, without an entry in the contents, is a cover, an ornament or half a title


class Chapter(NamedTuple):
    """A chapter: its title, those of the parts it stands in, and its blocks."""

    title: str
    parts: tuple[str, ...]
    blocks: list[Block]


def read(file: RawFile) -> Iterator[Document | Problem]:
    """The chapters of a book that hold text, or the book."""
    container = Container(file.data, file.source, "an EPUB")
    package = read_package(container)
    chapters: list[Chapter] = []
    problems: list[str] = []
    pictures = 0
    for place in package.spine:
        if place == package.contents_place or (place in package.passed_over and not package.entries_of(place)):
            continue
        try:
            found = _chapters(container, package, place)
        except ReadError as error:
            problems.append(error.what)
            continue
        pictures += not found
        for chapter in found:
            if not chapter.title and _is_contents(chapter, package):
                continue
            if chapter.title or not chapters or not _goes_on(chapter, package):
                chapters.append(chapter)
            else:
                chapters[-1].blocks.extend(chapter.blocks)
    chapters = _with_text(chapters)
    if not chapters:
        raise ReadError(problems[0] if problems else "no text in it: its pages are pictures", where=file.source)
    if file.settings.epub == "book":
        yield _book(file, package, chapters, pictures)
    else:
        for number, chapter in enumerate(chapters[:MAX_CHAPTERS], 1):
            yield _chapter(file, package, chapter, number, pictures if number == 1 else 0)
        if len(chapters) > MAX_CHAPTERS:
            yield Problem(f"only the first {MAX_CHAPTERS:,} of {len(chapters):,} chapters are read")
    yield from map(Problem, problems)


def _chapters(container: Container, package: Package, place: str) -> list[Chapter]:
    """The chapters that begin in one file of the book; its beginning belongs to none of them if the title is empty."""
    tree = _tree(container.read(place), container.source, place)
    entries = package.entries_of(place)
    blocks, anchors = markup_blocks(tree, {entry.anchor for entry in entries if entry.anchor})
    if not any(block.text for block in blocks):
        return []
    starts: list[tuple[int, Entry]] = []
    for entry in entries:
        start = anchors.get(entry.anchor) if entry.anchor else 0
        if start is not None:
            starts.append((start, entry))
    if entries and not starts:  # anchors that are gone; the file is still the one that was meant
        starts.append((0, entries[0]))
    starts.sort(key=lambda found: found[0])
    chosen = _boundaries(starts, blocks, 0, len(blocks))
    chapters = []
    if not chosen or any(block.text for block in blocks[: chosen[0][0]]):
        end = chosen[0][0] if chosen else len(blocks)
        chapters.append(Chapter("", (), blocks[:end]))
    for number, (start, entry) in enumerate(chosen):
        end = chosen[number + 1][0] if number + 1 < len(chosen) else len(blocks)
        chapters.append(Chapter(entry.title, entry.parts, blocks[start:end]))
    return chapters


def _boundaries(starts: list[tuple[int, Entry]], blocks: list[Block], begin: int, end: int) -> list[tuple[int, Entry]]:
    """Which entries of the contents begin a chapter, in a part of a file: those of the highest level.

    One alone stands for all of the part; then the level below counts too if the part is longer than any chapter.
    """
    if not starts:
        return []
    top = min(entry.level for _, entry in starts)
    chosen: list[tuple[int, Entry]] = []
    for start, entry in starts:
        if entry.level == top and (not chosen or start > chosen[-1][0]):
            chosen.append((start, entry))
    kept: list[tuple[int, Entry]] = []
    for number, (start, entry) in enumerate(chosen):
        stop = chosen[number + 1][0] if number + 1 < len(chosen) else end
        kept.append((start, entry))
        if sum(len(block.text) for block in blocks[start:stop]) > MAX_CHAPTER_CHARACTERS:
            below = [found for found in starts if start <= found[0] < stop and found[1].level > top]
            kept += [found for found in _boundaries(below, blocks, start, stop) if found[0] > start]
    first = chosen[0][0]
    before = [found for found in starts if begin <= found[0] < first]
    return _boundaries(before, blocks, begin, first) + kept if before else kept


def _goes_on(chapter: Chapter, package: Package) -> bool:
    """Whether the beginning of a file that no entry names goes on with the chapter before, as programs cut files."""
    if not package.entries:
        return False
    heading = next((block for block in chapter.blocks if block.text), None)
    return heading is None or heading.kind != HEADING


def _is_contents(chapter: Chapter, package: Package) -> bool:
    """Whether a page only repeats the lines of the contents, as a printed table of contents does."""
    titles = {folded(entry.title) for entry in package.entries}
    texts = [folded(line) for block in chapter.blocks for line in block.text.split("\n") if line.strip()]
    return len(texts) > 3 and sum(text in titles for text in texts) * 3 >= len(texts) * 2


def _with_text(chapters: list[Chapter]) -> list[Chapter]:
    """The chapters without covers and the like; a part's title page tells the title of its first chapter's part."""
    kept = []
    for chapter in chapters:
        length = sum(len(block.text) for block in chapter.blocks)
        only_title = chapter.title and folded("".join(block.text for block in chapter.blocks)) == folded(chapter.title)
        if length > (0 if chapter.title else _FEW) and not only_title:
            kept.append(chapter)
    return kept or [chapter for chapter in chapters if any(block.text for block in chapter.blocks)]


def _tree(data: bytes, source: str, place: str) -> Any:
    data = without_document_type(data)
    try:
        return parse_xml(data, source, place)
    except ReadError:  # HTML that is no XML
        return parse(decode(data, source, declared=True).text, source)


def _describe(findings: Findings, package: Package) -> None:
    """Offers what is known of the book."""
    if package.language:
        findings.offer_language(package.language, "epub dc:language")
    findings.offer_authors(package.authors, "epub dc:creator", split=False)
    findings.offer_date_text(package.date, "epub dc:date")
    for name, value in package.extra.items():
        findings.offer_extra(name, value, f"epub {name}")


def _book(file: RawFile, package: Package, chapters: list[Chapter], pictures: int) -> Document:
    findings = findings_for(file)
    _describe(findings, package)
    findings.offer_title(package.title, "epub dc:title")
    blocks = [block for chapter in chapters for block in _headed(chapter)]
    findings.offer_extra("chapters", [chapter.title for chapter in chapters if chapter.title], "epub contents")
    _count_pictures(findings, pictures)
    return findings.document(tidy(paragraphs_of(blocks)), "chapters of the book")


def _headed(chapter: Chapter) -> list[Block]:
    """The chapter's blocks with its title before them, if they do not say it themselves."""
    first = "".join(block.text for block in chapter.blocks[:4])
    if not chapter.title or folded(chapter.title) in folded(first):
        return chapter.blocks
    return [Block(HEADING, chapter.title, level=1), *chapter.blocks]


def _chapter(file: RawFile, package: Package, chapter: Chapter, number: int, pictures: int) -> Document:
    findings = findings_for(file, f"{file.source}#{number}")
    _describe(findings, package)
    blocks = chapter.blocks
    if chapter.title:
        findings.offer_title(chapter.title, "epub contents")
    else:
        heading = next((block for block in blocks[:5] if block.kind == HEADING and block.text), None)
        findings.offer_title(heading.text if heading else package.title, "heading" if heading else "epub dc:title")
    findings.offer_extra("book", package.title, "epub dc:title")
    findings.offer_extra("part", chapter.parts, "epub contents")
    findings.offer_extra("chapter", str(number), "place in the book")
    _count_pictures(findings, pictures)
    return findings.document(tidy(paragraphs_of(_without_title(blocks, findings.title))), "chapter of the book")


def _without_title(blocks: list[Block], title: str) -> list[Block]:
    """The blocks without those at the start that say the title: "Chapter 1", "The Harbour"."""
    left = folded(title)
    number = 0
    while number < min(len(blocks), 5) and left:
        said = folded(blocks[number].text)
        if said and not left.startswith(said):
            break
        left = left[len(said) :]
        number += 1
    return blocks[number:] if number and not left and len(blocks) > number else blocks


def _count_pictures(findings: Findings, pictures: int) -> None:
    if pictures:
        what = "one page holds" if pictures == 1 else f"{pictures} pages hold"
        findings.warn(f"{what} no text (covers, pictures)")
