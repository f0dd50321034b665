"""Mailboxes in the format mbox: one document a message.

The standard library's `mailbox` opens files by path and for writing, so the messages are told apart here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.document import Document
from index.errors import ReadError
from index.readers import Problem, RawFile
from index.readers.article.findings import Findings
from index.readers.article.start import findings_for
from index.readers.mail import read_message

MAX_MESSAGES = 100_000
MAX_MESSAGE_BYTES = 32 * 2**20

# The line "From jane@example.org Tue Dec 20 10:15:00 2022", with a header below it. Some programs leave out the empty
# line above it; prose that begins with "From" has no day and year around a time.
_BEGIN = re.compile(
    rb"^From [^\r\n]{0,300}?\b\d{1,2},? +\d\d?:\d\d[^\r\n]{0,60}\b\d{4}\b[^\r\n]{0,40}\r?\n"
    rb"(?=>From |[A-Za-z][\w-]*[ \t]*:)",
    re.MULTILINE,
)
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


def read(file: RawFile) -> Iterator[Document | Problem]:
    """The documents of a mailbox, and a problem for each message that is none."""
    data = file.data.lstrip() if file.data[:1].isspace() else file.data
    starts = _BEGIN.finditer(data)
    start = next(starts, None)
    if start is None or start.start() > 0:
        raise ReadError(
            "not a mailbox: it does not begin with a line such as “From jane@example.org Tue Dec 20 10:15:00 2022”",
            where=file.source,
        )
    number = 0
    while start is not None:
        following = next(starts, None)
        number += 1
        if number > MAX_MESSAGES:
            yield Problem(f"only the first {MAX_MESSAGES:,} messages are read")
            break
        end = following.start() if following else len(data)
        yield _message(data, start.end(), end, findings_for(file, f"{file.source}#{number}"), number)
        start = following


def _message(data: bytes, start: int, end: int, findings: Findings, number: int) -> Document | Problem:
    if end - start > MAX_MESSAGE_BYTES:
        return Problem(f"message {number} is larger than {MAX_MESSAGE_BYTES // 2**20} MB")
    try:
        return read_message(_ESCAPED.sub(rb"\1", data[start:end]), findings)
    except ReadError as error:
        return Problem(f"message {number}: {error.what}")
