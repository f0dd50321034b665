"""What a reader has found out about one document so far: for every field the best value and the rule that found it.

Rules offer their finds in order of trust, and the first acceptable offer for a field stands; a reader is then a list
of rules in order.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from index.document import Document, ExtraValue
from index.language import detect
from index.readers.bylines import split_authors
from index.readers.dates import WrittenDate, parse_date
from index.readers.plain import one_line, printable, shorten

MAX_TITLE_CHARACTERS = 1000
MAX_URL_CHARACTERS = 2000
MAX_EXTRA_CHARACTERS = 10_000
MAX_EXTRAS = 100
MAX_VALUES = 100
"""The most texts under one name of `Document.extra`."""

_URL = re.compile(r"<?\s*((?:https?:)?//[^\s<>\"]+)\s*>?$", re.IGNORECASE)
_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?\b")
_LONG_CODES = {
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "por": "pt", "rus": "ru",
    "nld": "nl", "dut": "nl", "pol": "pl", "swe": "sv", "nor": "no", "nob": "no", "nno": "no", "nb": "no", "nn": "no",
    "dan": "da", "fin": "fi", "ces": "cs", "cze": "cs", "hun": "hu", "ell": "el", "gre": "el", "tur": "tr", "ukr": "uk",
    "zho": "zh", "chi": "zh", "jpn": "ja", "kor": "ko", "ara": "ar", "heb": "he", "iw": "he", "in": "id", "fas": "fa",
    "per": "fa", "hin": "hi", "vie": "vi", "cat": "ca", "ron": "ro", "rum": "ro", "jp": "ja", "cn": "zh", "ua": "uk",
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es",
    "español": "es", "italian": "it", "italiano": "it", "portuguese": "pt", "português": "pt", "russian": "ru",
    "русский": "ru", "dutch": "nl", "nederlands": "nl", "chinese": "zh", "japanese": "ja", "korean": "ko",
    "swedish": "sv", "polish": "pl", "turkish": "tr", "arabic": "ar", "ukrainian": "uk",
}  # fmt: skip


class Findings:
    """Collects the values of one document. Every `offer_…` returns whether the value was taken."""

    def __init__(self, source: str, today: dt.date | None = None) -> None:
        self.source = source
        self.today = today
        self.title = ""
        self.authors: tuple[str, ...] = ()
        self.date: dt.date | None = None
        self.url = ""
        self.language = ""
        self.language_tag = ""
        self.extra: dict[str, ExtraValue] = {}
        self.provenance: dict[str, str] = {}
        self.warnings: list[str] = []

    def offer_title(self, text: str, rule: str) -> bool:
        """A headline; markup and a site's name must be gone already."""
        text = shorten(one_line(text), MAX_TITLE_CHARACTERS)
        if self.title or not text:
            return False
        self.title = text
        self.provenance["title"] = rule
        return True

    def offer_authors(self, texts: str | Iterable[str], rule: str, *, in_byline: bool = False) -> bool:
        """Names, or texts that hold names; for `in_byline` see `split_authors`."""
        if self.authors:
            return False
        names: dict[str, str] = {}
        for text in [texts] if isinstance(texts, str) else texts:
            for name in split_authors(text, in_byline=in_byline):
                names.setdefault(name.casefold(), name)
        if not names:
            return False
        self.authors = tuple(names.values())
        self.provenance["authors"] = rule
        return True

    def offer_date(self, value: str | WrittenDate, rule: str) -> bool:
        """A date of publication. One that cannot be is kept as text in `extra`, with a warning, and leaves room."""
        if self.date:
            return False
        found = parse_date(one_line(value), self.language_tag, self.today) if isinstance(value, str) else value
        if found is None:
            return False
        if found.day is None:
            if "date" not in self.extra:
                self.offer_extra("date", found.text, rule)
            self.warn(f"date {found.text} {found.problem}; kept as text")
            return False
        self.date = found.day
        self.provenance["date"] = rule
        if not found.sure:
            self.warn(f"date {found.text} can be read in two ways; taken as {found.day.isoformat()}")
        if found.clock:
            self.offer_extra("time", f"{found.clock} {found.offset}".strip(), rule)
        return True

    def offer_url(self, text: str, rule: str) -> bool:
        """The address it was published at; anything but a whole web address is refused."""
        match = _URL.match(text.strip()[: MAX_URL_CHARACTERS + 2])
        if self.url or not match or len(match[1]) > MAX_URL_CHARACTERS:
            return False
        self.url = printable(match[1] if not match[1].startswith("//") else f"https:{match[1]}")
        self.provenance["url"] = rule
        return True

    def offer_language(self, tag: str, rule: str) -> bool:
        """A language tag ("en-GB", "pt_BR"), code or name."""
        code = language_code(tag)
        if self.language or not code:
            return False
        self.language = code
        self.language_tag = tag.strip().replace("_", "-").lower()[:20]
        self.provenance["language"] = rule
        return True

    def offer_extra(self, name: str, value: str | Iterable[str], rule: str) -> bool:
        """Anything else; the first offer for a name stands, and empty ones are not kept."""
        if name in self.extra or len(self.extra) >= MAX_EXTRAS:
            return False
        kept: ExtraValue
        if isinstance(value, str):
            kept = shorten(one_line(value), MAX_EXTRA_CHARACTERS)
        else:
            lines = [shorten(line, MAX_EXTRA_CHARACTERS // 10) for item in value if (line := one_line(item))]
            kept = tuple(dict.fromkeys(lines))[:MAX_VALUES]
        if not kept:
            return False
        self.extra[name] = kept
        self.provenance[f"extra.{name}"] = rule
        return True

    def add_extra(self, name: str, value: str, rule: str) -> None:
        """One more text under a name that may have several."""
        present = self.extra.get(name, ())
        values = (present,) if isinstance(present, str) else present
        line = shorten(one_line(value), MAX_EXTRA_CHARACTERS // 10)
        if not line or line in values or len(values) >= MAX_VALUES:
            return
        if not values and len(self.extra) >= MAX_EXTRAS:
            return
        self.extra[name] = (*values, line) if values else line
        self.provenance.setdefault(f"extra.{name}", rule)

    def warn(self, what: str) -> None:
        """Something a person should know about this document."""
        if what not in self.warnings and len(self.warnings) < 20:
            self.warnings.append(shorten(what, 500))

    def document(self, body: str) -> Document:
        """The document; without a declared language, the body's own is detected."""
        if not self.language:
            detected = detect(body or self.title)
            if detected:
                self.language = detected
                self.provenance["language"] = "detected from the text"
        return Document(
            source=self.source,
            title=self.title,
            authors=self.authors,
            date=self.date,
            body=body,
            url=self.url,
            language=self.language,
            extra=self.extra,
            provenance=self.provenance,
            warnings=tuple(self.warnings),
        )


def language_code(tag: str) -> str:
    """The ISO 639-1 code that a language tag, code or name stands for; empty if none."""
    plain = tag.strip().casefold()
    if plain in _LONG_CODES:
        return _LONG_CODES[plain]
    match = _LANGUAGE.match(plain)
    if not match:
        return ""
    code = _LONG_CODES.get(match[1], match[1])
    return code if len(code) == 2 and code not in ("xx", "zz", "en-") else ""
