"""Text documents of LibreOffice and others (ODT)."""

from __future__ import annotations

from collections.abc import Iterator

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

MAX_SPACES = 100
_MAX_STYLES = 5_000
_MAX_DEPTH = 20  # of styles based on styles
_CONTENTS = ("table-of-content", "illustration-index", "table-index", "alphabetical-index", "user-index")
_SKIPPED = frozenset(
    ("tracked-changes", "annotation", "sequence-decls", "forms", "variable-decls", "user-field-decls", *_CONTENTS)
)


def read(file: RawFile) -> Iterator[Document | Problem]:
    """The one document of the file."""
    container = Container(file.data, file.source, "an ODT file")
    _refuse_encrypted(container)
    root = parse_xml(container.read("content.xml"), file.source, "content.xml")
    text = next((child for body in root.iter("{*}body") for child in body if _tag(child) == "text"), None)
    if text is None:
        raise ReadError("not a text document: its content.xml has no text", where=file.source)
    findings = findings_for(file)
    reader = _Reader(_style_names(root))
    reader.read(text)
    reader.read_notes()
    if len(reader.blocks) >= MAX_BLOCKS:
        findings.warn(f"only the first {MAX_BLOCKS:,} paragraphs are read")
    if not any(block.text for block in reader.blocks):
        raise ReadError("a document without text", where=file.source)
    yield office_document(file, findings, reader.blocks, _properties(container), "odt properties")


def _refuse_encrypted(container: Container) -> None:
    place = "META-INF/manifest.xml"
    if place not in container:
        return
    for entry in parse_xml(container.read(place), container.source, place).iter("{*}file-entry"):
        if next(entry.iterchildren("{*}encryption-data"), None) is not None:
            raise ReadError("encrypted with a password", where=container.source, remedy="Save it anew, without one.")


def _properties(container: Container) -> Properties:
    if "meta.xml" not in container:
        return Properties()
    try:
        root = parse_xml(container.read("meta.xml"), container.source, "meta.xml")
    except ReadError:
        return Properties()

    def texts(name: str) -> tuple[str, ...]:
        return tuple(filter(None, map(all_text, root.iter(f"{{*}}{name}"))))

    def text(name: str) -> str:
        return next(iter(texts(name)), "")

    return Properties(
        title=text("title"),
        authors=texts("initial-creator")[:1] or texts("creator")[:1],
        created=text("creation-date"),
        subject=text("subject"),
        description=text("description"),
        keywords=texts("keyword"),
        language=text("language"),
        program=text("generator"),
    )


def _style_names(root: Element) -> dict[str, str]:
    """For each style that a program made up, the name of the one that a person chose: P7 is Title."""
    parents: dict[str, str] = {}
    for style in root.iter("{*}style"):
        if len(parents) < _MAX_STYLES:
            parents[_value(style, "name")] = _value(style, "parent-style-name")
    found = {}
    for name in parents:
        at = name
        for _ in range(_MAX_DEPTH):
            if not parents.get(at):
                break
            at = parents[at]
        found[name] = at
    return found


def _value(element: Element, name: str) -> str:
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


class _Reader:
    """The blocks so far."""

    def __init__(self, styles: dict[str, str]) -> None:
        self.blocks: list[Block] = []
        self._styles = styles
        self._notes: list[Element] = []
        self._lists = 0

    def read(self, root: Element, depth: int = 0) -> None:
        """Takes in what stands in the text, a list, a cell, a frame or a note; `depth` counts lists."""
        for element in root:
            tag = _tag(element)
            if len(self.blocks) >= MAX_BLOCKS:
                return
            if tag in ("p", "h"):
                self._paragraph(element, tag, depth)
            elif tag == "list":
                self._lists += depth == 0
                self.read(element, depth + 1)
            elif tag == "table":
                self._table(element)
            elif tag and tag not in _SKIPPED:
                self.read(element, depth)

    def read_notes(self) -> None:
        """Takes in the footnotes and endnotes that were met."""
        for note in self._notes:
            for body in note.iterchildren("{*}note-body"):
                self.read(body)

    def _paragraph(self, element: Element, tag: str, depth: int) -> None:
        style = self._styles.get(_value(element, "style-name"), _value(element, "style-name")).replace("_20_", " ")
        level = 0
        if style == "Title":
            level = 1
        elif tag == "h":
            written = _value(element, "outline-level")
            level = min(int(written), 6) if written.isdigit() and int(written[:3]) > 0 else 1
        kind = HEADING if level else ITEM if depth else QUOTE if style.startswith("Quot") else PARAGRAPH
        block = Block(kind, level=level or (self._lists if depth else 0))
        pieces: list[str] = [element.text or ""]
        boxes: list[Element] = []
        self._inline(element, pieces, block, boxes)
        block.text = printable("".join(pieces)).strip()
        if block.text or block.images:
            self.blocks.append(block)
        for box in boxes:
            self.read(box)

    def _inline(self, root: Element, pieces: list[str], block: Block, boxes: list[Element]) -> None:
        for element in root:
            tag = _tag(element)
            if tag == "s":
                count = _value(element, "c")
                pieces.append(" " * min(int(count) if count.isdigit() and len(count) < 6 else 1, MAX_SPACES))
            elif tag == "tab":
                pieces.append(" ")
            elif tag == "line-break":
                pieces.append("\n")
            elif tag == "note":
                self._notes.append(element)
            elif tag == "a":
                begin = len(pieces)
                pieces.append(element.text or "")
                self._inline(element, pieces, block, boxes)
                text, address = "".join(pieces[begin:]).strip(), _value(element, "href")
                if text and address:
                    block.links.append((text, address))
            elif tag == "frame":
                self._frame(element, block, boxes)
            elif tag == "ruby":
                for base in element.iterchildren("{*}ruby-base"):
                    pieces.append(base.text or "")
                    self._inline(base, pieces, block, boxes)
            elif tag and tag not in _SKIPPED:
                pieces.append(element.text or "")
                self._inline(element, pieces, block, boxes)
            pieces.append(element.tail or "")

    def _frame(self, frame: Element, block: Block, boxes: list[Element]) -> None:
        texts = list(frame.iterchildren("{*}text-box"))
        boxes += texts
        if not texts:
            block.images += 1
            for described in frame.iterchildren("{*}title", "{*}desc"):
                if alt := all_text(described):
                    block.alts.append(alt[:1000])

    def _table(self, table: Element) -> None:
        rows = list(table.iter("{*}table-row"))
        cells = [list(row.iterchildren("{*}table-cell")) for row in rows]
        if len(rows) == 1 and len(cells[0]) == 1:
            self.read(cells[0][0])  # a frame
            return
        for row, in_row in zip(rows, cells, strict=True):
            if next(row.iterancestors("{*}table"), None) is not table:
                continue  # of a table within, which the cell around it holds
            texts = []
            for cell in in_row:
                inner = _Reader(self._styles)
                inner._notes = self._notes
                inner.read(cell)
                texts.append(" ".join(block.text for block in inner.blocks if block.text))
            if any(texts):
                self.blocks.append(Block(TABLE, " ".join(filter(None, texts))))
