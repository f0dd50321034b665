"""Which one-byte encoding a text is in, where nothing says so: the one in which it reads best.

Every candidate decodes the bytes; each reading is scored as every language that the encoding is used for, and the best
pair of encoding and language wins. The score is a log-likelihood of naive Bayes kind: the language's letters beyond
ASCII by their frequency rank (Zipf's law), signs by whether they stand where such signs stand, and a bonus for the
language's commonest words. Bounded: the start of a text tells.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from functools import cache
from itertools import islice
from typing import NamedTuple

from index.analysis.language_detection import common_words

MAX_BYTES = 32 * 1024
"""How much of a text is looked at."""

MAX_LETTERS = 3000
"""How many of its bytes beyond ASCII."""

# Letters beyond ASCII of each language, the commonest first. Those of scripts other than the Latin are whole alphabets.
_LETTERS = {
    "en": "éèïöüñçêáíóôâàëäøåæ", "de": "üäößéèáàëç", "fr": "éèàêçôîùûâïœëüæÿ", "es": "óíáéñúüçàè",
    "pt": "ãçáéíóõêúàâôü", "it": "èàùòéìíóâ", "nl": "ëéïèöüáóêç", "sv": "äåöéàüè", "da": "åøæéöüáè",
    "no": "øåæéòôöüêóà", "fi": "äöåéšž", "is": "ðáíþöéæóúý", "pl": "łąężśóćńźé", "cs": "áíěéšžčřýůúťóňď",
    "sk": "áíéčšžýúťľóňôďäŕĺ", "hu": "éáöóőüíúűä", "ro": "ăîâşţșțéá", "tr": "ıüğşçöâîûé", "ca": "óàèéíòçúïü",
    "hr": "čšžćđéáö", "sl": "čšžćđéáö", "lt": "ėšįųžūčąęéö", "lv": "āīēšņžūļģčķōŗ", "et": "äõüöšžé",
    "eu": "ñçéáíó", "sq": "ëçéáíó", "ga": "áíéóú", "cy": "ŵŷâôêïáîöé", "eo": "ĝŭĉĵŝĥé", "mt": "ħġżċàéèòù",
    "vi": "đăâêôơưàáéèìíòóùúý\u0301\u0300\u0323\u0309\u0303",
    "ru": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё№", "uk": "оаинвіетрскдлмпузяьбгйчхцїюжєшщфґ№",
    "bg": "аеоинтрсвлкдпмзугъябчцйжщшхюфьѝ№", "sr": "аоиенрјстувдкмплзбгчцшњћжђхљџф",
    "mk": "аоеитнрвсдкјпулмгзбчшжќњцѓфљхџѕ", "be": "анаіероктсвлядзмпухыьугйбўчжцшэюёф№",
    "el": "αοιετσνηυρπκμλςίάόέγδήωχθύφβώξζψϊΐϋΰ",
    "he": "יוהלאבמרתשנדקעםחפטסצגכזןךףץ\u05b0\u05b4\u05b8\u05b7\u05bc",
    "ar": "اليمنتربوسدعهفكقحجشصطةخأضزثذىغءظإآئؤ،؟\u064b\u0651\u064e\u064f\u0650",
    "fa": "ایندرهمبتوسشکزگلخعفقجحپچصطضژذغثظئآيك،؟\u200c", "ur": "اےیروکنہمسلتبدپگجشعحخٹفصطقچڑزذضغھںآئي،",
    "th": "านรกอเงมยลว่ดท้สตะปบคีใหไแจพขชัิืุูโถซผำณฟธศ็ฝษญภฐฉ์ฎฏฑฒฆฬฮฤๆฯึํ",
}  # fmt: skip
_WESTERN = "en de fr es pt it nl sv da no fi is ca eu sq ga".split()
_CENTRAL = "pl cs hu sk ro hr sl sq de en".split()
_CYRILLIC = "ru uk bg sr mk be".split()
_BALTIC = "lt lv et pl en de".split()
# Encodings, the likelier first, with what must be said for them to be chosen all the same (as log-odds), and languages.
_ENCODINGS: list[tuple[str, float, list[str]]] = [
    ("cp1252", 0, _WESTERN), ("cp1250", 1, _CENTRAL), ("cp1251", 0, _CYRILLIC), ("cp1254", 1.5, ["tr", *_WESTERN]),
    ("cp1253", 1, ["el"]), ("cp1257", 1.5, _BALTIC), ("cp1255", 1, ["he"]), ("cp1256", 1, ["ar", "fa", "ur"]),
    ("cp874", 1, ["th"]), ("cp1258", 3, ["vi"]), ("iso8859_15", 1.5, _WESTERN), ("iso8859_2", 1.5, _CENTRAL),
    ("koi8_r", 1, ["ru", "bg"]), ("koi8_u", 1.5, ["uk", "ru"]), ("iso8859_5", 1.5, _CYRILLIC),
    ("iso8859_7", 1.5, ["el"]), ("iso8859_8", 1.5, ["he"]), ("iso8859_6", 1.5, ["ar"]), ("iso8859_13", 2.5, _BALTIC),
    ("iso8859_4", 3, _BALTIC), ("iso8859_16", 4, ["ro", "pl", "hu", "hr", "sl"]), ("iso8859_3", 4, ["mt", "eo", "tr"]),
    ("iso8859_14", 4, ["cy", "ga"]), ("iso8859_10", 5, ["is", "lt", "sv", "no", "da", "et"]),
    ("mac_roman", 5, _WESTERN), ("cp850", 3, _WESTERN), ("cp437", 4, _WESTERN), ("cp852", 3, _CENTRAL),
    ("mac_latin2", 4, _CENTRAL), ("cp866", 1.5, _CYRILLIC), ("cp855", 3, _CYRILLIC), ("mac_cyrillic", 4, _CYRILLIC),
    ("cp857", 4, ["tr"]), ("mac_turkish", 4, ["tr"]), ("cp737", 4, ["el"]), ("mac_greek", 4, ["el"]),
    ("cp775", 4, _BALTIC), ("cp865", 4, ["no", "da"]), ("cp861", 5, ["is"]), ("cp862", 4, ["he"]),
]  # fmt: skip
_PUNCTUATION = frozenset("“”‘’„‚«»‹›–—…\u00a0¡¿·•،؟")
_SIGNS = frozenset("°€£§©®™½¼¾²³×ªº№−±")
_BETWEEN_LETTERS = frozenset("’–—\u00a0·")
_BESIDE_LETTERS = frozenset("°€£§©®™²³ªº№")
# Log-likelihoods, and what is added to them where something stands in a place that is not its own.
_MARK, _SIGN, _ODD_SIGN, _STRAY_LETTER, _UNDEFINED = -2.5, -3.5, -8.0, -7.0, -15.0
_MISPLACED, _INITIAL, _CAPITAL, _SMALL_AMONG_CAPITALS = -7.0, -1.0, -2.0, -3.0
_FOREIGN = -1.5  # for the letters of a language that has them in foreign words only
_WORD, _MOST_OF_WORDS = 1.5, 40.0  # for each common word that only one language has, and for all of them
_CONVINCING = -5.0  # for a letter, on average; letters that fit have -1 to -4
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_LATIN = re.compile("[A-Za-z]")
_HIGH = re.compile(rb"[\x80-\xff]")


class Guess(NamedTuple):
    """What a text may be encoded in.

    Attributes:
        encoding: Python's name.
        convincing: whether the text makes sense in it.
    """

    encoding: str
    convincing: bool


def guess(data: bytes) -> Guess | None:
    """The likeliest one-byte encoding of a text; None if it is all ASCII."""
    sample = b" %b " % data[:MAX_BYTES]
    seen: Counter[bytes] = Counter()
    for match in islice(_HIGH.finditer(sample), MAX_LETTERS):
        at = match.start()
        seen[sample[at - 1 : at + 2]] += 1
    if not seen:
        return None
    high = seen.total()
    letters_used = sorted({three[1] for three in seen})
    words = Counter(sample.lower().split())
    plain = common_words((word.decode(), count) for word, count in words.items() if word.isascii())
    other_words = [(word, count) for word, count in words.items() if not word.isascii()]
    most = min(_WORD * (max(plain.values(), default=0.0) + sum(n for _, n in other_words)), _MOST_OF_WORDS)
    best = (-math.inf, "", False)
    known: dict[str, set[str]] = {}  # readings, and the languages they were taken for
    for encoding, doubt, languages in _ENCODINGS:
        table = _table(encoding)
        tried = known.setdefault("".join(map(table.__getitem__, letters_used)), set())
        left = [language for language in languages if language not in tried]
        if not left:
            continue  # the same text as in a likelier encoding
        tried.update(left)
        letters, other = _read(seen, table)
        if other - doubt + most - letters.total() <= best[0]:
            continue
        votes = common_words(("".join(map(table.__getitem__, word)).lower(), n) for word, n in other_words)
        for language in left:
            likely = _likelihoods(language)
            fit = other + sum(likely.get(letter, _STRAY_LETTER) * n for letter, n in letters.items())
            spoken = min(_WORD * (plain.get(language, 0.0) + votes.get(language, 0.0)), _MOST_OF_WORDS)
            score = fit - doubt + spoken
            if score > best[0]:
                few = high * 20 < len(sample) and spoken > 10  # signs in a text that is plainly of this language
                best = score, encoding, few or fit / high > _CONVINCING
    controls = len(_CONTROL.findall(sample))  # as in two-byte encodings, read as if they were none
    return Guess(best[1], best[2] and controls * 50 <= len(sample))


def _read(seen: Counter[bytes], table: str) -> tuple[Counter[str], float]:
    """How often each letter occurs, in small, and the log-likelihood of all the rest, in one reading of the bytes."""
    letters: Counter[str] = Counter()
    other = 0.0
    for three, count in seen.items():
        before, character, after = table[three[0]], table[three[1]], table[three[2]]
        if (character.isalpha() and character not in _SIGNS) or unicodedata.combining(character):
            letters[character.lower()] += count
            score = 0.0
            if character.isupper():
                score = _CAPITAL if before.isalpha() else _INITIAL
                score += _MISPLACED if before.islower() else 0.0
            elif before.isupper() and after.isupper():
                score = _SMALL_AMONG_CAPITALS
            if character > "\u0370" and _LATIN.search(before + after):
                score += _MISPLACED  # two scripts in one word
        elif character in _PUNCTUATION or character in _BESIDE_LETTERS:
            score = _MARK if character in _PUNCTUATION else _SIGN
            if character not in _BETWEEN_LETTERS and before.isalpha() and after.isalpha():
                score += _MISPLACED
        elif character == "\ufffd" or unicodedata.category(character) == "Cc":
            score = _UNDEFINED
        else:
            score = _SIGN if character in _SIGNS else _ODD_SIGN
            if before.isalpha() or after.isalpha():
                score += _MISPLACED
        other += score * count
    return letters, other


@cache
def _table(encoding: str) -> str:
    """The 256 characters of an encoding; U+FFFD where it has none."""
    return "".join(bytes((byte,)).decode(encoding, "replace") for byte in range(256))


@cache
def _likelihoods(language: str) -> dict[str, float]:
    """The logarithm of each letter's frequency among a language's letters, by its rank."""
    ranked = list(dict.fromkeys(_LETTERS[language]))
    total = sum(1 / (rank + 3) for rank in range(len(ranked)))
    rare = _FOREIGN if language == "en" else 0.0
    found = {letter: math.log(1 / (rank + 3) / total) + rare for rank, letter in enumerate(ranked)}
    if language == "tr":
        found["i\u0307"] = found["ş"]  # what lower() makes of İ
    return found
