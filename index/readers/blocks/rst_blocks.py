"""From reStructuredText to blocks: one pass over the lines, in time that grows with their number.

docutils, the reference, takes two seconds for a megabyte and hours where a paragraph is made to be slow; here only the
text is wanted, and what the head says. Nothing is included, fetched or executed: directives are left out, but for the
text in them.

The rules: https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from index.readers.blocks.block import CODE, HEADING, ITEM, PARAGRAPH, QUOTE, RULE, TABLE, Block
from index.readers.blocks.rst_inline import Names, write

MAX_DEPTH = 30
"""Of lists, quotes and directives in each other; what is deeper is read as if it were not."""

MAX_LINES = 300_000
"""What follows them is one more paragraph."""

MAX_COLUMNS = 100
"""Of a table; those that follow are one."""

_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1+$")
_BULLET = re.compile(r"(?:[-*+•‣⁃]|(?:\(?(?:\d{1,9}|[A-Za-z]|[ivxlcdmIVXLCDM]{1,8}|#)[.)]))(?:[ ]+|$)")
_NUMBER = re.compile(r"\(?(?:\d+|[A-Za-z]|[ivxlcdmIVXLCDM]+)[.)]$")
_FIELD = re.compile(r":((?:[^:\\\s]|\\.)(?:[^:\\]|\\.|:(?![\s`]|$)){0,80}):(?:[ ]+(.*))?$")
_DIRECTIVE = re.compile(r"(?:\|([^|]{1,200})\|[ ]+)?([A-Za-z][\w.+:-]{0,60}?)[ ]?::(?:[ ]+(.*))?$")
_FOOTNOTE = re.compile(r"\[(?:\d+|[#*]|#?[A-Za-z][\w.-]{0,80})\](?:[ ]+(.*))?$")
_GRID = re.compile(r"\+(?:-+\+)+$")
_GRID_HEAD = re.compile(r"\+(?:=+\+)+$")
_SIMPLE = re.compile(r"=+(?:[ ]+=+)+$")
_OPTION = re.compile(r":[\w-]{1,60}:(?:[ ]|$)")

_CODE = frozenset(
    "code code-block sourcecode math parsed-literal literalinclude highlight doctest testcode prompt".split()
)
_UNSAID = frozenset(
    "raw include meta contents toctree sectnum section-numbering role default-role title header footer target-notes"
    " date index bibliography tags author currentmodule module highlightlang youtube vimeo gist post-list slides chart"
    " graphviz".split()
)
_TITLED = frozenset("admonition topic sidebar rubric versionadded versionchanged deprecated note".split())
_WITH_TEXT = _TITLED | {"warning", "tip", "hint", "attention", "caution", "danger", "error", "important", "seealso"}


@dataclass(slots=True)
class _State:
    """What holds for a whole text."""

    names: Names
    blocks: list[Block] = field(default_factory=list)
    fields: dict[str, str | list[str]] = field(default_factory=dict)
    styles: list[str] = field(default_factory=list)  # of headings, by level
    in_head: bool = True  # no prose yet, so that a field list tells about the document


def rst_blocks(text: str) -> tuple[list[Block], dict[str, str | list[str]]]:
    """The blocks of a text, without markup, and the field list at its beginning (also below the title)."""
    lines = [line.rstrip() for line in text.expandtabs(8).split("\n", MAX_LINES)]
    rest = lines.pop() if len(lines) > MAX_LINES else ""
    state = _State(Names.of(lines))
    _read(lines, state, PARAGRAPH, 0)
    if rest.strip():
        state.blocks.append(Block(PARAGRAPH, " ".join(rest.split())))
    return state.blocks, state.fields


def _read(lines: Sequence[str], state: _State, kind: int, depth: int) -> None:
    """Reads lines whose least indentation is none."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line:
            at += 1
        elif line[0] == " ":
            at = _indented(lines, at, state, QUOTE if kind == PARAGRAPH else kind, depth)
        elif line.startswith("..") and (len(line) == 2 or line[2] == " "):
            at = _explicit(lines, at, state, kind, depth)
        elif line.startswith("__ "):
            at += 1
        elif heading := _heading(lines, at) if depth == 0 else None:
            title, style, at = heading
            if style not in state.styles:
                state.styles.append(style)
            _add(state, HEADING, title, level=min(state.styles.index(style) + 1, 6))
        elif _ADORNMENT.match(line) and len(line) >= 4 and (at + 1 == len(lines) or not lines[at + 1]):
            state.blocks.append(Block(RULE))
            at += 1
        elif (match := _FIELD.match(line)) and "`" not in match[1]:
            at = _field(lines, at, match, state)
        elif match := _BULLET.match(line):
            at = _item(lines, at, match, state, depth)
        elif _GRID.match(line) or _SIMPLE.match(line):
            at = _table(lines, at, state)
        elif line.startswith("| ") or line == "|":
            at = _line_block(lines, at, state, kind)
        elif line.startswith(">>> "):
            end = _end_of_paragraph(lines, at)
            state.blocks.append(Block(CODE, "\n".join(lines[at:end])))
            at = end
        else:
            at = _paragraph(lines, at, state, kind, depth)


def _add(state: _State, kind: int, text: str, level: int = 0) -> None:
    block = Block(kind, level=level)
    write(text, block, state.names)
    if block.text or block.images:
        state.blocks.append(block)
        if kind != HEADING:
            state.in_head = False


def _end_of_paragraph(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and lines[at]:
        at += 1
    return at


def _end_of_indented(lines: Sequence[str], at: int, least: int = 1) -> int:
    """The number after the last line of those that are indented by `least`, empty ones between them included."""
    end = at
    while at < len(lines):
        line = lines[at]
        if line:
            if len(line) - len(line.lstrip(" ")) < least:
                break
            end = at + 1
        at += 1
    return end


def _dedented(lines: Sequence[str]) -> list[str]:
    least = min((len(line) - len(line.lstrip(" ")) for line in lines if line), default=0)
    return [line[least:] for line in lines]


def _inner(lines: Sequence[str], state: _State, kind: int, depth: int) -> None:
    """Reads an indented part as a text of its own."""
    if depth < MAX_DEPTH:
        _read(_dedented(lines), state, kind, depth + 1)
    else:
        _add(state, kind, " ".join(line.strip() for line in lines if line))


def _indented(lines: Sequence[str], at: int, state: _State, kind: int, depth: int) -> int:
    end = _end_of_indented(lines, at)
    _inner(lines[at:end], state, kind, depth)
    return end


def _heading(lines: Sequence[str], at: int) -> tuple[str, str, int] | None:
    """The title that begins here, its style, and the number of the line after it."""
    line = lines[at]
    following = lines[at + 1] if at + 1 < len(lines) else ""
    if _ADORNMENT.match(line):
        under = lines[at + 2] if at + 2 < len(lines) else ""
        if following.strip() and under[:1] == line[0] and _ADORNMENT.match(under) and len(under) >= len(line) - 1:
            return following.strip(), f"over{line[0]}", at + 3
        return None
    if following and _ADORNMENT.match(following) and len(following) >= min(len(line), 4):
        return line, following[0], at + 2
    return None


def _field(lines: Sequence[str], at: int, match: re.Match[str], state: _State) -> int:
    end = _end_of_indented(lines, at + 1)
    body = [match[2] or "", *_dedented(lines[at + 1 : end])]
    name = match[1].replace("\\", "")
    value: str | list[str] = " ".join(line for line in body if line)
    items = [line[2:].strip() for line in body if line.startswith(("- ", "* "))]
    if state.in_head:
        if items and len(items) == sum(1 for line in body if line):
            value = items
        state.fields.setdefault(name, value)
    elif value:
        _add(state, PARAGRAPH, f"{name}: {value}")
    return end


def _item(lines: Sequence[str], at: int, match: re.Match[str], state: _State, depth: int) -> int:
    least = match.end() if match.end() < len(lines[at]) else 1
    end = at + 1
    if end < len(lines) and lines[end] and lines[end][0] != " " and not _BULLET.match(lines[end]):
        return _paragraph(lines, at, state, PARAGRAPH, depth)  # "A. Author wrote" and the like, over two lines
    end = _end_of_indented(lines, at + 1, min(least, 2))
    before = len(state.blocks)
    first = lines[at][match.end() :]
    _inner([first, *_dedented(lines[at + 1 : end])], state, ITEM, depth)
    for block in state.blocks[before:]:
        if block.kind == PARAGRAPH:
            block.kind = ITEM
        block.level = depth + 1 if block.kind == ITEM else block.level
    marker = match.group().strip()
    if (
        _NUMBER.match(marker)
        and marker.strip("().") not in ("0", "1", "a", "A", "i", "I")
        and len(state.blocks) > before
    ):
        previous = state.blocks[before - 1] if before else None
        if previous is None or previous.kind != ITEM:  # "1984. A year" is no list
            state.blocks[before].text = f"{marker} {state.blocks[before].text}"
    return end


def _paragraph(lines: Sequence[str], at: int, state: _State, kind: int, depth: int) -> int:
    end = at
    while end < len(lines) and lines[end] and (end == at or lines[end][0] != " "):
        end += 1
    text = " ".join(lines[at:end])
    literal = text.endswith("::")
    if literal:
        text = text[:-2].rstrip() if text.endswith(" ::") or text == "::" else text[:-1]
    if text:
        _add(state, kind, text)
    if end < len(lines) and lines[end] and not literal:  # the definition of a term
        return _indented(lines, end, state, kind, depth)
    if literal:
        start = end
        end = _end_of_indented(lines, start)
        code = _dedented(lines[start:end])
        if any(code):
            state.blocks.append(Block(CODE, "\n".join(code).strip("\n")))
    return end


def _explicit(lines: Sequence[str], at: int, state: _State, kind: int, depth: int) -> int:
    """A directive, footnote, target, substitution or comment."""
    end = _end_of_indented(lines, at + 1)
    text = lines[at][3:].lstrip()
    if match := _DIRECTIVE.match(text):
        if not match[1]:
            _directive(match[2].lower(), match[3] or "", _dedented(lines[at + 1 : end]), state, kind, depth)
    elif match := _FOOTNOTE.match(text):
        _inner([match[1] or "", *_dedented(lines[at + 1 : end])], state, kind, depth)
    return end


def _directive(name: str, argument: str, content: list[str], state: _State, kind: int, depth: int) -> None:
    options: dict[str, str] = {}
    at = 0
    while at < len(content) and _OPTION.match(content[at]):
        option, _, value = content[at][1:].partition(":")
        options[option.lower()] = value.strip()
        at += 1
    content = content[at:]
    if name in ("image", "figure", "thumbnail"):
        block = Block(PARAGRAPH)
        block.images = 1
        if options.get("alt"):
            block.alts.append(options["alt"])
        state.blocks.append(block)
        if name != "image":
            _inner(content, state, kind, depth)
    elif name in _CODE:
        code = "\n".join(content).strip("\n")
        if code:
            state.blocks.append(Block(CODE, code))
    elif name == "csv-table":
        for line in filter(None, content):
            _add(state, TABLE, line.replace('"', "").replace(",", " "))
    elif name not in _UNSAID:
        argued = argument and (name in _WITH_TEXT or len(argument.split()) > 3)
        if argued:
            _add(state, kind, argument)
        if any(content):
            _inner(content, state, kind, depth)


def _line_block(lines: Sequence[str], at: int, state: _State, kind: int) -> int:
    kept: list[str] = []
    while at < len(lines) and lines[at]:
        line = lines[at]
        if line.startswith("|"):
            kept.append(line[1:].strip())
        elif kept and line[0] == " ":
            kept[-1] += f" {line.strip()}"
        else:
            break
        at += 1
    _add(state, kind, "\n".join(kept).strip())
    return at


def _table(lines: Sequence[str], at: int, state: _State) -> int:
    """The rows of a table, each as one block."""
    grid = lines[at][0] == "+"
    borders = re.finditer(r"\+" if grid else "=+", lines[at])
    places = [border.start() for border in islice(borders, MAX_COLUMNS)]
    ends: list[int | None] = [*places[1:]] if grid and len(places) < MAX_COLUMNS else [*places[1:], None]
    row = [""] * len(ends)
    seen = 0  # borders

    def flush() -> None:
        nonlocal row
        if any(row):
            _add(state, TABLE, " ".join(cell for cell in row if cell))
        row = [""] * len(ends)

    while at < len(lines):
        line = lines[at]
        if not line and (grid or seen > 1):
            break
        if grid and line[0] not in "+|":
            break
        if (_GRID.match(line) or _GRID_HEAD.match(line)) if grid else (_SIMPLE.match(line) or not line):
            flush()
            seen += bool(line)
        else:
            cells = [line[start + grid : stop].strip(" |") for start, stop in zip(places, ends, strict=False)]
            if not grid and cells[0]:
                flush()
            if not re.fullmatch(r"[-=+ ]*", line):
                row = [f"{old} {new}".strip() for old, new in zip(row, cells, strict=True)]
        at += 1
        if not grid and seen > 2:
            break
        if not grid and seen == 2 and (at >= len(lines) or not lines[at]):
            break
    flush()
    return at
