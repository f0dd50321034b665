"""What stands in an article's part of a web page and is none of its text: teasers, labels, invitations, bylines."""

# ruff: noqa: E501  (word lists read better in long lines)
from __future__ import annotations

import re
from collections import Counter

from index.readers.article.boilerplate import (
    RELATED,
    is_invitation,
    is_label,
    is_photo_credit,
)
from index.readers.blocks.plain import folded
from index.readers.page.boxes import HEADINGS, LEAVES, TextBlock
from index.readers.page.element_names import AUTHOR, IMAGE, MINOR
from index.readers.page.main_part import MAX_HEADLINE, Selection

_SHORT_BOX = 400  # characters
_SHORT_CAPTION = 250
_TEASER_BLOCKS = 8
_SHORT = 240
_REPEATED = 3
_SECTION = 60  # blocks below a heading that are looked at for any that is kept
_MUCH = 400  # of running text; what trails is cut off only where there is as much

_META = re.compile(
    r"""\W*(?:publi(?:ziert|shed|é|cado|cato|cerad)\w*|veröffentlicht|aktualisiert|(?:last\ |zuletzt\ )?(?:updated?|modified)
    |posted\ (?:on|in|by)|erstellt|stand|filed\ under|this\ entry\ was\ posted|mis\ à\ jour|actualizado|aggiornato
    |letzte\ (?:aktualisierung|änderung)|опубликовано|обновлено|gepubliceerd|bijgewerkt|publicerad|uppdaterad|julkaistu|päivitetty
    |opublikowano|aktualizacja|yayınlanma|güncelleme|date
    |(?:quellen?|sources?|fuentes?|fontes?|bron|källa|kilde|lähde|źródło|zdroj|forrás|kaynak|источник|джерело)\ ?:)\b.{0,80}""",
    re.IGNORECASE | re.VERBOSE,
)
_ADVERTISEMENT = re.compile(
    r"\W*(?:anzeige|werbung|advertisement|sponsored|publicité|publicidad|pubblicità|advertentie|annons|reklama|reklam|реклама)\W*\s*[-–—:|,].{0,150}",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?:abbildung|abb\.|figure|fig\.|figura|ábra|рис(?:унок|\.)|obr\.|图|圖|図|그림)\s?\d{1,3}\s?[:.–-]", re.IGNORECASE
)
_ASKING = (
    "affiliate", "sign up here", "sign up now", "sign up to", "sign up for", "log in to", "support us", "support our work", "if you enjoyed", "if you liked",
    "would you consider", "make a donation", "donate now", "donate today", "donate here", "donate to", "buy me a coffee", "buy us a coffee",
    "unterstütze uns", "unterstützen sie uns", "unterstützen sie diese", "gefallen hat", "gefallen haben", "jetzt spenden", "jetzt abonnieren", "jetzt bestellen",
    "jetzt anmelden", "folgen sie uns", "folge uns auf", "folgt uns auf", "soutenez-nous", "faites un don", "suivez-nous", "suivez nous", "apóyanos", "apoyanos",
    "haz una donación", "síguenos", "siga-nos", "sostienici", "seguici su", "volg ons", "steun ons", "följ oss", "følg os", "seuraa meitä", "obserwuj nas",
    "подписывайтесь", "підписуйтесь", "bizi takip",
)  # fmt: skip
_NETWORKS = (
    "facebook", "twitter", "whatsapp", "pinterest", "linkedin", "messenger", "telegram", "reddit", "flipboard", "email", "e-mail",
)  # fmt: skip
_SENTENCE = re.compile(r"""["“„«»'‘]*[A-ZÀ-ÖØ-ÞΑ-ΩА-Я]\w*(?:\W+\w+){2,}[.!?]["”“»«'’]*""")
_LABEL = re.compile(
    r"""\W*(?:related|read\ (?:more|also|next)|see\ also|more\ (?:from|on|about)|also\ read|don['’]t\ miss|recommended|you\ (?:may|might)\ (?:also\ )?like
    |lesen\ sie|lesetipp|mehr\ (?:zum|dazu|zu)|weitere|auch\ interessant|das\ könnte|passend|zum\ thema|schon\ gelesen|siehe\ auch|neueste|empfohlene|beliebte
    |verwandte|lire\ aussi|à\ lire|voir\ aussi|lea\ (?:también|además)|[lt]e\ puede\ interesar|ver\ también|mir[ae]\ también|leia\ (?:também|mais)|veja\ também
    |leggi\ anche|lees\ ook|läs\ (?:mer|också)|les\ også|læs\ også|lue\ myös|czytaj\ (?:też|także)|zobacz|čtěte|olvasta|читайте|по\ теме|ayrıca|baca\ juga
    |latest|popular|相关|延伸閱讀|関連|관련)""",
    re.IGNORECASE | re.VERBOSE,
)


def trim(selection: Selection, title: str) -> None:
    """Drops from the main part what is none of the article's text."""
    _drop_boxes(selection)
    _drop_headline(selection, folded(title))
    _drop_link_lines(selection)
    _drop_texts(selection)
    _drop_repeated(selection)
    _drop_labels(selection)
    _drop_trailing(selection)


def _drop_boxes(selection: Selection) -> None:
    """Boxes that are short and named as minor, forms, pictures with their words, and teasers of other articles."""
    page, main = selection.page, selection.main
    total = selection.prose(main)
    teasers = []
    end = 0
    for box in page.boxes:
        if box.start < max(end, selection.first) or box.end > main.end or box is main or selection.gone(box):
            continue
        if box.tag in LEAVES and not (box.tag == "li" or (box.tag in ("p", "span") and box.sign in (MINOR, AUTHOR))):
            continue
        size, prose = selection.size(box), selection.prose(box)
        count = box.end - box.start
        few = range(box.start, min(box.end, box.start + _TEASER_BLOCKS))
        headings = [number for number in few if page.blocks[number].kind in HEADINGS]
        why = ""
        if box.sign in (MINOR, AUTHOR) and size < _SHORT_BOX and prose < 0.5 * size:
            why = "minor"
        elif box.sign == AUTHOR and prose < 0.2 * total and box.tag not in LEAVES:
            why = "author"
        elif box.tag == "form" and prose < 0.3 * total:
            why = "form"
        elif (
            box.sign == IMAGE and size < _SHORT_CAPTION and count <= 3 and not headings and box.tag not in ("p", "span")
        ):
            why = "caption"
        elif (
            headings
            and 2 <= count <= _TEASER_BLOCKS
            and prose <= _SHORT_BOX
            and all(page.blocks[number].only_links for number in headings)
        ):
            teasers.append(box)
        if why:
            selection.drop(range(box.start, box.end), why)
            end = box.end
    if sum(map(selection.prose, teasers)) < 0.3 * total:
        for box in teasers:
            selection.drop(range(box.start, box.end), "teaser")


def _kept(selection: Selection) -> list[tuple[int, TextBlock]]:
    blocks = selection.page.blocks
    return [(number, blocks[number]) for number in selection.kept(selection.first, selection.main.end)]


def _drop_headline(selection: Selection, title: str) -> None:
    """The headline and what stands above it, if no running text does."""
    kept = _kept(selection)
    for place, (_, block) in enumerate(kept):
        if block.prose and block.kind not in HEADINGS:
            return
        if block.kind == "h1" or (title and block.size < MAX_HEADLINE and folded(block.text) == title):
            selection.drop((number for number, _ in kept[: place + 1]), "headline")


def _drop_link_lines(selection: Selection) -> None:
    """Paragraphs that are nothing but a link, unless the article is made of them; lists of sources stay."""
    kept = _kept(selection)
    lines = [
        (number, block)
        for number, block in kept
        if block.only_links and block.kind not in ("li", "td", "th") and block.text.count("\n") < 2
    ]
    if sum(block.size for _, block in lines) < 0.3 * sum(block.size for _, block in kept):
        selection.drop((number for number, _ in lines), "link")


def _drop_texts(selection: Selection) -> None:
    """Short blocks that their words tell from text."""
    for number, block in _kept(selection):
        if block.size < _SHORT and block.kind not in ("td", "th"):
            selection.dropped[number] = _said(block)


def _said(block: TextBlock) -> str:
    """What a short block says that is no part of the text; empty if it seems to be."""
    line = block.text.replace("\n", " ")
    if is_label(line) or _ADVERTISEMENT.fullmatch(line):
        return "label"
    if block.size < 160:
        if _is_related(block, line):
            return "related"
        if block.linked > 0.3 * block.size and _LABEL.match(line):
            return "related"
        if is_photo_credit(line) or _FIGURE.match(line):
            return "caption"
        lower = line.lower()
        if not line.endswith(".") and sum(map(lower.__contains__, _NETWORKS)) > 1:
            return "label"
        if any(map(lower.__contains__, _ASKING)):
            return "invitation"
    if (block.size < 120 or block.linked or block.marked > block.size - 3) and is_invitation(line):
        return "invitation"
    return "byline" if block.size < 110 and _META.fullmatch(line) else ""


def _is_related(block: TextBlock, line: str) -> bool:
    """Whether it is "Read also:", alone or with a link."""
    label = RELATED.match(line)
    if not label or label.end() < 3:
        return False
    return (label.end() == len(line) and block.size < 60) or block.linked > 0.5 * block.size


def _drop_repeated(selection: Selection) -> None:
    """Lines that stand there again and again, unless a good part of the article does."""
    kept = [(n, block) for n, block in _kept(selection) if block.kind in ("p", "div") and block.size > 12]
    count = Counter(block.text for _, block in kept)
    repeated = [(number, block) for number, block in kept if count[block.text] >= _REPEATED]
    if sum(block.size for _, block in repeated) < 0.1 * sum(block.size for _, block in kept):
        selection.drop((number for number, _ in repeated), "repeated")


def _drop_labels(selection: Selection) -> None:
    """Headings below which all was dropped, and lines that announce links that were."""
    blocks, dropped, end = selection.page.blocks, selection.dropped, selection.main.end
    for number, block in reversed(_kept(selection)):
        if block.kind in HEADINGS and block.kind != "h1":
            below = number + 1
            most = min(end, below + _SECTION)
            while below < most and dropped[below] and not _ends_section(blocks[below], block):
                below += 1
            if below == end or (below > number + 1 and dropped[below - 1] and blocks[below].kind in HEADINGS):
                dropped[number] = "empty section"
        elif (
            block.kind in ("p", "div")
            and block.size < 70
            and number + 1 < end
            and dropped[number + 1] in ("link", "links", "related", "teaser")
            and (block.text.endswith((":", "?", "»", "：")) or _LABEL.match(block.text))
        ):
            dropped[number] = "label"


def _ends_section(block: TextBlock, heading: TextBlock) -> bool:
    return HEADINGS.get(block.kind, 9) <= HEADINGS[heading.kind]


def _drop_trailing(selection: Selection) -> None:
    """Short lines and headings after the last paragraph."""
    kept = _kept(selection)
    if sum(block.prose for _, block in kept) <= _MUCH:
        return
    for number, block in reversed(kept):
        if block.prose or block.kind not in ("p", "div", *HEADINGS) or block.kind == "h1":
            return
        if block.size >= 40 and 2 * block.linked <= block.size:
            return
        if not block.linked and block.kind not in HEADINGS and _SENTENCE.fullmatch(block.text):
            return  # as many a story ends
        selection.dropped[number] = "trailing"
