"""A byline's text without what names nobody wherever it stands: links, addresses, codes, counts of comments."""

from __future__ import annotations

import re

_COMMENT_COUNT = re.compile(
    r"(?<![\s,;|·—–-])[\s,;|·—–-]++(?:\d+|an?|no|one|leave an?|ein|eine|einen|keine?|hinterlass\w*(?: sie)? einen?"
    r"|schreib\w*(?: sie)? einen?|un|une|aucun|laisser un|dejar? un|nenhum|deixe um|sin)\s+"
    r"(?:comment|kommentar|komentar|commentaire|comentario|comentário|commento|commenti|reactie|reacties)\w*$",
    re.IGNORECASE,
)  # "Jane Doe 3 Comments"
_CODE_TAIL = re.compile(r"(?<=[a-zà-ÿ])/[A-Z][A-Z-]{1,6}\b")  # "Jane Doe/SP-X"
_MAIL = re.compile(r"[(<\[]?\s*(?:mailto:)?(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+\s*[)>\]]?")
_NAME_BEHIND_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+\s*\(([^()@]+)\)")  # as in feeds
_AND_OTHERS = re.compile(
    r"(?<![\s,])[\s,]++(?:et\.? al\.?|(?:and|&) others|und andere|u\. ?a\.|et autres|y otros|e outros|и др\.?|и другие)"
    r"\s*$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_WIKILINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_HANDLE = re.compile(r"(?<!\w)@\w+")
_POSTED_BY = re.compile(
    r"\W*(?:posted|published|filed|submitted|geschrieben|veröffentlicht|publié|publicado|geplaatst)\b", re.IGNORECASE
)
_FILED = re.compile(r"\s+(?:filed )?(?:under|unter|in|dans|sous|bajo|onder|em)\s.*$")
_SPACES = re.compile(r"\s{2,}")


def plain_byline(text: str) -> str:
    """The text with links as what they show, one space for several, and without the rest that names nobody."""
    text = _SPACES.sub(lambda run: "\n" if "\n" in run[0] else " ", text)
    text = _WIKILINK.sub(r"\1", _MARKDOWN_LINK.sub(r"\1", text))
    if "@" in text:
        text = _NAME_BEHIND_MAIL.sub(r"\1", text)
        text = _HANDLE.sub(" ", _MAIL.sub(" ; ", text))
    text = _ADDRESS.sub(" ", text)
    if "/" in text:
        text = _CODE_TAIL.sub("", text)
    if " " in text:
        text = _AND_OTHERS.sub("", _COMMENT_COUNT.sub("", text))
        if _POSTED_BY.match(text):
            text = _FILED.sub("", text)
    return text
