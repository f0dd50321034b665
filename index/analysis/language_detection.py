"""Which language a text is in: by its script, and among languages of one script by their commonest words.

Fast rather than fine: it decides which stemmer to use, and says nothing when unsure. A declared language goes first,
in the readers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

_START = 400  # characters; enough to be sure of most articles
_MOST_CHARACTERS = 10_000

_SCRIPTS = (
    ("ja", "\u3040-\u30ff"), ("ko", "\uac00-\ud7a3"), ("zh", "\u3400-\u4dbf\u4e00-\u9fff"), ("th", "\u0e01-\u0e3a"),
    ("he", "\u05d0-\u05ea"), ("el", "\u0391-\u03c9"), ("hy", "\u0531-\u0587"), ("ka", "\u10d0-\u10ff"),
    ("bn", "\u0985-\u09b9"), ("pa", "\u0a05-\u0a39"), ("gu", "\u0a85-\u0ab9"), ("ta", "\u0b85-\u0bb9"),
    ("te", "\u0c05-\u0c39"), ("kn", "\u0c85-\u0cb9"), ("ml", "\u0d05-\u0d39"), ("si", "\u0d85-\u0dc6"),
    ("my", "\u1000-\u102a"), ("km", "\u1780-\u17b3"), ("lo", "\u0e81-\u0eb0"), ("am", "\u1200-\u137f"),
    ("Deva", "\u0905-\u0939"), ("Arab", "\u0621-\u06d3"), ("Cyrl", "\u0400-\u052f"),
    ("Latn", "a-zA-Z\u00c0-\u024f\u1e00-\u1eff"),
)  # fmt: skip

_WORDS = {
    "en": "the of and to in that is was for on with as it he be by at from his they this are were been have has had "
    "not but which who will would said she an their there you we or its what when more than can could about",
    "de": "der die das und ist nicht von zu den mit sich des auf für dem ein eine einer im auch werden wird aus sind "
    "bei nach oder noch wie über einen zum zur hat haben aber nur war dass durch kann wir sie ich es am vor",
    "fr": "le les et des est une dans que qui pour pas du au sur par plus ce avec sont il elle nous vous mais ont "
    "cette été ou aux ses même leur être fait où comme deux après aussi ces c'est d'une n'est qu'il",
    "es": "el la los las y que en del por con una para es se un lo al como más pero sus su ha este esta son fue "
    "también entre desde sobre sin hasta años cuando muy ya han había está porque hay",
    "pt": "o os não que em do da dos das uma um para com por se no na nos nas mais ao foi são pelo pela ele ela "
    "também como mas seu sua até muito já está isso quando você ou anos entre às têm à",
    "it": "il di che è la per un una con non sono del della dei delle nel nella gli al alla anche più da si come ma "
    "ha le lo questo questa dal dalla stato essere hanno ci suo anni tra alle sul sulla cui",
    "nl": "de het een en van is dat op te voor met zijn niet aan er die ook als door maar bij om naar uit wordt heeft "
    "hebben werd nog kan dan zich over deze wel hij ze geen worden meer was tot",
    "sv": "och att det är en som på för med av den till inte har ett om men de var från så kan vid eller också när "
    "hade ska efter mot under mer än sig nu många alla vi jag",
    "da": "og at det er en af den til på for med som der de ikke har et var men fra om kan vil også eller skal efter "
    "blev havde når sig så vi jeg nu mange meget være bliver hvad ved over nogle",
    "no": "og det er en av som på til for med at den har ikke var et men fra om kan også eller skal etter ble hadde "
    "når seg så vi jeg nå mange være blir hva ved noen mye også sier",
    "fi": "ja on ei se että oli hän ovat myös kun mutta joka ole tai niin mukaan sen kuin ollut jo vain olisi voi "
    "vuonna jotka sitä tämä nyt jos kanssa jälkeen sekä",
    "pl": "w i na z się do nie że jest to o jak za od po przez dla są ale co oraz tym który przy jego tego może była "
    "czy był już także tylko być ich które roku lub",
    "cs": "a v se na je že s z do o i to k ve pro za by ale jako po však od podle který jsou aby nebo jeho také byl "
    "být bude při už jen jsem které má tak si než",
    "sk": "a v sa na je že s z do o aj to k vo pre za by ale ako po však od podľa ktorý sú aby alebo jeho tiež bol byť "
    "bude pri už len som ktoré má tak si než nie",
    "hu": "a az és hogy nem is egy ez meg csak már volt de el ki van ha azt mint még vagy pedig lehet után szerint "
    "mert majd aki kell sem úgy ezt most minden",
    "ro": "și de în la a cu pe nu că este o din pentru care mai au sa fi un fost ce prin ca sau dar după al se ale "
    "sunt acest această lui cele între",
    "tr": "ve bir bu da de için ile olarak olan çok daha en ne gibi kadar ama sonra var değil ya diye her şey ise "
    "dedi oldu olduğunu göre üzerinde büyük",
    "id": "yang dan di dari untuk dengan ini itu dalam pada tidak akan ke adalah juga oleh ada sebagai mereka telah "
    "bisa karena atau lebih saya kami kepada dapat namun tersebut",
    "ms": "yang dan di dari untuk dengan ini itu dalam pada tidak akan ke adalah juga oleh ada sebagai mereka telah "
    "boleh kerana atau lebih saya kami kepada dapat beliau berkata tersebut daripada",
    "vi": "và của là có không được trong cho một với các người này những để khi đã về từ đó đến ra cũng như nhiều tại "
    "vào năm trên thể sẽ làm",
    "ca": "el la els les i que de en del per amb una un és no al com més però ha aquest aquesta són va també entre des "
    "sobre fins dels ser han seva seu perquè ho hi",
    "hr": "i u je na se da su za od s o kao što ne iz to ali koji koja biti će bio samo po te ili sa već nije kako bi "
    "do nakon prije godine tijekom",
    "sl": "in je v na se da so za od z s o kot ne iz to pa ki biti bo bil tudi po ali še že ni kako bi do po pri leta "
    "jih bila so sem lahko",
    "lt": "ir yra kad į iš su bet kaip tai ne jis buvo už apie po dėl nuo taip jau tik gali buvo metų kuris prie dar",
    "lv": "un ir ka no uz ar par bet kā tas ne viņš bija arī pēc vai tikai gan kas ja lai jau būs gadā var pie",
    "et": "ja on ei et see oli ka kui aga mis ta oma või siis nii ning selle välja nende kes veel kuid pärast olla",
    "eu": "eta da ez bat du dira dute zen hau baina ere izan egin ditu zuen dela bere edo beste gara nola",
    "sq": "dhe në e të i që është për me nga një se ka por si nuk u më do ishte kanë kjo ky",
    "ru": "и в не на что с по это как из он к от за но для его так все же у был о бы они она мы или при том уже чтобы "
    "было которые также если",
    "uk": "і в не на що з та це як за від до він але для його так у був про вони вона ми або при також які із є через "
    "щоб після було може",
    "bg": "и в не на че с за от да се по това как той към но са го е има или при също които след само бе със ще много "
    "като",
    "mk": "и во не на што со за од да се по ова како тој кон но се го е има или при исто кои по само беше со ќе многу",
    "sr": "и у не на да са за од се по то како он ка али су га је има или при такође који после само био ће много што",
    "be": "і ў не на што з па гэта як ён да ад за але для яго так усё быў пра яны яна мы або пры таксама які",
    "ar": "في من على إلى أن التي الذي هذا هذه عن مع كان ما لا بعد قال أو كما لم بين قبل كل وقد وفي",
    "fa": "و در به از که این را با است برای آن یک می های شد خود بر تا هم نیز کرد شده ها اما او",
    "ur": "کے کی میں ہے اور سے کا کو نے پر کہ یہ ہیں بھی اس کر تھا ایک نہیں ہو گیا",
    "hi": "के में है की और से का को पर ने यह कि भी हैं लिए एक नहीं कर इस था हो गया",
    "mr": "आहे आणि या ते च्या मध्ये हे की होते केली केले आहेत नाही असे झाली साठी",
    "ne": "छ र को मा ले लाई भएको गरेको छन् पनि यो हो गर्न भने तथा",
}
_OF_SCRIPT = {
    "Deva": ("hi", "mr", "ne"), "Arab": ("ar", "fa", "ur"), "Cyrl": ("ru", "uk", "bg", "mk", "sr", "be"),
}  # fmt: skip
_CYRILLIC_LETTERS = [  # letters that only some of the languages have
    ("ўЎ", ("be",)), ("їєґЇЄҐ", ("uk",)), ("ђћЂЋ", ("sr",)), ("ѓќѕЃЌЅ", ("mk",)), ("ыэёЫЭЁ", ("ru",)),
    ("јљњ", ("sr", "mk")), ("іІ", ("uk",)),
]  # fmt: skip
# Letters of the Latin script that point to one language.
_LETTERS = {
    "ř": "cs", "ě": "cs", "ů": "cs", "ľ": "sk", "ŕ": "sk", "ő": "hu", "ű": "hu", "ğ": "tr", "ı": "tr", "ł": "pl",
    "ż": "pl", "ț": "ro", "ș": "ro", "ß": "de", "ñ": "es", "ã": "pt", "ơ": "vi", "ư": "vi", "ė": "lt", "ų": "lt",
}  # fmt: skip
# Languages whose commonest words are mostly the same; where words do not decide, the larger one is taken.
_CLOSE = {"ms": "id", "sk": "cs", "no": "da", "mk": "bg", "ca": "es", "mr": "hi", "ne": "hi", "ur": "fa"}
_SPEAKS: dict[str, tuple[str, ...]] = {}
for _language, _words in _WORDS.items():
    for _word in set(_words.split()):
        _SPEAKS[_word] = (*_SPEAKS.get(_word, ()), _language)
# The same by the numbers of sets of languages, which are faster to count; 0 stands for none.
_GROUPS = ((), *dict.fromkeys(_SPEAKS.values()))
_NUMBERS = {_languages: _number for _number, _languages in enumerate(_GROUPS)}
_GROUP_OF = {_word: _NUMBERS[_languages] for _word, _languages in _SPEAKS.items()}
_EDGES = ".,;:!?\"'()[]«»„“”’…–—-،؛؟।"


def detect(text: str) -> str:
    """The text's language as an ISO 639-1 code; empty if there is too little text to tell."""
    start = text[:_START]
    foreign = 0 if start.isascii() else len(start) - len(start.encode("ascii", "ignore"))
    script = "Latn" if foreign * 10 < len(start) else _script(start)
    if script not in ("Latn", "Deva", "Arab", "Cyrl"):
        return script or _script(text[_START:_MOST_CHARACTERS])
    among = _OF_SCRIPT.get(script, ())
    if script == "Cyrl":
        present = frozenset(text[:_MOST_CHARACTERS])
        among = next((codes for letters, codes in _CYRILLIC_LETTERS if not present.isdisjoint(letters)), among)
        if len(among) == 1:
            return among[0]
    found, sure = _by_words(start.lower().split(), among, start if foreign else "")
    if not sure and len(text) > _START:
        sample = text[:_MOST_CHARACTERS].lower()
        found, sure = _by_words(sample.split(), among, sample)
    return found if sure else ""


def function_words(language: str) -> frozenset[str]:
    """The commonest words of a language, which carry little meaning by themselves; none for an unknown code."""
    return frozenset(_WORDS.get(language, "").split())


def common_words(counts: Iterable[tuple[str, int]]) -> dict[str, float]:
    """For each language how many of the words, given in small letters with their counts, are among its commonest.

    A word of several languages counts as a fraction for each.
    """
    votes: dict[str, float] = {}
    for word, count in counts:
        languages = _SPEAKS.get(word) or _SPEAKS.get(word.strip(_EDGES))
        if languages:
            for language in languages:
                votes[language] = votes.get(language, 0.0) + count / len(languages)
    return votes


def _by_words(words: list[str], among: tuple[str, ...], text: str) -> tuple[str, bool]:
    """The language most of the common words belong to, and whether that is a safe guess."""
    number = _GROUP_OF.get
    groups = [g for word in words if (g := number(word if word.isalpha() else word.strip(_EDGES)))]
    if not text and (code := _outweighing(groups, 0.04 * len(words))) and (not among or code in among):
        return code, True
    votes: dict[str, float] = {}
    for letter, language in _LETTERS.items() if text else ():
        if letter in text:
            votes[language] = votes.get(language, 0) + 1
    for group, count in Counter(groups).items():
        languages = _GROUPS[group]
        weight = count / len(languages)  # a word of many languages tells little
        for language in languages:
            votes[language] = votes.get(language, 0) + weight
    ranked = (
        [(count, code) for code, count in votes.items() if code in among]
        if among
        else list(zip(votes.values(), votes, strict=True))
    )
    if not ranked:
        return "", False
    best, code = max(ranked)
    ranked.remove((best, code))
    second, other = max(ranked, default=(0.0, ""))
    enough = best >= 2 and best >= 0.04 * len(words)
    if enough and best <= second * 1.05 and (_CLOSE.get(code) == other or _CLOSE.get(other) == code):
        return _CLOSE.get(code, code), True
    return code, enough and best > second * 1.1


def _outweighing(groups: list[int], enough: float) -> str:
    """The language whose own words, which no other has, outweigh all others together; only a short cut past votes."""
    if not groups:
        return ""
    middle = sorted(groups)[len(groups) // 2]  # of numbers, one that makes up more than half
    count = groups.count(middle)
    if len(_GROUPS[middle]) == 1 and count >= max(2, enough) and 10 * count > 11 * (len(groups) - count):
        return _GROUPS[middle][0]
    return ""


_one_of = cache(lambda ranges: re.compile(f"[{ranges}]"))  # compiled where needed: all take milliseconds


def _script(sample: str) -> str:
    """The script or, where it has only one, the language, of most letters; empty without letters."""
    counts = {code: len(_one_of(ranges).findall(sample)) for code, ranges in _SCRIPTS}
    if counts["ja"] * 10 > counts["zh"] and counts["ja"]:
        counts["ja"] += counts.pop("zh")  # kanji among kana
    letters = sum(counts.values())
    for code in ("ja", "zh", "ko", "th"):  # a character says as much as several letters
        if code in counts:
            counts[code] *= 3
    code = max(counts, key=lambda each: counts[each])
    return code if letters and counts[code] * 2 >= letters else ""
