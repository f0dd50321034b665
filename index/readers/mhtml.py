"""Web pages saved with their pictures in one file (MHTML): the page in it is read as any saved page."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from typing import Any

from index.document import Document
from index.errors import ReadError
from index.readers import Problem, RawFile, html
from index.readers.article.findings import MAX_TITLE_CHARACTERS, MAX_URL_CHARACTERS
from index.readers.article.trust import confidence
from index.readers.blocks.plain import shorten
from index.readers.bylines.dates import date_in_path, parse_date
from index.readers.parts.mail_headers import header, message_of, text_of, written_date

MAX_PARTS = 10_000
_PAGES = frozenset(("text/html", "application/xhtml+xml"))


def read(file: RawFile) -> Iterator[Document | Problem]:
    """The one document of the page.

    What the page says of itself stands first. Where it says nothing, the address it was saved from and the subject of
    the file serve; the file's date is only the day it was saved.
    """
    try:
        message = message_of(file.data.lstrip())
    except RecursionError as error:
        raise ReadError("parts nested too deep", where=file.source) from error
    part = _page(message)
    if part is None:
        raise ReadError("no web page in it", where=file.source)
    data: Any = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        raise ReadError("the page in it is empty", where=file.source)
    address = _address(message, part)
    charset = str(part.get_param("charset", "") or "")
    text = text_of(data, charset, markup=True)
    # As browsers write it into pages that they save; it also tells whose site's name may stand behind the title.
    comment = f"<!-- saved from url=({len(address):04}){address} -->\n" if address and "--" not in address else ""
    whole = codecs.BOM_UTF8 + (comment + text).encode("utf-8", "replace")
    for found in html.read(file._replace(data=whole)):
        yield _completed(found, message, address) if isinstance(found, Document) else found


def _page(message: Message) -> Message | None:
    """The part that is the page: the one that "start" names, else the first."""
    start = str(message.get_param("start", "") or "").strip("<> ")
    first = None
    for number, part in enumerate(message.walk()):
        if number > MAX_PARTS:
            break
        if part.get_content_type() in _PAGES and not part.is_multipart():
            if not start or header(part, "content-id").strip("<> ") == start:
                return part
            first = first if first is not None else part
    return first


def _address(message: Message, part: Message) -> str:
    for value in (header(message, "snapshot-content-location"), header(part, "content-location")):
        if value.startswith(("http://", "https://")) and " " not in value and len(value) <= MAX_URL_CHARACTERS:
            return value
    return ""


def _completed(document: Document, message: Message, address: str) -> Document:
    """The document with what only the file around the page knows."""
    values: dict[str, Any] = {}
    extra = dict(document.extra)
    rules: dict[str, str] = {}
    if address and document.url in ("", address):
        values["url"], rules["url"] = address, "mhtml address"
    if not document.title and (subject := header(message, "subject")):
        values["title"], rules["title"] = shorten(subject, MAX_TITLE_CHARACTERS), "mhtml Subject"
    if not document.date and address and (found := date_in_path(address)):
        values["date"], rules["date"] = found.day, "address"
    saved = parse_date(written_date(header(message, "date")))
    if saved and saved.day and "saved" not in extra:
        extra["saved"], rules["extra.saved"] = saved.day.isoformat(), "mhtml Date"
    return replace(
        document,
        extra=extra,
        provenance={**document.provenance, **rules},
        confidence={**document.confidence, **{name: confidence(name, "", rule) for name, rule in rules.items()}},
        **values,
    )
