"""Word documents (DOCX): the text as it shows when all changes are accepted, with notes behind it.

Read from the XML itself: python-docx passes over text in content controls, tracked insertions and footnotes.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from index.document import Document
from index.errors import ReadError
from index.readers import Problem, RawFile
from index.readers.article.start import findings_for
from index.readers.blocks.block import HEADING, ITEM, PARAGRAPH, QUOTE, TABLE, Block
from index.readers.blocks.plain import printable
from index.readers.decoding.container import Container
from index.readers.decoding.xml_parts import Element, all_text, parse_xml
from index.readers.parts.office import Properties, office_document

MAX_BLOCKS = 200_000
"""What follows them is left out, with a warning."""

_MAX_STYLES = 2_000
_MAX_DEPTH = 20  # of styles based on styles
_LARGER = 1.3  # times the size of the text: then the first paragraph is the headline

_SKIPPED = frozenset(
    ("del", "moveFrom", "instrText", "delText", "rPrChange", "pPrChange", "sectPr", "Fallback", "annotationRef")
)


class Style(NamedTuple):
    """What a paragraph style means: a heading's level (0 for none), a list, a quotation, the size in half points."""

    level: int = 0
    listed: bool = False
    quote: bool = False
    contents: bool = False
    size: float = 0


def read(file: RawFile) -> Iterator[Document | Problem]:
    """The one document of the file."""
    container = Container(file.data, file.source, "a DOCX file")
    relations = _relations(container, "")
    place = next((to for kind, to in relations.values() if kind == "officeDocument"), "word/document.xml")
    if place not in container:
        raise ReadError("not a DOCX file: it has no word/document.xml", where=file.source)
    root = parse_xml(container.read(place), file.source, place)
    body = next(root.iter("{*}body"), None)
    if body is None:
        raise ReadError("not a DOCX file: its document.xml has no body", where=file.source)
    findings = findings_for(file)
    own = _relations(container, place)
    reader = _Reader(_styles(container, own), {key: to for key, (kind, to) in own.items() if kind == "hyperlink"})
    reader.read(body)
    for kind in ("footnotes", "endnotes"):
        reader.read_notes(_part(container, own, kind), kind[:-1])
    if len(reader.blocks) >= MAX_BLOCKS:
        findings.warn(f"only the first {MAX_BLOCKS:,} paragraphs are read")
    if not any(block.text for block in reader.blocks):
        raise ReadError("a document without text", where=file.source)
    yield office_document(file, findings, reader.headed(), _properties(container, relations), "docx properties")


def _relations(container: Container, place: str) -> dict[str, tuple[str, str]]:
    """What a part refers to, by id: the kind, and the part or address."""
    folder, name = posixpath.split(place)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    if listed not in container:
        return {}
    found = {}
    for relation in parse_xml(container.read(listed), container.source, listed).iter("{*}Relationship"):
        kind, to = (relation.get("Type") or "").rpartition("/")[2], relation.get("Target") or ""
        if relation.get("TargetMode") != "External":
            to = posixpath.normpath(posixpath.join("/", folder, to)).lstrip("/")
        found[relation.get("Id") or ""] = kind, to
    return found


def _part(container: Container, relations: dict[str, tuple[str, str]], kind: str) -> Element | None:
    """A part by what it is for; None if there is none that can be read: the text does without."""
    place = next((to for of, to in relations.values() if of == kind), "")
    if not place or place not in container:
        return None
    try:
        return parse_xml(container.read(place), container.source, place)
    except ReadError:
        return None


def _properties(container: Container, relations: dict[str, tuple[str, str]]) -> Properties:
    core, app = (_part(container, relations, kind) for kind in ("core-properties", "extended-properties"))

    def text(root: Element | None, name: str) -> str:
        element = next(root.iter(f"{{*}}{name}"), None) if root is not None else None
        return all_text(element) if element is not None else ""

    creator = text(core, "creator")
    return Properties(
        title=text(core, "title"),
        authors=(creator,) if creator else (),
        created=text(core, "created"),
        subject=text(core, "subject"),
        description=text(core, "description"),
        keywords=text(core, "keywords"),
        language=text(core, "language"),
        program=text(app, "Application"),
    )


def _styles(container: Container, relations: dict[str, tuple[str, str]]) -> dict[str, Style]:
    root = _part(container, relations, "styles")
    if root is None:
        return {}
    raw: dict[str, Element] = {}
    for element in root.iter("{*}style"):
        if len(raw) < _MAX_STYLES:
            raw[_value(element, "styleId")] = element
    defaults = next(root.iter("{*}docDefaults"), None)
    size = _size(defaults) if defaults is not None else 0
    found = {"": Style(size=size or 20)}
    for key in raw:
        chain: list[Element] = []
        at = key
        while at in raw and len(chain) < _MAX_DEPTH and raw[at] not in chain:
            chain.append(raw[at])
            at = _value(_child(raw[at], "basedOn"), "val")
        found[key] = _style(chain, found[""].size)
        if _value(raw[key], "default") in ("1", "true") and _value(raw[key], "type") == "paragraph":
            found[""] = found[key]
    return found


def _style(chain: list[Element], size: float) -> Style:
    """What a style means; it has from those it is based on what it does not say itself."""
    names = [_value(_child(element, "name"), "val").lower() for element in chain]
    level = 0
    for name, element in zip(names, chain, strict=True):
        outline = next(element.iter("{*}outlineLvl"), None)
        if name == "title":
            level = 1
        elif name.startswith("heading ") and name[8:].isdigit():
            level = min(int(name[8:]), 6)
        elif outline is not None and _value(outline, "val").isdigit() and int(_value(outline, "val")) < 9:
            level = min(int(_value(outline, "val")) + 1, 6)
        if level:
            break
    return Style(
        level,
        any(next(element.iter("{*}numPr"), None) is not None for element in chain) or "list" in names[0],
        "quote" in names[0],
        names[0].startswith(("toc ", "table of figures", "toc heading")),
        next((found for element in chain if (found := _size(element))), size),
    )


def _size(element: Element) -> float:
    found = next(element.iter("{*}sz"), None)
    value = _value(found, "val")
    return float(value) if value.isdigit() and len(value) < 5 else 0


def _value(element: Element | None, name: str) -> str:
    """An attribute in whatever namespace; empty if it, or the element, is not there."""
    if element is None:
        return ""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def _child(element: Element, name: str) -> Element | None:
    return next(element.iterchildren(f"{{*}}{name}"), None)


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


class _Reader:
    """The blocks so far."""

    def __init__(self, styles: dict[str, Style], links: dict[str, str]) -> None:
        self.blocks: list[Block] = []
        self._sizes: list[float] = []  # of each block, in half points
        self._styles = styles
        self._plain = styles.get("", Style(size=20))
        self._links = links
        self._noted: dict[str, list[str]] = {"footnote": [], "endnote": []}

    def read(self, root: Element) -> None:
        """Takes in what stands in the body, a cell, a text box or a note."""
        for element in root:
            tag = _tag(element)
            if len(self.blocks) >= MAX_BLOCKS:
                return
            if tag == "p":
                self._paragraph(element)
            elif tag == "tbl":
                self._table(element)
            elif tag == "sdt" and "Table of Contents" in [
                _value(kind, "val") for kind in element.iter("{*}docPartGallery")
            ]:
                continue
            elif tag and tag not in _SKIPPED:
                self.read(element)

    def read_notes(self, root: Element | None, kind: str) -> None:
        """Takes in the notes that were referred to, in that order."""
        notes = {} if root is None else {_value(note, "id"): note for note in root.iter(f"{{*}}{kind}")}
        for key in dict.fromkeys(self._noted[kind]):
            if key in notes:
                self.read(notes[key])

    def headed(self) -> list[Block]:
        """The blocks, with the first as a heading if it is none but is set larger than the text."""
        first = next((number for number, block in enumerate(self.blocks[:3]) if block.text), None)
        if first is None or any(block.kind == HEADING and block.level == 1 for block in self.blocks[:8]):
            return self.blocks
        block = self.blocks[first]
        if block.kind == PARAGRAPH and len(block.text) < 200 and self._sizes[first] >= _LARGER * self._plain.size:
            block.kind, block.level = HEADING, 1
        return self.blocks

    def _paragraph(self, element: Element) -> None:
        properties = _child(element, "pPr")
        style = self._plain
        listed = False
        if properties is not None:
            style = self._styles.get(_value(_child(properties, "pStyle"), "val"), self._plain)
            numbering = _child(properties, "numPr")
            listed = style.listed if numbering is None else _value(_child(numbering, "numId"), "val") != "0"
        if style.contents:
            return
        kind = HEADING if style.level else ITEM if listed else QUOTE if style.quote else PARAGRAPH
        block = Block(kind, level=style.level or int(listed))
        line = _Line(block)
        boxes: list[Element] = []
        self._inline(element, line, boxes)
        block.text = printable("".join(line.pieces)).strip()
        if block.text or block.images:
            self.blocks.append(block)
            self._sizes.append(line.size or style.size)
        for box in boxes:
            self.read(box)

    def _inline(self, root: Element, line: _Line, boxes: list[Element]) -> None:
        for element in root:
            tag = _tag(element)
            if not tag or tag in _SKIPPED or tag == "pPr":
                continue
            if tag == "r":
                self._run(element, line, boxes)
            elif tag == "hyperlink":
                begin = len(line.pieces)
                self._inline(element, line, boxes)
                address = self._links.get(_value(element, "id"), "")
                text = "".join(line.pieces[begin:]).strip()
                if address and text:
                    line.block.links.append((text, address))
            else:
                self._inline(element, line, boxes)

    def _run(self, run: Element, line: _Line, boxes: list[Element]) -> None:
        properties = _child(run, "rPr")
        bold = italic = False
        if properties is not None:
            if _is_on(properties, "vanish"):
                return
            bold, italic = _is_on(properties, "b"), _is_on(properties, "i")
            line.size = line.size or _size(properties)
        begin = line.length
        for element in run:
            tag = _tag(element)
            if tag == "t":
                line.add(element.text or "")
            elif tag in ("tab", "ptab"):
                line.add(" ")
            elif tag in ("br", "cr"):
                line.add("\n")
            elif tag == "noBreakHyphen":
                line.add("-")
            elif tag in ("footnoteReference", "endnoteReference"):
                self._noted[tag.removesuffix("Reference")].append(_value(element, "id"))
            elif tag in ("drawing", "pict", "object", "AlternateContent"):
                self._drawing(element, line.block, boxes)
        if line.length > begin:
            if bold:
                line.block.strong.append(line.joined(line.block.strong, begin))
            if italic:
                line.block.emphasised.append(line.joined(line.block.emphasised, begin))

    def _drawing(self, root: Element, block: Block, boxes: list[Element]) -> None:
        # What old programs show instead of a drawing repeats it.
        old = next((branch for branch in root.iter("{*}Fallback")), None)
        texts = [box for box in root.iter("{*}txbxContent") if old is None or old not in box.iterancestors()]
        boxes += texts
        if not texts:
            block.images += 1
            for described in root.iter("{*}docPr"):
                if alt := described.get("descr"):
                    block.alts.append(alt[:1000])

    def _table(self, table: Element) -> None:
        rows = list(table.iterchildren("{*}tr"))
        if len(rows) == 1 and len(list(rows[0].iterchildren("{*}tc"))) == 1:
            self.read(next(rows[0].iterchildren("{*}tc")))  # a frame
            return
        for row in rows:
            inner = _Reader(self._styles, self._links)
            inner._noted = self._noted
            cells = []
            for cell in row.iter("{*}tc"):
                if next(cell.iterancestors("{*}tr"), None) is not row:
                    continue  # of a table within, which the cell around it holds
                inner.blocks = []
                inner.read(cell)
                cells.append(" ".join(block.text for block in inner.blocks if block.text))
            if any(cells):
                self.blocks.append(Block(TABLE, " ".join(filter(None, cells))))
                self._sizes.append(0)


class _Line:
    """A paragraph in the making."""

    __slots__ = ("block", "length", "pieces", "size")

    def __init__(self, block: Block) -> None:
        self.block = block
        self.pieces: list[str] = []
        self.length = 0
        self.size: float = 0  # of its first run that says one

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)

    def joined(self, marks: list[tuple[int, int]], begin: int) -> tuple[int, int]:
        """A mark up to here, together with the last one if that ends where it begins."""
        if marks and marks[-1][1] == begin:
            begin = marks.pop()[0]
        return begin, self.length


def _is_on(properties: Element, name: str) -> bool:
    element = _child(properties, name)
    return element is not None and _value(element, "val") not in ("0", "false", "off", "none")
