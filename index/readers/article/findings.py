"""What a reader has found out about one document so far: for every field the best value and the rule that found it.

Rules offer their finds in order of trust, and the first acceptable offer for a field stands; a reader is then a list
of rules in order. What does not stand is kept as a candidate, a bounded number of them for each field, and tells how
far to trust what stands.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache

from index.analysis.language_detection import detect
from index.document import Candidate, Document, ExtraValue
from index.readers.article.trust import confidence, trust
from index.readers.blocks.plain import one_line, printable, shorten
from index.readers.bylines.dates import WrittenDate, date_in_format, order_subtag, parse_date
from index.readers.bylines.names import split_authors
from index.readers.bylines.rest import beside_names
from index.reading_settings import SETTINGS_NAME, ReadingSettings

MAX_TITLE_CHARACTERS = 1000
MAX_URL_CHARACTERS = 2000
MAX_EXTRA_CHARACTERS = 10_000
_LONGEST_LINE = 1000  # characters, of several under one name
MAX_EXTRAS = 100
MAX_VALUES = 100
"""The most texts under one name of `Document.extra`."""

MAX_AUTHORS = 1000
"""The most of one document; `bylines.MAX_AUTHORS` is the most of one text."""

MAX_CANDIDATES = 12
"""The most that are kept for one field; further ones are dropped."""

MAX_CANDIDATE_CHARACTERS = 300
MAX_CANDIDATE_NAMES = 20

_TELLING = 300  # characters of a body, from which its language can be told for certain

REST = "the rest of the file"
"""The rule that finds most bodies."""

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


_UNSET = ReadingSettings()


class Findings:
    """Collects the values of one document. Every `offer_…` returns whether the value was taken."""

    def __init__(self, source: str, today: dt.date | None = None, *, settings: ReadingSettings = _UNSET) -> None:
        """
        Args:
            source: the document's.
            today: the day of reading; the system's, by default.
            settings: how dates are written, and what holds for documents that do not say it themselves.
        """
        self.source = source
        self.today = today
        self.settings = settings
        self.title = ""
        self.authors: tuple[str, ...] = ()
        self.date: dt.date | None = None
        self.url = ""
        self.language = ""
        self.language_tag = order_subtag(settings.date_order)  # for reading dates
        self.extra: dict[str, ExtraValue] = {}
        self.provenance: dict[str, str] = {}
        self.warnings: list[str] = []
        self._others: dict[str, list[Candidate]] = {}
        self._unsure = False  # whether the date can be read in two ways

    def offer_title(self, text: str, rule: str) -> bool:
        """A headline; markup and a site's name must be gone already."""
        text = shorten(one_line(text), MAX_TITLE_CHARACTERS)
        if self.title or not text:
            return self._keep("title", text, rule)
        self.title = text
        self.provenance["title"] = rule
        return True

    def offer_authors(
        self, texts: str | Iterable[str], rule: str, *, in_byline: bool = False, split: bool = True
    ) -> bool:
        """Names, or texts that hold names; for `in_byline` see `split_authors`. Without `split`, whole names.

        News agencies beside the names go to `extra`, and so does the whole of a value that says more than names.
        """
        given = (texts,) if isinstance(texts, str) else tuple(texts)
        found: dict[str, str] = {}
        for text in given:
            for name in split_authors(text, in_byline=in_byline) if split else (text,):
                found.setdefault(name.casefold(), name)
        names = tuple(found.values())[:MAX_AUTHORS]
        if len(found) > MAX_AUTHORS:
            self.warn(f"only the first {MAX_AUTHORS:,} of {len(found):,} authors are kept")
        if not names:
            if not in_byline:
                self.refuse("authors", tuple(filter(None, given)), rule, "is no name")
                self._keep_beside(given, names, rule, in_byline)
            return False
        if self.authors:
            return self._keep("authors", names, rule)
        self.authors = names
        self.provenance["authors"] = rule
        if split and given != names:
            self._keep_beside(given, names, rule, in_byline)
        return True

    def _keep_beside(self, texts: Iterable[str], names: tuple[str, ...], rule: str, in_byline: bool) -> None:
        """Keeps what texts say beside names: agencies, and the whole of a value for names or of a byline with roles."""
        for text in texts:
            rest = beside_names(text, names)
            for agency in rest.agencies:
                self.add_extra("agency", agency, rule)
            if rest.more and (rest.role or not in_byline):
                self.add_extra("byline", text, rule)

    def offer_date(self, value: str | WrittenDate, rule: str) -> bool:
        """A date of publication. One that cannot be is kept as text in `extra`, with a warning, and leaves room."""
        found = self._parsed(one_line(value)) if isinstance(value, str) else value
        if found is None:
            return False
        if found.day is None:
            self._keep("date", found.text, rule, found.problem)
            if not self.date:
                if "date" not in self.extra:
                    self.offer_extra("date", found.text, rule)
                self.warn(f"date {found.text} {found.problem}; kept as text")
            return False
        if self.date:
            return self._keep("date", found.day.isoformat(), rule)
        self.date = found.day
        self.provenance["date"] = rule
        if not found.sure:
            self._unsure = True
            self.warn(f"date {found.text} can be read in two ways; taken as {found.day.isoformat()}")
        if found.clock:
            self.offer_extra("time", f"{found.clock} {found.offset}".strip(), rule)
        return True

    def offer_date_text(self, text: str, rule: str) -> bool:
        """What stands where a date belongs: as `offer_date`, and what is none is kept as text in `extra`, too."""
        if self.offer_date(text, rule):
            return True
        if not self.date and "date" not in self.extra and self.offer_extra("date", text, rule):
            self.warn(f"date {one_line(text)[:100]} is not understood; kept as text")
        return False

    def _parsed(self, text: str) -> WrittenDate | None:
        formats = self.settings.date_format
        told = date_in_format(text, formats, self.today) if formats else None
        return told or parse_date(text, self.language_tag, self.today)

    def offer_url(self, text: str, rule: str) -> bool:
        """The address it was published at; anything but a whole web address is refused."""
        match = _URL.match(text.strip()[: MAX_URL_CHARACTERS + 2])
        if not match or len(match[1]) > MAX_URL_CHARACTERS:
            return self._keep("url", one_line(text[: 2 * MAX_CANDIDATE_CHARACTERS]), rule, "is no web address")
        address = printable(match[1] if not match[1].startswith("//") else f"https:{match[1]}")
        if self.url:
            return self._keep("url", address, rule)
        self.url = address
        self.provenance["url"] = rule
        return True

    def offer_language(self, tag: str, rule: str) -> bool:
        """A language tag ("en-GB", "pt_BR"), code or name."""
        code = language_code(tag)
        if not code:
            return self._keep("language", one_line(tag[:MAX_CANDIDATE_CHARACTERS]), rule, "is no language")
        if self.language:
            return self._keep("language", code, rule)
        self.language = code
        order = order_subtag(self.settings.date_order)
        self.language_tag = tag.strip().replace("_", "-").lower()[:20] + (f"-{order}" if order else "")
        self.provenance["language"] = rule
        return True

    def offer_extra(self, name: str, value: str | Iterable[str], rule: str) -> bool:
        """Anything else; the first offer for a name stands, and empty ones are not kept."""
        kept: ExtraValue
        if isinstance(value, str):
            kept = shorten(one_line(value), MAX_EXTRA_CHARACTERS)
        else:
            lines = [shorten(line, _LONGEST_LINE) for line in map(one_line, value) if line]
            kept = tuple(dict.fromkeys(lines))[:MAX_VALUES]
        if name in self.extra:
            return self._keep(f"extra.{name}", kept, rule)
        if not kept or len(self.extra) >= MAX_EXTRAS:
            return False
        self.extra[name] = kept
        self.provenance[f"extra.{name}"] = rule
        return True

    def _keep(self, field: str, value: ExtraValue, rule: str, refused: str = "") -> bool:
        """Keep what does not stand as a candidate; always false, as the answer to the offer."""
        if not value:
            return False
        kept = self._others.setdefault(field, [])
        if len(kept) < MAX_CANDIDATES:
            if isinstance(value, str):
                value = shorten(value, MAX_CANDIDATE_CHARACTERS)
            else:
                value = tuple(shorten(each, MAX_CANDIDATE_CHARACTERS) for each in value[:MAX_CANDIDATE_NAMES])
            candidate = Candidate(value, rule, refused)
            if candidate not in kept and not self._stands(field, candidate):
                kept.append(candidate)
        return False

    def _stands(self, field: str, candidate: Candidate) -> bool:
        """Whether this very value, from this very rule, is the one that stands: the rule has offered it twice."""
        if candidate.refused or self.provenance.get(field) != candidate.rule:
            return False
        return candidate.value == self._value(field)

    def _value(self, field: str) -> ExtraValue:
        """What stands for a field, in the form that candidates have."""
        if field == "date":
            return self.date.isoformat() if self.date else ""
        name = field.removeprefix("extra.")
        value: ExtraValue = self.extra.get(name, "") if name != field else getattr(self, field, "")
        return value

    def add_extra(self, name: str, value: str, rule: str) -> None:
        """One more text under a name that may have several."""
        present = self.extra.get(name, ())
        values = (present,) if isinstance(present, str) else present
        line = shorten(one_line(value), _LONGEST_LINE)
        if not line or line in values or len(values) >= MAX_VALUES:
            return
        if not values and len(self.extra) >= MAX_EXTRAS:
            return
        self.extra[name] = (*values, line) if values else line
        self.provenance.setdefault(f"extra.{name}", rule)

    def refuse(self, field: str, value: ExtraValue, rule: str, why: str) -> None:
        """Keep as a candidate what a reader does not offer, with the reason, as in "is a program's name"."""
        if value:
            self._keep(field, one_line(value) if isinstance(value, str) else tuple(map(one_line, value)), rule, why)

    def has_candidate(self, field: str) -> bool:
        """Whether something was offered for a field that does not stand there."""
        return bool(self._others.get(field))

    def warn(self, what: str) -> None:
        """Something a person should know about this document."""
        if what not in self.warnings and len(self.warnings) < 20:
            self.warnings.append(shorten(what, 500))

    def document(self, body: str, rule: str = REST) -> Document:
        """The document; `rule` tells how its body was found. Where no language is declared, the body's is detected."""
        if self.settings.language:
            self.offer_language(self.settings.language, SETTINGS_NAME)
        if self.settings.author and not self.authors:
            self.offer_authors(self.settings.author, SETTINGS_NAME)
        if self.settings.site:
            self.offer_extra("site", self.settings.site, SETTINGS_NAME)
        text = body or self.title
        detected = detect(text[:_TELLING] if self.language else text)
        if self.language and detected not in ("", self.language):
            detected = detect(text)  # what disagrees is looked at twice
        if detected:
            self.offer_language(detected, "detected from the text")
            if detected != self.language and len(body) >= _TELLING:
                self.warn(
                    f"language {self.language}, by {self.provenance['language']}, but the text reads as {detected}"
                )
        if body:
            self.provenance["body"] = rule
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
            confidence=self._confidence(body),
            warnings=tuple(self.warnings),
            candidates={field: tuple(found) for field, found in self._others.items() if found},
        )

    def _confidence(self, body: str) -> dict[str, float]:
        """How likely each value is right."""
        found = {}
        for field, rule in self.provenance.items():
            others = self._others.get(field)
            if others or field == "body" or (field == "date" and self._unsure):
                value = body if field == "body" else self._value(field)
                sure = field != "date" or not self._unsure
                found[field] = confidence(field, value, rule, others or (), sure=sure)
            else:
                found[field] = trust(field, rule)
        return found


def language_code(tag: str) -> str:
    """The ISO 639-1 code that a language tag, code or name stands for; empty if none."""
    return _known_code(tag) if len(tag) <= _LONGEST_TAG else _code(tag)


def _code(tag: str) -> str:
    plain = tag.strip().casefold()
    if plain in _LONG_CODES:
        return _LONG_CODES[plain]
    match = _LANGUAGE.match(plain)
    if not match:
        return ""
    code = _LONG_CODES.get(match[1], match[1])
    return code if len(code) == 2 and code not in ("xx", "zz", "en-") else ""


_LONGEST_TAG = 30  # characters of those that are kept
_known_code = lru_cache(maxsize=256)(_code)
