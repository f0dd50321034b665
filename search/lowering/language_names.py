"""What people call languages in a query: `lang:de`, `lang:german`, `lang:Deutsch`, `lang:de-AT`."""

from __future__ import annotations

import re

from index.analysis.tokens import SNOWBALL

_NAMES = {name: code for code, name in SNOWBALL.items()} | {
    "afrikaans": "af", "albanian": "sq", "amharic": "am", "azerbaijani": "az", "belarusian": "be", "bengali": "bn",
    "bosnian": "bs", "bulgarian": "bg", "burmese": "my", "castilian": "es", "chinese": "zh", "croatian": "hr",
    "farsi": "fa", "filipino": "tl", "flemish": "nl", "galician": "gl", "georgian": "ka", "gujarati": "gu",
    "hebrew": "he", "icelandic": "is", "japanese": "ja", "kannada": "kn", "kazakh": "kk", "khmer": "km", "korean": "ko",
    "lao": "lo", "latvian": "lv", "macedonian": "mk", "malay": "ms", "malayalam": "ml", "mandarin": "zh",
    "marathi": "mr", "mongolian": "mn", "punjabi": "pa", "sinhala": "si", "slovak": "sk", "slovenian": "sl",
    "swahili": "sw", "telugu": "te", "thai": "th", "ukrainian": "uk", "urdu": "ur", "uzbek": "uz", "vietnamese": "vi",
    "welsh": "cy",
    "català": "ca", "čeština": "cs", "dansk": "da", "deutsch": "de", "eesti": "et", "ελληνικά": "el", "español": "es",
    "euskara": "eu", "فارسی": "fa", "français": "fr", "gaeilge": "ga", "hrvatski": "hr", "italiano": "it",
    "latviešu": "lv", "lietuvių": "lt", "magyar": "hu", "nederlands": "nl", "norsk": "no", "polski": "pl",
    "português": "pt", "română": "ro", "русский": "ru", "shqip": "sq", "slovenčina": "sk", "slovenščina": "sl",
    "suomi": "fi", "svenska": "sv", "türkçe": "tr", "українська": "uk", "العربية": "ar", "עברית": "he", "हिन्दी": "hi",
    "中文": "zh", "日本語": "ja", "한국어": "ko", "ไทย": "th", "tiếng việt": "vi",
}  # fmt: skip
_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{1,8})*")


def language_code(name: str) -> str | None:
    """The code that a name, a code or a tag such as pt-BR stands for; None for what is none of these."""
    name = name.casefold()
    if name in _NAMES:
        return _NAMES[name]
    tag = _TAG.fullmatch(name)
    return tag[1] if tag else None


def nearest_language(name: str) -> str:
    """The name of a language that is spelled most like `name`, or ""."""
    from search.query_language.field_names import nearest

    return nearest(name, _NAMES)
