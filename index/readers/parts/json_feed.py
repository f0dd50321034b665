"""JSON Feed, versions 1 and 1.1 (https://www.jsonfeed.org/version/1.1/): one document an item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from index.document import Document
from index.errors import ReadError
from index.readers import MAX_ENTRIES, Problem, RawFile
from index.readers.article.named_values import first_text, tag_list, texts
from index.readers.article.start import findings_for
from index.readers.parts.feed_text import absolute, html_body, html_line, plain_body


def is_json_feed(value: Any) -> bool:
    """Whether a value of JSON is such a feed."""
    return isinstance(value, dict) and "jsonfeed.org/version/" in str(value.get("version", ""))[:100]


def read_json_feed(feed: Mapping[str, Any], file: RawFile) -> Iterator[Document | Problem]:
    """The documents of a feed."""
    items = feed.get("items")
    if not isinstance(items, list) or not items:
        raise ReadError("a feed without entries", where=file.source)
    for number, item in enumerate(items[:MAX_ENTRIES], 1):
        if not isinstance(item, dict):
            yield Problem(f"entry {number} is no record")
            continue
        document = _item(item, feed, file, f"{file.source}#{number}")
        if document.title or document.body:
            yield document
        else:
            yield Problem(f"entry {number} has neither a title nor a text")
    if len(items) > MAX_ENTRIES:
        yield Problem(f"only the first {MAX_ENTRIES} of {len(items)} entries are read")


def _item(item: Mapping[str, Any], feed: Mapping[str, Any], file: RawFile, source: str) -> Document:
    findings = findings_for(file, source)
    for language, rule in ((item.get("language"), "item language"), (feed.get("language"), "feed language")):
        if isinstance(language, str) and language:
            findings.offer_language(language, rule)
    findings.offer_title(html_line(first_text(item.get("title"))), "item title")
    for owner, rule in ((item, "item"), (feed, "feed")):
        for name in ("authors", "author"):
            findings.offer_authors(texts(owner.get(name)), f"{rule} {name}")
    findings.offer_date_text(first_text(item.get("date_published")), "item date_published")
    base = first_text(feed.get("home_page_url")) or first_text(feed.get("feed_url"))
    for name in ("url", "external_url", "id"):
        if address := first_text(item.get(name)):
            findings.offer_url(absolute(address, base if name != "id" else ""), f"item {name}")
    body = html_body(first_text(item.get("content_html"))) or plain_body(first_text(item.get("content_text")))
    rule = "item content_html" if item.get("content_html") else "item content_text"
    summary = html_line(first_text(item.get("summary")))
    if not body and summary:
        body, rule = summary, "item summary"
    elif summary:
        findings.offer_extra("summary", summary, "item summary")
    findings.offer_extra("tags", tag_list(item.get("tags")), "item tags")
    findings.offer_extra("site", html_line(first_text(feed.get("title"))), "feed title")
    findings.offer_extra("updated", first_text(item.get("date_modified")), "item date_modified")
    if not findings.date and (day := first_text(item.get("date_modified"))):
        findings.offer_date(day, "item date_modified")
    return findings.document(body, rule)
