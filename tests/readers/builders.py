"""Small files of binary formats, for tests and for the golden cases: `python -m tests.readers.builders` writes those."""

# ruff: noqa: E501  (markup reads better in long lines)
from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def zip_file(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP file; the same parts always give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()


CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="OPS/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
BOOK = """<dc:title>The Harbour Master's Year</dc:title>
<dc:creator id="c1">Maren Voss</dc:creator><meta refines="#c1" property="role">aut</meta>
<meta refines="#c1" property="file-as">Voss, Maren</meta>
<dc:creator id="c2">Ivo Lindt</dc:creator><meta refines="#c2" property="role">ill</meta>
<dc:language>en</dc:language><dc:date>2019-03-14</dc:date><dc:publisher>Tidewater Press</dc:publisher>
<meta property="dcterms:modified">2021-01-01T00:00:00Z</meta>"""


def chapter(title: str, *paragraphs: str) -> str:
    """A file of a book."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><h1>{title}</h1>{text}</body></html>'


def epub(
    pages: Mapping[str, str],
    contents: str = "",
    *,
    metadata: str = BOOK,
    ncx: str = "",
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A book of these files in this order; `contents` is the inner of its list of contents."""
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(pages)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(pages)))
    parts: dict[str, str | bytes] = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER}
    if contents:
        items += '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        parts["OPS/nav.xhtml"] = (
            '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>'
            f'<nav epub:type="toc"><ol>{contents}</ol></nav></body></html>'
        )
    if ncx:
        items += '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        parts["OPS/toc.ncx"] = f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{ncx}</navMap></ncx>'
    parts["OPS/package.opf"] = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:opf="http://www.idpf.org/2007/opf" version="3.0"><metadata>{metadata}</metadata>'
        f'<manifest>{items}</manifest><spine toc="ncx">{spine}</spine></package>'
    )
    parts |= {f"OPS/{name}": content for name, content in pages.items()}
    return zip_file({**parts, **(more or {})})


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STYLES = f"""<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="Meine"><w:name w:val="My own"/><w:basedOn w:val="berschrift2"/></w:style>
<w:style w:type="paragraph" w:styleId="Liste"><w:name w:val="List Bullet"/></w:style>
<w:style w:type="paragraph" w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style></w:styles>"""


def paragraph(text: str, style: str = "") -> str:
    """A paragraph of a DOCX file."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(body: str, *, core: str = "", notes: str = "") -> bytes:
    """A DOCX file with this in its body, and this among its properties."""
    parts: dict[str, str | bytes] = {
        "_rels/.rels": f"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>
<Relationship Id="r2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>
</Relationships>""",
        "word/_rels/document.xml.rels": f"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="{_OFFICE}/styles" Target="styles.xml"/>
<Relationship Id="r2" Type="{_OFFICE}/footnotes" Target="footnotes.xml"/>
<Relationship Id="r3" Type="{_OFFICE}/hyperlink" Target="https://example.org/tide" TargetMode="External"/></Relationships>""",
        "docProps/core.xml": f"""<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">{core}</cp:coreProperties>""",
        "word/styles.xml": STYLES,
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{_W}">{notes}</w:footnotes>',
        "word/document.xml": f'<w:document xmlns:w="{_W}" xmlns:r="{_OFFICE}"><w:body>{body}</w:body></w:document>',
    }
    return zip_file(parts)


_ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("meta", "meta"),
    )
)


def odt(body: str, *, styles: str = "", meta: str = "", more: Mapping[str, str | bytes] | None = None) -> bytes:
    """An ODT file with this as its text, and this among its properties."""
    parts: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f'<office:document-content {_ODF} xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        "meta.xml": f'<office:document-meta {_ODF} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>{meta}'
        "</office:meta></office:document-meta>",
    }
    return zip_file({**parts, **(more or {})})


Placed = tuple[float, float, float, str]
"""A line on a page: x and y from the lower left corner and size, in points, and the text."""


def pdf(
    pages: Sequence[Sequence[Placed]],
    info: Mapping[str, str] | None = None,
    *,
    xmp: str = "",
    password: str | None = None,
) -> bytes:
    """A PDF of these pages; with a password (or an empty one) it is encrypted by RC4 with 40 bits."""
    identifier = b"0123456789abcdef"
    key = owner = b""
    if password is not None:
        secret = (password.encode() + _PADDING)[:32]
        owner = rc4(hashlib.md5(_PADDING).digest()[:5], secret)
        key = hashlib.md5(secret + owner + (0xFFFFFFFC).to_bytes(4, "little") + identifier).digest()[:5]
    objects: list[bytes] = []

    def stored(number: int, data: bytes) -> bytes:
        return rc4(hashlib.md5(key + number.to_bytes(3, "little") + bytes(2)).digest()[:10], data) if key else data

    def text(number: int, value: str) -> bytes:
        return b"<" + stored(number, b"\xfe\xff" + value.encode("utf-16-be")).hex().encode() + b">"

    count = len(pages)
    kids = b" ".join(b"%d 0 R" % (5 + 2 * number) for number in range(count))
    metadata = b" /Metadata %d 0 R" % (5 + 2 * count) if xmp else b""
    objects.append(b"<< /Type /Catalog /Pages 2 0 R%s >>" % metadata)
    objects.append(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids))
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    objects.append(
        b"<< " + b" ".join(b"/%s %s" % (name.encode(), text(4, value)) for name, value in (info or {}).items()) + b" >>"
    )
    for lines in pages:
        number = len(objects) + 1
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>"
            % (number + 1)
        )
        drawn = b"".join(
            b"BT /F1 %g Tf %g %g Td (%s) Tj ET\n"
            % (size, x, y, line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)"))
            for x, y, size, line in lines
        )
        drawn = stored(number + 1, drawn)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    if xmp:
        packet = xmp.encode()
        objects.append(b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream" % (len(packet), packet))
    trailer = b"/Size %d /Root 1 0 R /Info 4 0 R" % (len(objects) + 2)
    if key:
        user = rc4(key, _PADDING)
        objects.append(
            b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >>" % (owner.hex().encode(), user.hex().encode())
        )
        trailer += b" /Encrypt %d 0 R /ID [<%s> <%s>]" % (
            len(objects),
            identifier.hex().encode(),
            identifier.hex().encode(),
        )
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, table)
    return bytes(out)


def rc4(key: bytes, data: bytes) -> bytes:
    """The stream cipher of the first encrypted PDFs."""
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    out = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


_SIZE, _LEADING = 11.0, 14.0


def set_text(text: str, *, x: float = 72, y: float = 640, width: int = 80) -> list[Placed]:
    """Paragraphs (parted by empty lines) set in lines of at most `width` characters, each but the first of the page
    with its first line indented."""
    lines: list[Placed] = []
    for number, each in enumerate(text.split("\n\n")):
        row = ""
        indent = 14.0 if number else 0.0
        for word in each.split():
            if row and len(row) + 1 + len(word) > width:
                lines.append((x + indent, y, _SIZE, row))
                row, indent, y = "", 0.0, y - _LEADING
            row = f"{row} {word}".strip()
        lines.append((x + indent, y, _SIZE, row))
        y -= _LEADING
    return lines


TALE = (
    "The harbour master of Dunmarra kept two clocks in her office, one for the town and one for the sea, and on most days "
    "of the year they agreed with each other well enough.\n\n"
    "On the fourteenth of March they did not. The town's clock said noon, and the sea's clock, which was the older of the "
    "two, said that there was still an hour to go before the ferry could leave.\n\n"
    "She believed the sea, as her father had, and the ferry waited."
)

CASES: dict[str, bytes] = {
    "book.epub": epub(
        {
            "cover.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><body><img src="c.png" alt="Cover"/></body></html>',
            "one.xhtml": chapter("The Ferry", "The ferry left at noon, as it had every day since the war.", "Nobody waved."),
            "two.xhtml": chapter("The Fog", "On the second day nobody saw the water, but everybody heard it&nbsp;breathe."),
        },
        '<li><a href="one.xhtml">The Ferry</a></li><li><a href="two.xhtml">The Fog</a></li>',
    ),
    "report.docx": docx(
        paragraph("Two Clocks in One Office", "Titel") + paragraph("By Maren Voss | 14 March 2019") + paragraph(TALE.split("\n\n")[0])
        + paragraph("What the sea said", "Meine") + paragraph(TALE.split("\n\n")[1]) + paragraph("the town's clock", "Liste")
        + paragraph("the sea's clock", "Liste"),
        core="<dc:title>Template 3</dc:title><dc:creator>User</dc:creator><dcterms:created>2018-11-02T09:00:00Z</dcterms:created>",
    ),
    "letter.odt": odt(
        '<text:h text:outline-level="1">Two Clocks in One Office</text:h>'
        + "".join(f"<text:p>{part}</text:p>" for part in TALE.split("\n\n")),
        meta="<meta:initial-creator>Maren Voss</meta:initial-creator><meta:creation-date>2019-03-14T08:30:00</meta:creation-date>",
    ),
    "paper.pdf": pdf(
        [
            [(72, 720, 20, "Two Clocks in One Office"), (72, 690, 11, "By Maren Voss"), *set_text(TALE), (300, 40, 9, "1")],
        ],
        {"Title": "Microsoft Word - clocks_final2.doc", "Producer": "A Printer", "CreationDate": "D:20190314233000-08'00'"},
    ),
}  # fmt: skip


if __name__ == "__main__":
    for name, data in CASES.items():
        (Path(__file__).parent / "cases" / name).write_bytes(data)
