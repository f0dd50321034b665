"""From the blocks of a text to an article: headline, byline, dateline, captions, links to others, and the body.

The rules look at what blocks say and where they stand. Those for the head apply between the headline and the first
paragraph of prose, those for the foot to the last few blocks, the rest everywhere.
"""

# ruff: noqa: E501  (word lists read better in long lines)
from __future__ import annotations

import re
from collections.abc import Sequence

from index.readers.article.boilerplate import MAX_CHARACTERS, caption_of, hashtags, is_boilerplate, related_links
from index.readers.article.byline_lines import is_name_line, read_line
from index.readers.article.findings import Findings
from index.readers.article.named_values import group_of, tag_list
from index.readers.blocks.block import HEADING, ITEM, PARAGRAPH, RULE, TABLE, Block
from index.readers.blocks.plain import folded, tidy
from index.readers.bylines.dates import find_dates
from index.readers.bylines.names import is_unspaced, is_unspaced_name, split_authors
from index.readers.bylines.words import COUNTRIES

MAX_HEAD_BLOCKS = 16
MAX_HEADLINE_CHARACTERS = 300
_FOOT_BLOCKS = 8
_LONGEST_DATELINE = 120
_FIRST_WORDS = 20  # characters
_PROSE = 160  # characters; a longer block in the head is the first paragraph
_IN_GROUPS = frozenset((ITEM, TABLE))

_SOURCE_LABEL = re.compile(
    r"\W*(?:(?:the )?(?:original|source|quelle|fuente|fonte|источник|джерело|kaynak|bron|källa|kilde|lähde|źródło|zdroj|forrás|πηγή"
    r"|来源|來源|出典|출처|المصدر|nguồn|sumber|lien|link|url|via|permalink|canonical)"
    r"(?:\s*(?:url|link|article|post|story|source|page|artikel|beitrag|text|originale?|:))*"
    r"|(?:this (?:article|story|post) )?(?:was )?(?:originally|first) (?:published|appeared|posted)(?: (?:at|on|in|by|here))?"
    r"|(?:read|view|see)(?: (?:the|this))? (?:original|full|complete|whole|rest)(?: (?:article|story|post|text|version))?(?: (?:at|on|here))?"
    r"|(?:clipped|saved|retrieved|archived|copied) from|zum original\w*|article original|artículo original)\W*",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"\W*([^\W\d_][^\n:：]{0,40}?)\s*[:：]\s*(\S.*)", re.DOTALL)
_DIGIT = re.compile(r"\d")
_AFTER_DATELINE = re.compile(r"\s--?\s|\s?[–—]\s?")
_AGENCY = re.compile(r"\([^()]*\)|/[^/]*/")
_WEB = re.compile(r"<?(https?://\S+?)>?[\s.]*$")


def read_article(blocks: Sequence[Block], findings: Findings) -> str:
    """The body, after everything else the blocks tell has been offered to `findings`."""
    blocks = [block for block in blocks if len(block.text) > MAX_CHARACTERS or not is_boilerplate(block)]
    before, start = _headline(blocks, findings)
    end = _foot(blocks, start, findings)
    kept = [blocks[number] for number in before if not _head_block(blocks, number, findings, False)]
    start = _head(blocks, start, end, findings, kept)
    after_image = start > 0 and _is_image(blocks[start - 1])
    announced = False  # a "Related" label that announces a list of links
    for number in range(start, end):
        block = blocks[number]
        marked = block.images or block.strong or block.emphasised
        if len(block.text) >= _PROSE and not (marked or block.links or after_image):
            kept.append(block)  # as most are
            announced = False
            continue
        if block.kind == RULE or _is_image(block):
            after_image = block.kind != RULE
            continue
        related = related_links(block) if block.links or len(block.text) < 60 else None
        if related is not None and (related or _links_follow(blocks, number + 1, end)):
            announced = not related
            for link in related:
                findings.add_extra("related", link, "related links")
            continue
        if announced and block.kind == ITEM and block.only_links:
            for link, _ in block.links:
                findings.add_extra("related", link, "related links")
            continue
        announced = False
        if (after_image or marked or len(block.text) < _PROSE) and (
            found := caption_of(block, after_image or bool(block.images))
        ):
            _keep_caption(found, findings, "caption")
            continue
        after_image = False
        kept.append(block)
    if not findings.date:
        _dateline(kept, findings)
    return tidy(paragraphs_of(kept))


def _dateline(blocks: Sequence[Block], findings: Findings) -> None:
    """Offers the date before the first sentence: "LONDON, Dec. 20, 2022 (Reuters) - The harbour …"."""
    for block in blocks[:3]:
        start = block.text[:_LONGEST_DATELINE]
        dash = _AFTER_DATELINE.search(start) if block.kind == PARAGRAPH and _DIGIT.search(start) else None
        if not dash:
            continue
        said = _AGENCY.sub(" ", start[: dash.start()])
        found = next(find_dates(said, findings.language_tag, findings.today), None)
        if found and not said[found.end :].strip(" ,.") and _is_place(said[: found.start].split()):
            findings.offer_date(found, "dateline in the text")
            if agency := _AGENCY.search(start, 0, dash.start()):
                findings.offer_extra("agency", agency[0].strip("()/ "), "dateline in the text")
            return


def _is_place(words: Sequence[str]) -> bool:
    """Whether words before a date name a place as news agencies write it: the first is all capitals."""
    if not 1 <= len(words) <= 6 or len(words[0]) < 3 or not words[0].isupper():
        return False
    return all(word[0].isupper() or len(word) <= 3 for word in words)


def _headline(blocks: Sequence[Block], findings: Findings) -> tuple[list[int], int]:
    """Finds the headline: the numbers of the blocks that stand before it, and of the first after it."""
    first = blocks[: MAX_HEAD_BLOCKS + 4]
    if findings.title:
        known = folded(findings.title)
        for number, block in enumerate(first):
            fits = block.kind in (HEADING, PARAGRAPH) and 0 < len(block.text) < 2 * len(findings.title) + 60
            if fits and _may_begin_as(block.text, known) and _same_title(folded(block.text), known):
                _title_link(block, findings)
                return list(range(number)), number + 1
            if len(block.text) > 2 * _PROSE:
                break
        heading = next((block for block in first if block.text), None)
        if heading and heading.kind == HEADING and heading.level == 1:
            findings.offer_title(heading.text, "heading")  # another headline, which stays in the text
        return [], 0
    headings = [n for n, b in enumerate(first) if b.kind == HEADING and 0 < len(b.text) <= MAX_HEADLINE_CHARACTERS]
    top = next((n for n in headings if blocks[n].level == 1), None)
    if top is None and headings:
        prose = next((n for n, b in enumerate(first) if b.kind == PARAGRAPH and len(b.text) > _PROSE), len(first))
        top = headings[0] if headings[0] <= prose else None
    rule = "heading"
    if top is None:
        top = _title_line(first)
        rule = "title line"
    if top is None:
        return [], 0
    block = blocks[top]
    findings.offer_title(block.text.replace("\n", " "), rule)
    _title_link(block, findings)
    return list(range(top)), top + 1


def _may_begin_as(text: str, known: str) -> bool:
    """Whether a text may be, once folded, what is known, or begin as it does; told by its first words."""
    first = text[:1].casefold()
    if known and first.isalnum() and not known.startswith(first):  # as most do
        return False
    start = folded(text[:_FIRST_WORDS])
    return known.startswith(start) or start.startswith(known)


def _same_title(one: str, other: str) -> bool:
    """Whether two folded titles are the same, or one is the other with a site's name behind it."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= 12 and long.startswith(short) and len(short) * 2 >= len(long)


def _title_line(blocks: Sequence[Block]) -> int | None:
    """The paragraph that serves as the headline: the first, if it is short, no sentence, and more follows."""
    texts = [number for number, block in enumerate(blocks) if block.text]
    if len(texts) < 2:
        return None
    number = texts[0]
    block = blocks[number]
    text = block.text
    if (
        block.kind not in (PARAGRAPH, HEADING)
        or len(text) > 200
        or "\n" in text
        or (block.only_links and len(block.links) > 1)
    ):
        return None
    is_name = is_name_line(text) and len(text.split()) < 3 and not block.all_marked
    if is_name and not _byline_follows(blocks, texts[1:3]):
        following = blocks[texts[1]].text
        before_headline = len(following) < 60 and not _DIGIT.search(following)
        if not is_unspaced(text) or (is_unspaced_name(text) and before_headline):
            return None  # a byline above the headline; in scripts without spaces most short headlines look like names
    ends_as_sentence = text.endswith((".", ",", ";", ":", "。")) and not re.search(r"\b[A-Z]\.$|\.\.\.$|…$", text)
    if ends_as_sentence and not block.all_marked:
        return None
    return number


def _byline_follows(blocks: Sequence[Block], numbers: Sequence[int]) -> bool:
    """Whether a block says "By …", or names a date before one that does."""
    for number in numbers:
        probe = Findings("")
        if len(blocks[number].text) > 250 or not read_line(blocks[number], probe, alone=False):
            return False
        if probe.provenance.get("authors") == "byline":
            return True
    return False


def _title_link(block: Block, findings: Findings) -> None:
    if len(block.links) == 1 and folded(block.links[0][0]) == folded(block.text):
        findings.offer_url(block.links[0][1], "title link")


def _head(blocks: Sequence[Block], start: int, end: int, findings: Findings, kept: list[Block]) -> int:
    """Reads byline, date and caption below the headline; the number of the first block of prose.

    Short lines that say nothing about the article are `kept`: standfirsts, mostly.
    """
    misses: list[Block] = []
    number = start
    while number < min(end, start + MAX_HEAD_BLOCKS):
        block = blocks[number]
        if _head_block(blocks, number, findings, True):
            kept += misses
            misses = []
        elif len(block.text) > _PROSE or block.kind in (ITEM, TABLE) or len(misses) >= 3:
            break
        else:
            misses.append(block)
        number += 1
    return number - len(misses)


def _head_block(blocks: Sequence[Block], number: int, findings: Findings, below_headline: bool) -> bool:
    """Whether a block of the head is used up."""
    block = blocks[number]
    if block.kind == RULE or _is_image(block):
        return True
    text = block.text
    if block.kind == HEADING and len(text) > 60:
        return False
    # A heading below the headline names a part of the text, whatever stands beside it.
    is_part = block.kind == HEADING and below_headline
    if len(text) <= 250:
        alone = not is_part and _stands_by_date(blocks, number, below_headline) and _may_be_author(text, findings)
        if read_line(block, findings, alone=alone, loose=not is_part):
            return True
    labelled = _LABELLED.fullmatch(text) if ":" in text or "：" in text else None
    if labelled and _labelled(labelled[1], labelled[2], block, findings):
        return True
    after_image = number > 0 and _is_image(blocks[number - 1])
    if found := caption_of(block, after_image or bool(block.images)):
        _keep_caption(found, findings, "caption")
        return True
    if (tags := hashtags(text)) is not None:
        findings.offer_extra("tags", tags, "hashtags")
        return True
    if not below_headline and block.kind == PARAGRAPH and len(text) < 60 and not text.endswith("."):
        findings.offer_extra("kicker", text, "line above the headline")
        return True
    return False


def _stands_by_date(blocks: Sequence[Block], number: int, below_headline: bool) -> bool:
    """Whether a line of a name alone may be the byline: a date stands beside it."""
    if not below_headline:
        return False
    for other in (number + 1, number - 1):
        if 0 <= other < len(blocks) and len(blocks[other].text) < 120 and _DIGIT.search(blocks[other].text):
            if not is_name_line(blocks[number].text):
                return False
            probe = Findings("")
            if read_line(blocks[other], probe, alone=False) and (
                probe.date or {"date", "updated"} & probe.extra.keys()
            ):
                return True
    return False


def _may_be_author(text: str, findings: Findings) -> bool:
    """Whether a name alone may be the byline: no place, and none is known yet, or it has a word of one that is."""
    if text.rpartition(",")[2].strip(" .").casefold() in COUNTRIES:
        return False
    if not findings.authors:
        return True
    known = {
        word for name in findings.authors for word in name.casefold().split() if len(word) > 2 or is_unspaced(word)
    }
    return not known.isdisjoint(text.casefold().split())


def _labelled(label: str, value: str, block: Block, findings: Findings) -> bool:
    """Offers a line such as "Category: World"; whether it was one."""
    group = group_of(label)
    rule = f"line {label.strip()}"
    if group is None or len(value) > 500:
        return False
    if group == "authors":
        return findings.offer_authors(value, rule, in_byline=True) or bool(split_authors(value))
    if group in ("published", "created"):
        return findings.offer_date(value, rule) or bool(findings.date)
    if group == "url":
        addresses = [address for _, address in block.links] or [value]
        return any(findings.offer_url(address, rule) for address in addresses) or bool(findings.url)
    if group == "tags":
        findings.offer_extra("tags", tag_list(value), rule)
        return True
    if group in ("section", "summary") and len(value) < 100:
        findings.offer_extra(group, value, rule)
        return True
    return False


def _foot(blocks: Sequence[Block], start: int, findings: Findings) -> int:
    """Reads address, tags and byline at the end of the text; the number after the last block of prose."""
    end = len(blocks)
    while end > max(start, len(blocks) - _FOOT_BLOCKS):
        block = blocks[end - 1]
        if block.kind == RULE or _is_image(block):
            end -= 1
            continue
        text = block.text
        label = _SOURCE_LABEL.match(text) if len(text) <= 400 else None  # else there is no address beside it
        address = ""
        if len(text) <= 400:
            if len(block.links) == 1:
                rest = text.replace(block.links[0][0], " ", 1)
                if block.only_links or _SOURCE_LABEL.fullmatch(rest):
                    address = block.links[0][1]
            elif not block.links and "http" in text and (match := _WEB.search(text)):
                address = match[1]
        if address and (label or _WEB.fullmatch(text)):
            labelled_before = end >= 2 and _SOURCE_LABEL.fullmatch(blocks[end - 2].text)
            if findings.offer_url(address, "line at the end") or findings.url == address:
                end -= 2 if labelled_before and not label else 1
                continue
            if label and _SOURCE_LABEL.fullmatch(text):
                end -= 1
                continue
        if label and _SOURCE_LABEL.fullmatch(text) and not block.links and len(text) < 60:
            end -= 1
            continue
        if (tags := hashtags(text)) is not None:
            findings.offer_extra("tags", tags, "hashtags")
            end -= 1
            continue
        labelled = _LABELLED.fullmatch(text) if len(text) < 400 and (":" in text or "：" in text) else None
        group = group_of(labelled[1]) if labelled else None
        if labelled and group in ("tags", "section", "url", "crawled"):
            if not _labelled(labelled[1], labelled[2], block, findings) and group != "crawled":
                break
            end -= 1
            continue
        break
    return end


def _keep_caption(found: tuple[str, str], findings: Findings, rule: str) -> None:
    for name, text in zip(("caption", "credit"), found, strict=True):
        findings.add_extra(name, text, rule)


def _is_image(block: Block) -> bool:
    return block.images > 0 and not block.text


def _links_follow(blocks: Sequence[Block], number: int, end: int) -> bool:
    return number < end and blocks[number].kind == ITEM and blocks[number].only_links


def paragraphs_of(blocks: Sequence[Block]) -> list[str]:
    """The blocks' texts as paragraphs; items of a list, rows of a table and lines of a quote make one."""
    if _IN_GROUPS.isdisjoint([block.kind for block in blocks]):
        return [block.text for block in blocks if block.text]
    paragraphs: list[list[str]] = []
    previous = None
    for block in blocks:
        if not block.text:
            continue
        group = (block.kind, block.level) if block.kind in _IN_GROUPS else None
        if group and group == previous:
            paragraphs[-1].append(block.text)
        else:
            paragraphs.append([block.text])
        previous = group
    return ["\n".join(lines) for lines in paragraphs]
