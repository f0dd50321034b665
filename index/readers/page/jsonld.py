"""Linked data in a web page: finds the node that describes the page's article, with its references resolved."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

MAX_NODES = 3000
MAX_DEPTH = 12
MAX_SCRIPT_CHARACTERS = 2_000_000

Node = Mapping[str, Any]

# The kinds of node that describe an article, by how closely; schema.org's names without their prefix.
_KINDS = {
    "NewsArticle": 5, "Article": 5, "BlogPosting": 5, "ReportageNewsArticle": 5, "OpinionNewsArticle": 5,
    "AnalysisNewsArticle": 5, "ScholarlyArticle": 5, "TechArticle": 5, "Report": 4, "LiveBlogPosting": 5,
    "MedicalScholarlyArticle": 5, "AdvertiserContentArticle": 4, "SocialMediaPosting": 4, "DiscussionForumPosting": 4,
    "ReviewNewsArticle": 5, "SatiricalArticle": 5, "BackgroundNewsArticle": 5, "AskPublicNewsArticle": 5,
    "Recipe": 4, "Review": 3, "CriticReview": 3, "HowTo": 3, "VideoObject": 2, "PodcastEpisode": 3, "Episode": 3,
    "RadioEpisode": 3, "TVEpisode": 3, "Blog": 1, "WebPage": 1, "ItemPage": 1, "CreativeWork": 2, "MedicalWebPage": 2,
    "JobPosting": 2, "Event": 1, "Chapter": 3, "Book": 1, "QAPage": 1, "Question": 2,
}  # fmt: skip
_COMMENT = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>|\]\]>|/\*.*?\*/)\s*;?\s*$", re.DOTALL
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


def parse_scripts(scripts: Iterable[str]) -> list[Node]:
    """All nodes in the page's scripts of linked data, outer ones first; broken scripts are mended where possible."""
    nodes: list[Node] = []
    for script in scripts:
        if len(script) > MAX_SCRIPT_CHARACTERS:
            continue
        value = _loads(script)
        if value is not None:
            for node in _flatten(value, 0):
                if len(nodes) >= MAX_NODES:
                    return nodes
                nodes.append(node)
    return nodes


def _loads(script: str) -> Any:
    text = _COMMENT.sub("", _COMMENT.sub("", script)).strip()
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text), html.unescape(text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    try:  # a second value after the first, or a stray bracket
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _flatten(value: Any, depth: int) -> Iterator[Node]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _flatten(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key, inner in value.items():
            if isinstance(inner, dict | list) and key not in (
                "comment",
                "comments",
                "review",
                "isRelatedTo",
                "relatedLink",
            ):
                yield from _flatten(inner, depth + 1)


def kinds(node: Node) -> set[str]:
    """The node's types without their prefix."""
    given = node.get("@type")
    names = given if isinstance(given, list) else [given]
    return {re.split(r"[/:#]", name)[-1] for name in names if isinstance(name, str)}


class LinkedData:
    """The linked data of one page.

    Args:
        nodes: as from `parse_scripts`.
        addresses: the page's own addresses, as far as known.
        title: the page's title with whatever sticks to it, to tell its own article from others'.
    """

    def __init__(self, nodes: list[Node], addresses: Iterable[str], title: str) -> None:
        self._by_id: dict[str, Node] = {}
        for node in nodes:
            name = node.get("@id")
            if isinstance(name, str) and len(node) > len(self._by_id.get(name, {})):
                self._by_id[name] = node
        paths = {path_of(address) for address in addresses if address}
        wanted = _folded(title)
        ranked: list[tuple[float, int, Node]] = []
        for number, node in enumerate(nodes):
            weight = max((_KINDS.get(kind, 0) for kind in kinds(node)), default=0)
            if not weight:
                continue
            score = float(weight)
            own = {path_of(address) for address in addresses_of(node)}
            if own & paths:
                score += 3
            headline = _folded(text_of(node.get("headline") or node.get("name")))
            if headline and (headline[:40] in wanted or (wanted[:40] and wanted[:40] in headline)):
                score += 3
            elif headline and wanted and not own & paths:
                score -= 3
            if node.get("datePublished"):
                score += 0.5
            if node.get("author") or node.get("creator"):
                score += 0.5
            ranked.append((-score, number, node))
        ranked.sort(key=lambda entry: entry[:2])
        self.articles: list[Node] = [node for score, _, node in ranked if score < 0]
        """The nodes that may describe the page's article, the likeliest first."""
        authors = {id(value) for node in nodes for key in ("author", "creator") for value in _listed(node.get(key))}
        self.sites: list[str] = []
        """Names of the site and its publisher."""
        self.bodies: list[str] = []
        """Names of what writes and is no person, as far as the data say; systems for publishing get that wrong."""
        for node in nodes:
            if kinds(node) & {"WebSite", "Organization", "NewsMediaOrganization", "Blog"}:
                names = self.bodies if id(node) in authors else self.sites
                names += filter(None, (text_of(node.get("name")), text_of(node.get("alternateName"))))

    def resolve(self, value: Any) -> Any:
        """The node that a reference stands for, or the value itself."""
        if isinstance(value, Mapping) and isinstance(value.get("@id"), str) and not value.get("name"):
            return self._by_id.get(value["@id"], value)
        return value

    def names(self, value: Any, depth: int = 0) -> list[str]:
        """The names of the people in a value of "author" or "creator"."""
        value = self.resolve(value)
        if isinstance(value, str):
            return [value] if "://" not in value else []
        if isinstance(value, list) and depth < 4:
            return [name for item in value[:200] for name in self.names(item, depth + 1)]
        if isinstance(value, Mapping):
            name = value.get("name")
            if isinstance(name, list | Mapping) and depth < 4:
                return self.names(name, depth + 1)
            if isinstance(name, str) and name.strip():
                return [name]
            given, family = text_of(value.get("givenName")), text_of(value.get("familyName"))
            if given or family:
                return [f"{given} {family}".strip()]
            return [text_of(value.get("@value"))] if value.get("@value") else []
        return []


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def addresses_of(node: Node) -> Iterator[str]:
    """What a node says of where it can be read, as written: whole addresses and others."""
    for key in ("url", "mainEntityOfPage", "@id"):
        value = node.get(key)
        if isinstance(value, Mapping):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            yield value


def text_of(value: Any) -> str:
    """The text of a value: itself, its first item's, or its "@value" or "name"."""
    for _ in range(4):
        if isinstance(value, str):
            return html.unescape(value) if "&" in value else value
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, Mapping):
            value = value.get("@value") or value.get("name") or ""
        else:
            break
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def path_of(address: str) -> str:
    """What of an address tells one page from another: its path, and its query where there is no path."""
    match = re.match(r"(?:https?:)?//[^/?#]+([^?#]*)(\?[^#]*)?", address.strip())
    path, query = (match[1], match[2] or "") if match else (address, "")
    path = path.rstrip("/").lower()
    return path if len(path) > 1 and not path.endswith((".php", ".asp", ".aspx", ".cfm")) else path + query


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
