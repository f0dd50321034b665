"""The query language as one table: what the README shows, what `byline help query` prints, and what the tests run."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

EXAMPLE_DAY = dt.date(2022, 12, 21)
"""What today is in the examples."""


class Row(NamedTuple):
    """A query, and which articles it finds."""

    query: str
    finds: str


GUIDE: dict[str, tuple[Row, ...]] = {
    "Words": (
        Row("coolant leak", "with both words, in any form: leak, leaks, leaked"),
        Row("wojcik", "whatever its case, accents and possessives: Wójcik’s"),
        Row("=leak", "with the word as written, not another form of it"),
        Row("astro*", "with a word that begins so"),
        Row("sta?ion", "with a word like this, `?` for any one character and `*` for any number"),
        Row("what is a station?", "a question: after its last word, `?` is no wildcard (in `(statio?)` it is)"),
        Row("[ct]ool*", "with one of the characters in brackets; `[a-z]` is a range, `[!a-z]` anything else"),
        Row("coolent~", "with a word at most one letter off (`~2` for two)"),
        Row("coolent~2/3", "the same, the first three letters being right"),
        Row('r"pump(s|ing)"', "with a word that a regular expression matches"),
        Row("*", "all"),
    ),
    "Phrases and nearness": (
        Row('"coolant leak"', "with these words, exactly as written, side by side"),
        Row('~"coolant leaks"', "the same in any form: coolant leak, coolants leaking"),
        Row('"coolant crew"~9', "with these words in order, at most nine others between them"),
        Row("coolant NEAR/5 leak", "with both in the title or body, in any order, at most five others between them"),
        Row("(coolant OR pump) NEAR/9 (leak OR water)", "the same for any of several (`NEAR` alone is `NEAR/10`)"),
        Row('~"space station" NEAR/9 heat', "the same for a phrase (after one without `~`, words are as written, too)"),
    ),
    "Several at once": (
        Row("coolant OR eels", "with either"),
        Row("station NOT coolant", "with one and without the other"),
        Row("station -coolant", "the same"),
        Row("(ferry OR bridge) water", "grouped"),
        Row("coolant ANDMAYBE soyuz", "with the first, those with the second too ahead"),
        Row("ferry^3 OR bridge", "with either, the first counting three times as much"),
    ),
    "Fields": (
        Row("title:station", "with a word in the title"),
        Row("title:(station OR ferry)", "with either word in the title"),
        Row("author:AFP", "by an author (`by:` too)"),
        Row("author:(AFP OR ramanathan)", "by either"),
        Row('author:="AFP"', "by an author of just this name, `AFP Moscow` not"),
        Row('body:"swing bridge"', "with a phrase in the body alone"),
        Row("extra:Kommersant", "with a word in captions, credits, summaries or tags"),
        Row("section:world", "of a section"),
        Row("has:author", "that have an author; so title, date, url, language, body, section, tags, caption …"),
        Row("-has:date", "that have no date"),
        Row("lang:de", "in a language, by its ISO 639-1 code"),
        Row("lang:german", "the same, by its name"),
        Row("url:outer-isles-courier.example", "with words in their address"),
        Row("source:2023", "with a word in the path of their file"),
        Row("source:2023/**", "in a folder and those below; `*` and `?` stay within one name, as in .gitignore"),
        Row("source:*.jsonl", "from files with such a name, wherever they are"),
        Row("folder:corpus/2023", "in a folder, as a whole value"),
        Row("title:[ferry TO garden]", "with a word of the title between two, both included"),
        Row("title:{ferry TO garden}", "the same without these two; `[ferry TO garden}` mixes both"),
        Row("author:<b", "with a word before that in an author's name (`>`, `>=`, `<=` too)"),
    ),
    "Dates": (
        Row("date:2022", "of a year"),
        Row("date:2022-12", "of a month (`2022-Q4` a quarter, `2022-W51` a week)"),
        Row("date:2022-12-20", "of a day"),
        Row("date:2022-06..2022-12", "between two, both included"),
        Row("date:[2022-06-01 TO 2022-12-31]", "the same; `{` and `}` leave a bound out (`[2022 TO 2022}`: none)"),
        Row("date:2023..", "since then"),
        Row("date:>=2023", "the same (`>`, `<`, `<=` too)"),
        Row("date:yesterday", "of a day, counted from today here"),
        Row('date:"this month"', "of this month; so `last month`, and week, quarter and year"),
        Row('date:"last 7 days"', "of so many days, weeks, months or years up to today; `past year` is one"),
        Row("date:-30d..", "since thirty days ago (`d`, `w`, `m`, `y`)"),
        Row(
            'date:"20 December 2022"',
            "of a day, also `Dec 20`, `last Tuesday`, `3 weeks ago`; or of a month: `März 2022`",
        ),
        Row('date:"since March"', "since then; so `after`, `before`, `until`, and `from May to July`"),
        Row("date:*", "with a date"),
    ),
}
"""All that can be asked, by topic."""
