"""Mails: one message a file (.eml). What it quotes and its signature stand apart; attachments are only named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from itertools import islice
from typing import Any

from index.document import Document
from index.errors import ReadError
from index.readers import Problem, RawFile
from index.readers.article.findings import Findings
from index.readers.article.from_blocks import paragraphs_of
from index.readers.article.start import findings_for
from index.readers.blocks.markup_blocks import markup_blocks
from index.readers.blocks.plain import one_line, printable, tidy
from index.readers.html import parse
from index.readers.parts.mail_headers import addresses, decoded, header, headers, message_of, text_of, written_date
from index.readers.parts.quoted import Parts, is_announcement, split_quoted
from index.readers.text import text_blocks

MAX_DEPTH = 30
"""Of parts within parts."""

MAX_PARTS = 1000
MAX_QUOTES = 200
"""Of the quotations in an HTML text; further ones stay in it."""

MAX_TEXT_BYTES = 16 * 2**20
"""Of one text in a mail; what follows is left out, with a warning."""

_HEADERS = frozenset(("from", "to", "subject", "date", "message-id", "received", "sender", "return-path", "newsgroups"))
_STUB = 300  # characters; a plain text this short beside a long HTML one only says that there is an HTML one
_FORWARDED = re.compile(r"\W*(?:[-–_]{3,}.{3,60}[-–_]{3,}|begin forwarded message)", re.IGNORECASE)
_QUOTE_CLASSES = re.compile(
    r"\b(?:gmail_quote|yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra|moz-cite-prefix|OutlookMessageHeader)\b"
)
_REST_IDS = frozenset(("divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container"))
_SIGNATURE_CLASSES = re.compile(r"\b(?:gmail_signature|moz-signature|protonmail_signature_block)\b")
_UUENCODED = re.compile(r"^begin [0-7]{3,4} (\S[^\n]{0,200})\n(?:[!-`]{1,62}\n)+`?\n?end[ \t]*$", re.MULTILINE)
_LIST_ID = re.compile(r"(.*?)\s*<([^<>]*)>")


def read(file: RawFile) -> Iterator[Document | Problem]:
    """The one document of a mail."""
    yield read_message(file.data, findings_for(file))


def read_message(data: bytes, findings: Findings) -> Document:
    """The document that a message is: Subject, From and Date are its title, author and date.

    Args:
        data: the whole message.
        findings: what is known of it so far, and its source.

    Raises:
        ReadError: if the bytes are no message, or one without a subject and a text.
    """
    source = findings.source
    try:
        message = message_of(data.lstrip(b"\r\n"))
    except RecursionError as error:
        raise ReadError("parts nested too deep", where=source) from error
    if not _HEADERS & {name.lower() for name in message.keys()}:  # noqa: SIM118  (a message is no mapping)
        raise ReadError("not a mail: none of From, To, Subject and Date heads it", where=source)
    if language := header(message, "content-language"):
        findings.offer_language(language.split(",")[0], "mail Content-Language")
    findings.offer_title(header(message, "subject"), "mail Subject")
    _offer_people(message, findings)
    _offer_dates(message, findings)
    for value in headers(message, "archived-at"):
        findings.offer_url(value.strip("<> "), "mail Archived-At")
    _offer_list(message, findings)
    for name, key in (("message-id", "message_id"), ("in-reply-to", "in_reply_to")):
        findings.offer_extra(key, header(message, name).strip("<> "), f"mail {name}")
    body = _Body(source)
    body.collect(message)
    findings.offer_extra("quoted", body.quoted, "quoted text")
    findings.offer_extra("signature", body.signatures, "signature")
    findings.offer_extra("attachments", body.attachments, "attachments")
    for warning in body.warnings:
        findings.warn(warning)
    text = tidy(body.paragraphs)
    if not text and not findings.title:
        raise ReadError("a mail without a subject and a text", where=source)
    return findings.document(text, body.rule)


def _offer_people(message: Message, findings: Findings) -> None:
    for name in ("from", "sender"):
        people = list(addresses(message, name))
        names = [person for person, _ in people if person]
        if names and not findings.offer_authors(names, f"mail {name.title()}", in_byline=True):
            findings.offer_authors(names, f"mail {name.title()}", split=False)
        elif not names:
            bare = tuple(address.partition("@")[0] for _, address in people if address)
            findings.refuse("authors", bare, f"mail {name.title()}", "is an address without a name")
        findings.offer_extra("from", [address for _, address in people if address], f"mail {name.title()}")
    to = [person or address for name in ("to", "cc") for person, address in addresses(message, name)]
    findings.offer_extra("to", to, "mail To")


def _offer_dates(message: Message, findings: Findings) -> None:
    """The day on the sender's clock; without it the day on which the first server received the mail."""
    if value := header(message, "date"):
        findings.offer_date_text(written_date(value), "mail Date")
    if not findings.date:
        for value in reversed(list(headers(message, "received"))[:100]):
            when = written_date(value.rpartition(";")[2].strip())
            if when[:4].isdigit() and findings.offer_date(when, "mail Received"):
                break


def _offer_list(message: Message, findings: Findings) -> None:
    value = header(message, "list-id")
    if match := _LIST_ID.match(value):
        value = match[1].strip("\"' ") or match[2].split(".")[0]
    findings.offer_extra("section", value, "mail List-Id")
    findings.offer_extra("section", header(message, "newsgroups"), "mail Newsgroups")


class _Body:
    """The texts of a message, put together."""

    def __init__(self, source: str) -> None:
        self.paragraphs: list[str] = []
        self.quoted = ""
        self.signatures = ""
        self.attachments: list[str] = []
        self.warnings: list[str] = []
        self.rule = "plain text of the mail"
        self._source = source
        self._parts = 0

    def collect(self, message: Message, depth: int = 0) -> None:
        """Takes in a part and those within it."""
        self._parts += 1
        if depth > MAX_DEPTH or self._parts > MAX_PARTS:
            self.warnings.append(f"only parts nested up to {MAX_DEPTH} deep, and {MAX_PARTS:,} of them, are read")
            return
        kind = _kind(message)
        payload: Any = message.get_payload()
        if kind == "message/rfc822":
            inner = payload[0] if isinstance(payload, list) and payload else None
            name = header(inner, "subject") if isinstance(inner, Message) else ""
            self.attachments.append(name or _file_name(message) or "a mail")
        elif kind.startswith("message/"):
            return  # delivery reports and the like, for machines
        elif isinstance(payload, list):
            self._collect_several([part for part in payload if isinstance(part, Message)], kind, depth)
        elif _is_text(message, kind) or kind.startswith("multipart/"):  # of which no part is whole
            self._add(self._parts_of(message, kind), kind)
        elif name := _file_name(message):
            self.attachments.append(name)
        elif kind.startswith("application/") and "mime" in kind:
            self.warnings.append("its text is encrypted or sealed")

    def _collect_several(self, parts: list[Message], kind: str, depth: int) -> None:
        if kind == "multipart/alternative":
            parts = self._chosen(parts)
        elif kind in ("multipart/related", "multipart/signed"):
            for part in parts[1:]:
                if (
                    (name := _file_name(part))
                    and not _kind(part).startswith("image/")
                    and "signature" not in _kind(part)
                ):
                    self.attachments.append(name)
            parts = parts[:1]
        elif kind == "multipart/encrypted":
            self.warnings.append("its text is encrypted")
            return
        for part in parts:
            self.collect(part, depth + 1)

    def _chosen(self, parts: list[Message]) -> list[Message]:
        """Of several forms of one text the plain one, unless it is empty or only says that there is another."""
        plain = next((part for part in parts if _kind(part) == "text/plain"), None)
        others = [part for part in parts if part is not plain and _kind(part) in ("text/html", *_CONTAINERS)]
        rest = [part for part in parts if part is not plain and part not in others and _file_name(part)]
        if plain is None or not others:
            return [*([plain] if plain is not None else others[:1]), *rest]
        text = self._text(plain, "text/plain").strip()
        if not text or (len(text) < _STUB and "html" in text.casefold()):
            return [*others[:1], *rest]
        # Attachments may hide beside the HTML form.
        for part in others:
            if part.is_multipart():
                self._name_attachments(part)
        return [plain, *rest]

    def _name_attachments(self, message: Message) -> None:
        for number, part in enumerate(message.walk()):
            if number > MAX_PARTS:
                return
            if (name := _file_name(part)) and not part.is_multipart() and not _kind(part).startswith("image/"):
                self.attachments.append(name)

    def _add(self, parts: Parts, kind: str) -> None:
        if parts.own.strip():
            if kind == "text/html" and not self.paragraphs:
                self.rule = "HTML text of the mail"
            # HTML had its paragraphs joined already.
            is_html = kind == "text/html"
            self.paragraphs += (
                parts.own.split("\n\n") if is_html else paragraphs_of(text_blocks(parts.own, has_head=False))
            )
        self.quoted = f"{self.quoted}\n{parts.quoted}".strip()
        self.signatures = f"{self.signatures}\n{parts.signature}".strip()

    def _text(self, message: Message, kind: str) -> str:
        data: Any = message.get_payload(decode=True)
        if not isinstance(data, bytes) or not data.strip():
            return ""
        if len(data) > MAX_TEXT_BYTES:
            data = data[:MAX_TEXT_BYTES]
            self.warnings.append(f"only the first {MAX_TEXT_BYTES // 2**20} MB of its text are read")
        charset = str(message.get_param("charset", "", unquote=True) or "")
        return printable(text_of(data, charset, markup=kind == "text/html"))

    def _parts_of(self, message: Message, kind: str) -> Parts:
        text = self._text(message, kind)
        if kind == "text/html":
            return _html_parts(text, self._source)
        if str(message.get_param("format", "")).lower() == "flowed":
            text = unflowed(text, join=str(message.get_param("delsp", "")).lower() == "yes")
        if "\nbegin " in f"\n{text}":
            self.attachments += [one_line(name) for name in _UUENCODED.findall(text)]
            text = _UUENCODED.sub("", text)
        return split_quoted(text)


_CONTAINERS = ("multipart/related", "multipart/mixed", "multipart/alternative")


def _kind(message: Message) -> str:
    try:
        return message.get_content_type()
    except (ValueError, TypeError, IndexError, AttributeError):  # headers beyond the library's imagination
        return "text/plain"


def _file_name(message: Message) -> str:
    try:
        return decoded(message.get_filename() or "")
    except (ValueError, TypeError, IndexError, LookupError):
        return "an attachment"


def _is_text(message: Message, kind: str) -> bool:
    if kind not in ("text/plain", "text/html", "text/enriched", "text/markdown", "text/x-markdown"):
        return False
    disposition = decoded(message.get("content-disposition", "")).lower()
    return not disposition.startswith("attachment") and not (
        _file_name(message) and not disposition.startswith("inline")
    )


def _html_parts(text: str, source: str) -> Parts:
    if not text.strip():
        return Parts("", "", "")
    try:
        tree = parse(text, source)
    except ReadError:
        return split_quoted(text)
    found = list(islice(_apart(tree), MAX_QUOTES))
    whole = _plain(tree) if found else ""
    quoted: list[str] = []
    signatures: list[str] = []
    for elements, is_signature in found:
        said = "\n\n".join(map(_plain, elements))
        if not said.strip() or _FORWARDED.match(said):
            continue
        (signatures if is_signature else quoted).append(said)
        for element in elements:
            _drop(element)
    paragraphs = _plain(tree).split("\n\n")
    if quoted:
        paragraphs = [paragraph for paragraph in paragraphs if not is_announcement(paragraph)]
    if quoted and not any(paragraphs):
        return split_quoted(whole)  # all of it is quoted: then it is what the mail is for
    parts = split_quoted("\n\n".join(paragraphs))
    return Parts(
        parts.own, "\n\n".join([*quoted, parts.quoted]).strip(), "\n\n".join([*signatures, parts.signature]).strip()
    )


def _apart(tree: Any) -> Iterator[tuple[list[Any], bool]]:
    """The outermost elements that hold quotations or signatures, and whether it is a signature."""
    inside: Any = None  # the last element of the quotation that is being passed over
    for element in list(tree.iter("div", "blockquote", "table", "span", "p")):
        if inside is not None and inside in element.iterancestors():
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        cited = element.tag == "blockquote" and ((element.get("type") or "") == "cite" or "cite" in names.split())
        if element.get("id") in _REST_IDS:
            yield [element, *element.itersiblings()], False
            return
        if cited or _QUOTE_CLASSES.search(names) or _SIGNATURE_CLASSES.search(names):
            inside = element
            yield [element], _SIGNATURE_CLASSES.search(names) is not None


def _plain(element: Any) -> str:
    return tidy(paragraphs_of(markup_blocks(element).blocks))


def _drop(element: Any) -> None:
    """Takes an element out of its tree, but not the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def unflowed(text: str, *, join: bool = False) -> str:
    """A text of format=flowed (RFC 3676) with its paragraphs on one line each.

    Args:
        text: with "\\n" as its line end.
        join: whether the space at the end of a flowed line is no part of the text (DelSp=yes).
    """
    lines: list[str] = []
    depth_before = -1  # of the line before if that flows on; -1 if it does not
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        if join and flows:
            content = content[:-1]
        if depth == depth_before and content != "-- ":
            lines[-1] += content
        else:
            lines.append(f"{'>' * depth} {content}" if depth else content)
        depth_before = depth if flows else -1
    return "\n".join(lines)
