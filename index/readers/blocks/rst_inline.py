"""The markup within a paragraph of reStructuredText: taken off, with what it told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from index.readers.blocks.block import Block

MAX_NAMES = 20_000
"""The most targets, and the most substitutions, of one text."""

# Every part is bounded, so that the time grows with the length of the text alone.
_MARKUP = re.compile(
    r"\\(?P<escaped>\s|.)"
    r"|``(?P<literal>(?:[^`]|`(?!`)){1,1000}+)``"
    r"|(?P<role>:[A-Za-z][\w.+:-]{0,60}:)?`(?P<quoted>(?:[^`\\]|\\.){1,1000}+)`(?P<after>__?(?!\w)|:[A-Za-z][\w.+:-]{0,60}:)?"
    r"|(?<![\w*])\*\*(?P<strong>(?=\S)(?:[^*\\]|\\.|\*(?!\*)){1,1000}+)\*\*"
    r"|(?<![\w*])\*(?P<emphasised>(?=[^\s*])(?:[^*\\]|\\.){1,1000}+)\*(?!\w)"
    r"|(?<!\w)\|(?P<substituted>[^|\s](?:[^|\n]{0,80}[^|\s])?)\|(?:__?(?!\w))?"
    r"|[ ]?\[(?:\d{1,6}|\#[\w-]{0,60}|\*)\]_(?!\w)"
    r"|\[(?P<citation>[A-Za-z][\w.-]{0,80})\]_(?!\w)"
    r"|(?<![\w_`:/.])(?P<word>[^\W_](?:[\w.+-]{0,80}[^\W_])?)__?(?![\w`])"
)
_EMBEDDED = re.compile(r"(.*?)\s*<([^<>]{1,2000})>$", re.DOTALL)
_STANDALONE = re.compile(r"(?<![\w/])https?://[^\s<>\"|]{1,2000}?(?=[.,;:!?)\]}'\"]{0,5}(?:\s|$))")
_TARGET = re.compile(r"\.\. _(`[^`]{1,300}`|(?:[^:\\]|\\.|:(?!\s|$)){1,300}):[ ]+(\S+)$")
_SUBSTITUTION = re.compile(r"\.\. \|([^|]{1,200})\|[ ]+replace::[ ]+(.{1,500})$")


@dataclass(slots=True)
class Names:
    """What names stand for in a text: addresses of links, and texts."""

    addresses: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[str]) -> Self:
        """The names that some lines of a text define."""
        names = cls()
        for line in lines:
            line = line.lstrip(" ")
            if not line.startswith(".. "):
                continue
            if (match := _TARGET.match(line)) and len(names.addresses) < MAX_NAMES:
                names.addresses.setdefault(_plain(match[1].strip("`")), match[2])
            elif (match := _SUBSTITUTION.match(line)) and len(names.texts) < MAX_NAMES:
                names.texts.setdefault(_plain(match[1]), match[2])
        return names


def write(text: str, block: Block, names: Names) -> None:
    """Puts the text into the block, without its markup, and with its links and what is set in bold or italics."""
    if not any(sign in text for sign in "`*|_\\"):
        _plain_links(text, block)
        block.text = text
        return
    pieces: list[str] = []
    length = 0
    at = 0

    def add(piece: str) -> None:
        nonlocal length
        pieces.append(piece)
        length += len(piece)

    for match in _MARKUP.finditer(text):
        add(text[at : match.start()])
        at = match.end()
        kind = match.lastgroup
        if match["escaped"] is not None:
            add("" if match["escaped"].isspace() else match["escaped"])
        elif match["literal"] is not None:
            add(match["literal"])
        elif match["quoted"] is not None:
            quoted = match["quoted"].replace("\\", "")
            shown, address = _referred(quoted, match["role"] or "", match["after"] or "", names)
            if address:
                block.links.append((shown, address))
            add(shown)
        elif match["strong"] is not None:
            start = length
            add(match["strong"].replace("\\", ""))
            block.strong.append((start, length))
        elif match["emphasised"] is not None:
            start = length
            add(match["emphasised"].replace("\\", ""))
            block.emphasised.append((start, length))
        elif match["substituted"] is not None:
            add(names.texts.get(_plain(match["substituted"]), "") or _kept(match["substituted"], match.group()))
        elif kind == "citation":
            add(f"[{match['citation']}]")
        elif kind == "word":
            address = names.addresses.get(_plain(match["word"]), "")
            if address:
                block.links.append((match["word"], address))
            add(match["word"] if address else match.group())
    add(text[at:])
    whole = "".join(pieces)
    _plain_links(whole, block)
    block.text = whole.strip()


def _referred(quoted: str, role: str, after: str, names: Names) -> tuple[str, str]:
    """What a text in backquotes shows, and the address that it leads to."""
    role = role or (after if after.startswith(":") else "")
    embedded = _EMBEDDED.match(quoted)
    shown, target = (embedded[1] or embedded[2], embedded[2]) if embedded else (quoted, "")
    if role:
        if role in (":pep:", ":PEP:", ":rfc:", ":RFC:") and not embedded:
            return f"{role.strip(':').upper()} {shown}", ""
        return shown.lstrip("~!"), ""
    if not after:
        return quoted, ""
    if target:
        return shown, target if not target.endswith("_") else names.addresses.get(_plain(target[:-1]), "")
    return shown, names.addresses.get(_plain(shown), "")


def _kept(name: str, written: str) -> str:
    """What stands for a substitution that nothing defines: tables and formulas have such bars, too."""
    return written if " " in name or not name[0].isalpha() else name


def _plain_links(text: str, block: Block) -> None:
    if "://" in text:
        known = {shown for shown, _ in block.links}
        block.links += [(address, address) for address in _STANDALONE.findall(text) if address not in known]


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
