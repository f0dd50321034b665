"""From the body of an AsciiDoc text to blocks, in one pass over the lines."""

from __future__ import annotations

import re
from collections.abc import Mapping

from index.readers.blocks.block import CODE, HEADING, ITEM, PARAGRAPH, QUOTE, RULE, TABLE, Block

MAX_LINES = 300_000
"""What follows them is one more paragraph."""

_SECTION = re.compile(r"(={1,6}|#{1,6})[ ]+(\S.*?)(?:[ ]+\1)?$")
_FENCE = re.compile(r"(?:(-{4,}|\.{4,}|\+{4,}|/{4,}|_{4,}|={4,}|\*{4,}|`{3,}\w*)|(--)|([|,:!]={3,}))$")
_UNDERLINES = "=-~^+"
_ATTRIBUTES = re.compile(r"\[(?![\[ ])[^\n]*\]$|\[\[[^\]\n]*\]\]$|\[\]$")
_ITEM = re.compile(r"[ \t]*(?:(\*{1,6}|-|\.{1,6})|(\d{1,4}|[a-zA-Z])\.|<(?:\d+|\.)>)[ \t]+(\S.*)$")
_TERM = re.compile(r"(\S[^\n]*?)(?:::{1,3}|;;)(?:[ \t]+(.*))?$")
_MACRO = re.compile(
    r"(image|video|audio|include|ifdef|ifndef|endif|ifeval|toc|gist|page-break)::([^\[\n]*)\[([^\]\n]*)\]?.*$"
)
_LABEL = re.compile(r"(NOTE|TIP|IMPORTANT|WARNING|CAUTION):[ ]+")
_ATTRIBUTE_LINE = re.compile(r":!?[\w][\w-]{0,60}!?:(?:[ \t].*)?$")

_INLINE = re.compile(
    r"\\(?P<escaped>[*_`#+^~{<\[])"
    r"|(?P<macro>link|mailto|xref|footnote|footnoteref|kbd|btn|menu|pass|stem|latexmath|icon|anchor|indexterm2?):"
    r"(?P<target>[^\s\[\]]{0,1000}+)\[(?P<inside>[^\]\n]{0,1000}+)\]"
    r"|image:(?P<image>[^\s\[\]]{1,1000}+)\[(?P<alt>[^\]\n]{0,500}+)\]"
    r"|(?P<address>https?://[^\s\[\]<>]{1,2000}+)(?:\[(?P<shown>[^\]\n]{0,1000}+)\])?"
    r"|<<(?P<reference>[^<>,\n]{1,300}+)(?:,[ ]*(?P<named>[^<>\n]{1,500}+))?>>"
    r"|\(\((?P<term>[^()\n]{1,200})\)\)"
    r"|\[\[[^\[\]\n]{1,300}\]\]"
    r"|\{(?P<attribute>[\w-]{1,60})\}"
    r"|(?<![\w*])\*\*?(?P<strong>(?=[^\s*])[^*\n]{1,1000}+)(?<!\s)\*\*?(?![\w*])"
    r"|(?<![\w_])__?(?P<emphasised>(?=[^\s_])[^_\n]{1,1000}+)(?<!\s)__?(?![\w_])"
    r"|``?(?P<code>(?=[^\s`])[^`\n]{1,1000}+)``?"
    r"|(?<![\w+])\+\+?\+?(?P<passed>(?=[^\s+])[^+\n]{1,1000}+)\+\+?\+?(?![\w+])"
    r"|(?:\[[^\[\]\n]{1,100}\])?(?<![\w#])##?(?P<marked>(?=[^\s#])[^#\n]{1,1000}+)(?<!\s)##?(?![\w#])"
    r"|[ ](?P<breaks>\+)$",
    re.MULTILINE,
)
_ENTITIES = {"nbsp": " ", "empty": "", "sp": " ", "zwsp": "", "amp": "&", "lt": "<", "gt": ">", "plus": "+",
             "apos": "'", "quot": '"', "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "deg": "°",
             "asterisk": "*", "backtick": "`", "vbar": "|", "startsb": "[", "endsb": "]", "tilde": "~"}  # fmt: skip


class _Maker:
    """Makes the blocks of one text."""

    def __init__(self, attributes: Mapping[str, str]) -> None:
        self.blocks: list[Block] = []
        self._attributes = attributes
        self._paragraph: list[str] = []
        self._kind = PARAGRAPH
        self._level = 0

    def begin(self, kind: int, text: str, level: int = 0) -> None:
        """A paragraph of some kind, whose further lines may follow."""
        self.close()
        self._kind, self._level = kind, level
        self._paragraph = [text]

    def go_on(self, line: str, kind: int) -> None:
        """One more line of the open paragraph; a new one of this kind if none is open."""
        if not self._paragraph:
            self._kind, self._level = kind, 0
        self._paragraph.append(line)

    def close(self) -> None:
        """Ends the open paragraph."""
        lines, self._paragraph = self._paragraph, []
        if lines:
            self.add(self._kind, "\n".join(lines), self._level)

    @property
    def is_open(self) -> bool:
        """Whether a paragraph's further lines may follow."""
        return bool(self._paragraph)

    def heading_over(self, line: str) -> str | None:
        """The open line of text, no longer open, if this line underlines it as a heading."""
        if len(self._paragraph) != 1 or self._kind != PARAGRAPH or len(line) < 4 or line[0] not in _UNDERLINES:
            return None
        if line.strip(line[0]) or abs(len(line) - len(self._paragraph[0])) > 2:
            return None
        return self._paragraph.pop()

    def add(self, kind: int, text: str, level: int = 0) -> None:
        """One block, whose lines are joined unless they end in " +"."""
        block = Block(kind, level=level)
        _write(text, block, self._attributes)
        if block.text or block.images:
            self.blocks.append(block)


def asciidoc_blocks(text: str, attributes: Mapping[str, str]) -> list[Block]:
    """The blocks of a text, without markup.

    Args:
        text: below the document's head.
        attributes: of the head, for references such as {product}.
    """
    lines = text.expandtabs(4).split("\n", MAX_LINES)
    rest = lines.pop() if len(lines) > MAX_LINES else ""
    maker = _Maker(attributes)
    quotes: list[str] = []  # the fences of open quotes
    at = 0
    while at < len(lines):
        line = lines[at].rstrip()
        at += 1
        if (heading := maker.heading_over(line)) is not None:
            maker.add(HEADING, heading, _UNDERLINES.index(line[0]) + 1)
        elif fence := _FENCE.match(line):
            at = _fenced(lines, at, line, fence, maker, quotes)
        elif not line or line == "+":
            maker.close()
        elif line.startswith("//"):
            pass
        elif _ATTRIBUTES.match(line) or _ATTRIBUTE_LINE.match(line):
            maker.close()
        elif line in ("'''", "---", "***", "<<<"):
            maker.close()
            maker.blocks.append(Block(RULE))
        elif match := _SECTION.match(line):
            maker.close()
            maker.add(HEADING, match[2], len(match[1]))
        elif match := _MACRO.match(line):
            maker.close()
            if match[1] == "image":
                block = Block(PARAGRAPH)
                block.images = 1
                block.alts = [alt for alt in match[3].split(",")[:1] if alt and "=" not in alt]
                maker.blocks.append(block)
        elif match := _ITEM.match(line):
            maker.begin(ITEM, match[3], len(match[1] or "1"))
        elif line[0] == " " and not maker.is_open:
            end = at
            while end < len(lines) and lines[end].strip():
                end += 1
            maker.blocks.append(Block(CODE, "\n".join(part.strip() for part in lines[at - 1 : end])))
            at = end
        elif not maker.is_open and line[0] == "." and line[1:2].strip(" ."):
            maker.add(PARAGRAPH, line[1:])  # the title of a block
        elif not maker.is_open and (match := _TERM.match(line)) and "://" not in match[1]:
            maker.add(PARAGRAPH, match[1])
            if match[2]:
                maker.begin(PARAGRAPH, match[2])
        else:
            kind = QUOTE if quotes else PARAGRAPH
            maker.go_on(_LABEL.sub("", line.strip()) if not maker.is_open else line.strip(), kind)
    maker.close()
    if rest.strip():
        maker.blocks.append(Block(PARAGRAPH, " ".join(rest.split())))
    return maker.blocks


def _fenced(lines: list[str], at: int, line: str, fence: re.Match[str], maker: _Maker, quotes: list[str]) -> int:
    """A delimited block: code and comments as a whole, tables by rows; what others hold is read as it comes."""
    maker.close()
    if fence[3]:
        return _table(lines, at, line, maker)
    if line[0] in "-.+/`" and line != "--":
        end = at
        closing = line if line[0] != "`" else "```"
        while end < len(lines) and lines[end].rstrip() != closing:
            end += 1
        if end == len(lines):
            return at  # never closed: a rule
        if line[0] != "/":
            code = "\n".join(part.rstrip() for part in lines[at:end]).strip("\n")
            maker.blocks += [Block(CODE, code)] if code else []
        return end + 1
    if line[0] == "_":
        if quotes and quotes[-1] == line:
            quotes.pop()
        elif len(quotes) < 20:
            quotes.append(line)
    return at


def _table(lines: list[str], at: int, fence: str, maker: _Maker) -> int:
    """The rows of a table up to its end; a line's cells are one row."""
    mark = {"|": "|", "!": "!"}.get(fence[0], ",")
    while at < len(lines) and lines[at].rstrip() != fence:
        line = lines[at].strip()
        cells = re.split(rf"(?:(?<=\s)|^)[\d.+*<>^a-z]{{0,8}}{re.escape(mark)}" if mark != "," else ",", line)
        text = " ".join(cell.strip() for cell in cells if cell.strip())
        if text and not line.startswith("//"):
            maker.add(TABLE, text)
        at += 1
    return at + 1


def _write(text: str, block: Block, attributes: Mapping[str, str]) -> None:
    """Puts the text into the block without its markup, with its links and what is set in bold or italics."""
    pieces: list[str] = []
    length = at = 0
    for match in _INLINE.finditer(text):
        shown, address = _shown(match, block, attributes)
        before = text[at : match.start()].replace("\n", " ")
        start = length + len(before)
        pieces += (before, shown)
        length = start + len(shown)
        at = match.end()
        if address:
            block.links.append((shown, address))
        if match.lastgroup == "strong":
            block.strong.append((start, length))
        elif match.lastgroup == "emphasised":
            block.emphasised.append((start, length))
    pieces.append(text[at:].replace("\n", " "))
    block.text = "".join(pieces).strip().replace("\n ", "\n")


def _shown(match: re.Match[str], block: Block, attributes: Mapping[str, str]) -> tuple[str, str]:
    """What a piece of markup shows, and the address it leads to."""
    if match["macro"]:
        return _macro(match["macro"], match["target"], match["inside"])
    if match["address"]:
        address = match["address"] if match["shown"] is not None else match["address"].rstrip(".,;:!?)'\"")
        shown = (match["shown"] or "").split(",window=")[0].rstrip("^").strip('"')
        return (shown or match["address"], address)
    if match["image"]:
        block.images += 1
        block.alts += [match["alt"]] if match["alt"] else []
        return "", ""
    if match["reference"]:
        return match["named"] or match["reference"].lstrip("#_").replace("_", " "), ""
    if name := match["attribute"]:
        return _ENTITIES.get(name, attributes.get(name, match[0]))[:500], ""
    if match["breaks"]:
        return "\n", ""
    kinds = ("escaped", "term", "strong", "emphasised", "code", "passed", "marked")
    return next((match[kind] for kind in kinds if match[kind] is not None), ""), ""


def _macro(name: str, target: str, inside: str) -> tuple[str, str]:
    shown = inside.split(",window=")[0].rstrip("^").strip('"')
    if name == "link":
        return shown or target, target
    if name == "mailto":
        return shown.split(",")[0] or target, ""
    if name == "xref":
        return shown or target.partition("#")[0].rpartition("/")[2], ""
    if name in ("footnote", "footnoteref"):
        return f" ({inside})" if inside else "", ""
    return ("", "") if name in ("icon", "anchor", "indexterm") else (shown, "")
