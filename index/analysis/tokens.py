"""Analysis: text to tokens, the same for every engine, every field and every query.

Text is cut at white space into chunks, and a chunk into *raw words*: runs of letters, digits and marks, with single
inner dots, commas or apostrophes ("U.S", "1,000", "l'avion"). Each raw word becomes zero or more tokens, and every
token has two forms at one position: its *word* (case, accents and possessives folded) and its *stem* (Snowball, by
the document's language, with the language's code after a dot: "leak.en", so that stems of different languages never
meet). Chunks are analysed once and cached; an article then costs one dictionary look-up a word.

No token is dropped: "to be or not to be" and "The Who" are findable.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

import Stemmer

from index.analysis.chunks import SURROUNDING, chunks_of
from index.analysis.known_chunks import NOT_ONE, Cache, KnownForms
from index.analysis.shingles import MAX_WORDS, sketch
from index.schema import Form

MAX_TOKEN_CHARACTERS = 80
"""Longer words are cut here, in documents and in queries alike, so that they still find each other."""

SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""The Snowball stemmer for each ISO 639-1 code that has one."""

ANALYSIS_VERSION = 1
"""Raised whenever the same text gives other tokens, so that old indexes are rebuilt."""

# Combining marks that are part of a word but not of Python's \w: vowel signs and the like, by Unicode block.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u0816-\u082d"
    "\u0859-\u085b\u0898-\u089f\u08ca-\u08e1\u08e3-\u0903\u093a-\u093c\u093e-\u094f\u0951-\u0957\u0962\u0963"
    "\u0981-\u0983\u09bc\u09be-\u09cd\u09d7\u09e2\u09e3\u09fe\u0a01-\u0a03\u0a3c-\u0a51\u0a70\u0a71\u0a75"
    "\u0a81-\u0a83\u0abc\u0abe-\u0acd\u0ae2\u0ae3\u0afa-\u0aff\u0b01-\u0b03\u0b3c\u0b3e-\u0b57\u0b62\u0b63\u0b82"
    "\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3c\u0c3e-\u0c56\u0c62\u0c63\u0c81-\u0c83\u0cbc\u0cbe-\u0cd6\u0ce2\u0ce3"
    "\u0cf3\u0d00-\u0d03\u0d3b\u0d3c\u0d3e-\u0d4d\u0d57\u0d62\u0d63\u0d81-\u0d83\u0dca-\u0ddf\u0df2\u0df3"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0f18\u0f19\u0f35\u0f37\u0f39\u0f3e\u0f3f"
    "\u0f71-\u0f84\u0f86\u0f87\u0f8d-\u0fbc\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d"
    "\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d\u135d-\u135f\u1712-\u1715\u17b4-\u17d3\u17dd\u180b-\u180d"
    "\u1ab0-\u1ace\u1b00-\u1b04\u1b34-\u1b44\u1dc0-\u1dff\u200c\u200d\u20d0-\u20f0\u302a-\u302f\u3099\u309a"
    "\ua66f\ua674-\ua67d\ua69e\ua69f\ufe00-\ufe0f\ufe20-\ufe2f"
)
WORD_CHARACTERS = rf"\w{_MARKS}"
"""What words are made of, for use inside a regular expression's square brackets."""
_CHUNK = re.compile(r"\S+")  # what str.split() separates
_RAW_WORD = rf"[\w{_MARKS}]+(?:[.,'’ʼ＇][\w{_MARKS}]+)*(?:\+\+|#)?"
_ACRONYM = rf"(?:[^\W\d_][{_MARKS}]*\.)+[^\W\d_][{_MARKS}]*$"
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_DECIMAL = re.compile(r"\d+(?:\.\d+)+$")
_PART = re.compile(r"[^.,_]+")
_POSSESSIVE = re.compile(r"['’ʼ＇][sS]$")
_APOSTROPHES = "'’ʼ＇"
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
# What French, Italian and Catalan set before a vowel with an apostrophe: a word of its own.
_ELIDED = frozenset(
    "c d j l m n s t qu jusqu lorsqu puisqu quoiqu un all dall dell nell sull coll gl quest quell sant".split()
)
_SEPARATORS = str.maketrans(dict.fromkeys("-/\\:;?!&=%~@()[]", " "))  # never inside a word
_SHORT_LANGUAGE_NAMES = frozenset(["c++", "g++", "c#", "f#", "j#"])
# Scripts written without spaces between words: overlapping pairs of characters stand for words.
_UNSEGMENTED = (
    "[\u0e01-\u0e4e\u0e81-\u0ece\u1000-\u109f\u1780-\u17d3\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua9e0-\ua9fe\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f]"
    rf"[{_MARKS}]*"
)
# Those that folding leaves as they are: Chinese characters, kana and Hangul syllables.
_PLAIN_RUN = "[\u4e00-\u9fff\u3041-\u3096\u30a1-\u30fa\u30fc\uac00-\ud7a3]+"
# A file in a folder, perhaps one document of several in it: "news/leak.md", "news.jsonl#12". The name holds nothing
# that would be one word together with the ending.
_PATH = re.compile(r"(?:(.*)/)?([^/.,#]*)\.([A-Za-z]{2,9})(?:#([0-9]{1,9}))?", re.DOTALL)
_AT_ONCE = 500  # chunks that are looked up together; of many more, Python would collect the garbage each time
_compiled = cache(re.compile)  # of large sets of characters, which take milliseconds: only when they are needed
# Letters that do not decompose in Unicode, and what people type instead.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
)
# Cyrillic letters that only look like a letter with an accent: й is not и.
_WHOLE_LETTERS = frozenset("йїўѓќ")


class Token(NamedTuple):
    """A token and where it stands in its text.

    Attributes:
        word: the exact folded form.
        stem: the stemmed form, "stem.language" where a stemmer applies.
        start: offset of its first character in the text.
        end: offset after its last character.
    """

    word: str
    stem: str
    start: int
    end: int


def fold(word: str) -> str:
    """A word without case, accents and compatibility forms: what two spellings of one word have in common.

    Vowel signs and other marks that make a different word (Indic, Thai, Japanese, й) stay. The result may be empty.
    """
    if word.isascii():
        return word.lower()
    kept = []
    for character in unicodedata.normalize("NFKC", word.casefold()).casefold():
        if character in _WHOLE_LETTERS:
            kept.append(character)
            continue
        for part in unicodedata.normalize("NFD", character):
            if not ("\u0300" <= part <= "\u036f" or "\u064b" <= part <= "\u0652" or "\u0591" <= part <= "\u05c7"):
                kept.append(part)
    folded = unicodedata.normalize("NFC", "".join(kept)).translate(_LETTERS)
    return "".join(c for c in folded if c.isalnum() or unicodedata.category(c) in ("Mn", "Mc"))


def is_unsegmented(text: str) -> bool:
    """Whether it begins with a character of a script written without spaces, such as Chinese, Japanese or Thai."""
    return not text[:1].isascii() and _compiled(_UNSEGMENTED).match(text) is not None


def _holds_unsegmented(text: str) -> bool:
    return not text.isascii() and _compiled(_UNSEGMENTED).search(text) is not None


def _surfaces(raw: str, at: int) -> list[tuple[str, int, int]]:
    """A raw word as the words written in it: (text to fold, start, end), where the raw word itself starts at `at`."""
    core = raw.rstrip("+#")
    if core != raw:
        if raw.lower() in _SHORT_LANGUAGE_NAMES:
            return [(raw, at, at + len(raw))]
        raw = core
    unsegmented = _holds_unsegmented(raw)
    if "." in raw and _compiled(_ACRONYM).match(raw) and not unsegmented:
        return [(raw.replace(".", ""), at, at + len(raw))]
    if _THOUSANDS.match(raw):
        return [(raw.replace(",", ""), at, at + len(raw))]
    if _DECIMAL.match(raw):
        return [(raw, at, at + len(raw))]
    found = []
    for part in _PART.finditer(raw):
        text, start = part.group(), at + part.start()
        start += len(text) - len(text.lstrip(_APOSTROPHES))
        text = text.strip(_APOSTROPHES)
        possessive = _POSSESSIVE.search(text)
        if possessive and possessive.start():
            text = text[: possessive.start()]
        pieces = _APOSTROPHE.split(text)
        if unsegmented or (len(pieces) == 2 and pieces[0].lower() in _ELIDED):
            for piece in pieces:
                found.append((piece, start, start + len(piece)))
                start += len(piece) + 1
        elif any(pieces):
            found.append(("".join(pieces), start, start + len(text)))
    return found


def _pairs(surface: str, start: int) -> Iterator[tuple[str, int, int]]:
    """Words and overlapping character pairs of a text in which unsegmented scripts occur.

    Every character starts a token: 北京大学 gives 北京, 京大, 大学 and 学. The last makes a single character findable
    by prefix wherever it stands.
    """
    unsegmented = _compiled(_UNSEGMENTED)
    at = 0
    while at < len(surface):
        cluster = unsegmented.match(surface, at)
        if cluster is None:
            following = unsegmented.search(surface, at)
            end = following.start() if following else len(surface)
            yield surface[at:end], start + at, start + end
            at = end
            continue
        before = None
        while cluster is not None:
            if before is not None:
                yield surface[before : cluster.end()], start + before, start + cluster.end()
            before, at = cluster.start(), cluster.end()
            cluster = unsegmented.match(surface, at)
        yield surface[before:at], start + (before or 0), start + at


class _Stemmer(threading.local):
    """A stemmer of its own for each thread, since one keeps state between calls."""

    def __init__(self, algorithm: str) -> None:
        self.stem: Callable[[str], str] = Stemmer.Stemmer(algorithm, 0).stemWord


class Analyzer:
    """Analysis for one language. Get one from `analyzer`; it is safe to use from several threads."""

    def __init__(self, language: str) -> None:
        self.language = language
        algorithm = SNOWBALL.get(language)
        self._stemmer = _Stemmer(algorithm) if algorithm else None
        self._tokens = Cache(lambda chunk: tuple(self._analyse(chunk)))
        self._words = Cache(lambda chunk: self._known()[chunk][0])
        self._stems = Cache(lambda chunk: self._known()[chunk][1])
        self._forms = KnownForms(self._computed, self._plain_stem)
        self._name_forms = lru_cache(maxsize=10_000)(self.forms)

    def forms(self, text: str) -> tuple[str, str]:
        """The text's words and its stems, each joined by single spaces, position by position alike."""
        words, stems, _ = self._forms_of(chunks_of(text))
        return " ".join(words), " ".join(stems)

    def name_forms(self, text: str) -> tuple[str, str]:
        """The `forms` of a name, a tag or another text that many documents share."""
        return self._name_forms(text) if len(text) <= Cache.LONGEST else self.forms(text)

    def forms_and_sketch(self, text: str) -> tuple[str, Sequence[str], list[str]]:
        """The text's words joined by single spaces, its stems one by one, and its sketch (see
        `index.analysis.shingles`)."""
        words, stems, marks = self._forms_of(chunks_of(text))
        joined = " ".join(words)
        if NOT_ONE in marks:
            words, stems = joined.split(" ", MAX_WORDS), " ".join(stems).split()
            marks = marks.replace(bytes([NOT_ONE]), b"")
        return joined, stems, sketch(words, marks)

    def _forms_of(self, chunks: list[str]) -> tuple[Sequence[str], Sequence[str], bytes]:
        """The words and the stems of each chunk that has some, and the marks of all, as `Forms` has them."""
        if not chunks:
            return (), (), b""
        if len(chunks) > _AT_ONCE:
            several = [self._forms_of(chunks[at : at + _AT_ONCE]) for at in range(0, len(chunks), _AT_ONCE)]
            all_words, all_stems, all_marks = zip(*several, strict=True)
            return tuple(chain.from_iterable(all_words)), tuple(chain.from_iterable(all_stems)), b"".join(all_marks)
        words, stems, marks = zip(*map(self._known().__getitem__, chunks), strict=True)
        together = b"".join(marks)
        if NOT_ONE in together:
            return tuple(filter(None, words)), tuple(filter(None, stems)), together
        return words, stems, together

    def words(self, text: str) -> str:
        """The text's words alone, joined by single spaces."""
        if text.isascii() and text.isalnum():  # only a short cut
            return text.lower()[:MAX_TOKEN_CHARACTERS]
        return self.forms(text)[0]

    def path_words(self, path: str) -> str:
        """The `words` of a path or an address, by way of parts that others share."""
        parts = _PATH.fullmatch(path)
        if parts is None:
            return self.words(path)
        folder, name, ending, number = parts.groups("")
        return " ".join(filter(None, (self.name_forms(folder)[0], self.words(name), ending.lower(), number)))

    def tokens(self, text: str, *, query: bool = False) -> list[Token]:
        """The text's tokens with their offsets, in order; offsets count characters of `text`.

        For a `query`, the last character of an unsegmented run gives no token of its own when the run ends the text,
        so that 北京 also finds 北京大学.
        """
        known = self._tokens
        if text.isalnum():
            tokens = list(known[text])  # of one chunk, as words of a query mostly are
        else:
            tokens = [
                Token(word, stem, chunk.start() + start, chunk.start() + end)
                for chunk in _CHUNK.finditer(text)
                for word, stem, start, end in known[chunk.group()]
            ]
        if query and len(tokens) > 1:
            last, before = tokens[-1], tokens[-2]
            if before.end == last.end and before.start < last.start:
                tokens.pop()
        return tokens

    def chunk_forms(self, chunks: Iterable[str], form: Form) -> Iterator[str]:
        """For each chunk (a piece of `text.split()`), its tokens in a form (STEM or WORD), joined by single spaces."""
        return map((self._stems if form is Form.STEM else self._words).__getitem__, chunks)

    def chunk_tokens(self, chunk: str) -> tuple[Token, ...]:
        """The tokens of one chunk; offsets count from its start."""
        return self._tokens[chunk]

    def stem(self, word: str) -> str:
        """The stem of one word (case and accents as written), as the index holds it."""
        folded = fold(word)[:MAX_TOKEN_CHARACTERS]
        if self._stemmer is None or not folded or folded.isnumeric():
            return folded
        if word.isascii():
            return self._plain_stem(folded)
        # Stemmed before accents go, since the stemmers know them: canción, Häuser.
        spelled = unicodedata.normalize("NFC", word.casefold())[:MAX_TOKEN_CHARACTERS]
        stemmed = self._stemmer.stem(spelled)
        return f"{fold(stemmed) or folded}.{self.language}"

    def _plain_stem(self, word: str) -> str:
        """The stem of a word of ASCII letters, none of them a capital, that is not too long."""
        if self._stemmer is None:
            return word
        stemmed = self._stemmer.stem(word)
        if not stemmed.isascii():
            stemmed = fold(stemmed)
        return f"{stemmed or word}.{self.language}"

    def _known(self) -> KnownForms:
        """What is known of chunks; a new one, when it has grown large."""
        if len(self._forms) >= Cache.MOST:
            self._forms = KnownForms(self._computed, self._plain_stem)
        return self._forms

    def _computed(self, chunk: str) -> tuple[str, str]:
        """The words and the stems of a chunk without SURROUNDING signs, by way of its parts if it has some."""
        if chunk.isascii() and chunk.isalnum():
            return chunk.lower()[:MAX_TOKEN_CHARACTERS], self.stem(chunk)
        parts = chunk.translate(_SEPARATORS).split()
        if len(parts) > 1:
            words, stems, _ = self._forms_of(parts)
            return " ".join(words), " ".join(stems)
        found_words: list[str] = []  # not the tokens, of which a long text without spaces has millions
        found_stems: list[str] = []
        for token in self._analyse(chunk):
            found_words.append(token.word)
            found_stems.append(token.stem)
        return " ".join(found_words), " ".join(found_stems)

    def _analyse(self, chunk: str) -> Iterator[Token]:
        """The tokens of one run of characters without white space; offsets count from its start."""
        core = chunk.strip(SURROUNDING)
        if core.isascii() and core.isalpha():  # most chunks; only a short cut, the rest gives the same
            start = chunk.index(core)
            yield Token(core.lower()[:MAX_TOKEN_CHARACTERS], self.stem(core), start, start + len(core))
            return
        for raw in _compiled(_RAW_WORD).finditer(chunk):
            for surface, start, end in _surfaces(raw.group(), raw.start()):
                if _DECIMAL.match(surface) or surface.lower() in _SHORT_LANGUAGE_NAMES:
                    word = surface.lower()[:MAX_TOKEN_CHARACTERS]
                    yield Token(word, word, start, end)
                elif not surface.isascii() and _compiled(_PLAIN_RUN).fullmatch(surface):
                    # Only a short cut: the next branch gives the same.
                    for at in range(len(surface)):
                        pair = surface[at : at + 2]
                        yield Token(pair, pair, start + at, start + at + len(pair))
                elif _holds_unsegmented(surface):
                    for piece, piece_start, piece_end in _pairs(surface, start):
                        if word := fold(piece)[:MAX_TOKEN_CHARACTERS]:
                            stem = word if _holds_unsegmented(piece) else self.stem(piece)
                            yield Token(word, stem, piece_start, piece_end)
                elif word := fold(surface)[:MAX_TOKEN_CHARACTERS]:
                    yield Token(word, self.stem(surface), start, end)


@cache
def analyzer(language: str) -> Analyzer:
    """The analyzer for an ISO 639-1 code; one without stemming for codes that have no Snowball stemmer."""
    return Analyzer(language if language in SNOWBALL else "")
