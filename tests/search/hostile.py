"""Hostile queries: random text, random trees, mutated real queries; put to every engine, whose answers must agree.

    python -m tests.search.hostile 100000 [SEED]

tries so many, prints each failure with the query as Python writes it, and ends with exit code 1 if there was any.
`test_hostile_queries.py` tries some by hypothesis, which makes what fails smaller.
"""

from __future__ import annotations

import json
import math
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from index.build import build
from index.engines import ENGINE_NAMES
from index.errors import QueryError, UsageError
from search.api import search
from search.query_language import syntax
from search.query_language.parser import parse
from search.results import Hit, SearchResults
from tests.search.real_queries import REAL_QUERIES

CORPUS = Path(__file__).parents[2] / "corpus"
BUDGET = 10.0
_DIAGNOSED = 5
"""Of so many queries, `main` has one diagnosed where it finds little, which takes longer than all the rest."""

SLACK = 2.0
"""Seconds that a search may take beyond its budget, on a machine that does other things besides."""

_ODD: tuple[dict[str, Any], ...] = (
    {"title": "", "body": "The body of an article without a title, an author or a date. Water."},
    {"title": "Water", "body": "", "author": "Ek", "date": "1969-07-20"},
    {"title": "Water water", "author": ["Bo Ek", "Ana Ruiz", "AFP"], "date": "0001-01-01", "body": "water " * 300},
    {
        "title": "\u202edrow\u202c x\x00y",
        "body": "zero\u200bwidth joi\u200dner cafe\u0301 e\u0301t\u00e9 \ufb01sh \ud800 half",
        "date": "9999-12-31",
    },
    {"title": "東京の朝", "author": "山田花子", "lang": "ja", "body": "東京大学の近くで、朝の鐘が鳴る。朝は早い。" * 3},
    {"title": "Ночной поезд", "author": "ТАСС", "lang": "ru", "body": "Ночной поезд идёт через мост. Река молчит."},
    {"title": "Ferry, ferry", "tags": ["ferry", "a:b", 'x"y'], "section": "World", "body": "a aa aaa b ab abc " * 20},
    {"title": "Same story", "date": "2022-12-20", "body": "The station lost coolant. " * 40},
    {"title": "Same story again", "date": "2022-12-21", "body": "The station lost coolant. " * 40 + "More soon."},
)

Chance = random.Random
Options = dict[str, Any]

_PIECES = [
    *"\"'()[]{}~^*?:+-|&/\\<>=!.,;#@%$_`´“”„«»‘’…–—¿",
    *("AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "NEAR", "NEAR/3", "TO", "..", "&&", "||", "to", "or", "near/2"),
    *("title:", "author:", "body:", "date:", "has:", "source:", "url:", "lang:", "section:", "folder:", "extra:"),
    *("tags:", "text:", "nowhere:", "a:b", "::", ":=", ':="', 'r"', '~"', "^2", "^0.5", "~2", "~1/3", '"~5', "\\\\"),
    *("coolant", "leak", "water", "ferry", "bridge", "the", "of", "2022", "2022-12-20", "-30d", "東京", "朝", "мост"),
    *(" ", " ", " ", "  ", "\t", "\n", "\u00a0", "\u3000", "\u2028", "\x00", "\x1b[31m", "\x7f", "\ufeff"),
    *("\ud800", "\udfff", "\u0301", "\u200b", "\u200d", "\u202e", "\u0130", "ß", "\u017f", "\u0149", "\ufb01"),
    *("\uff21", "\U0001d518", "😀", "👩\u200d🚀", "\u0627", "\u05d0", "\u0e44", "한", "\U0010ffff", "½", "\u0663", "∞"),
    *("1e9", "999999999999999999999", "-1", "0", "x" * 300, "((((((((", "))))))))", "*a*", "?" * 8, "[a-z]"),
]
_WORDS = (
    "coolant leak station water ferry bridge pump river train night the of a is build slow tofu shop organ rain heat "
    "rivière été Uhr Bahnhof die der le мост поезд 東京 朝 大学 afp ruiz ek 2022 1,000 don't e-mail U.S. zzzz qwxy "
    "leek watter coolent straße aaa ab"
).split()
_FIELDS = "title author body source url lang section folder extra has tags text".split()
_DAYS = (
    *"2022 2022-12 2022-12-20 2020..2022 2023.. ..2021 >=2022 <2022-06 yesterday today -30d.. 1m.. 2022-Q4".split(),
    *(
        "2022-W51",
        "*",
        "soon",
        '"last month"',
        '"last 7 days"',
        "0000",
        "9999",
        "99999",
        "2022-13",
        "2022-02-30",
        "März",
    ),
    *('"20 December 2022"', '"since March"'),
)
_EXPRESSIONS = (
    "pump(s|ing) [a-c].* .*a.* (a|b)*c a{2,5} a{1000} (a*)*b [^a]+ . .* \\d+ \\w{3} ( ) [ a** (?i)x ^a$ \\1 (?=a) "
    "(((((a))))) [\\x00-\\uffff] a|b|c|d .{9} (.*a){5} [[:alpha:]] \\p{L}+ é+ 東. | {}"
).split()


def random_text(chance: Chance) -> str:
    """Signs, words and half characters in a row."""
    return "".join(chance.choice(_PIECES) for _ in range(chance.randint(0, 25)))


def random_query(chance: Chance, depth: int = 0) -> str:
    """A query that the grammar allows, or nearly: what it asks for is often there."""
    if depth > 2 or chance.random() < 0.4:
        return _leaf(chance)
    parts = [random_query(chance, depth + 1) for _ in range(chance.randint(2, 3))]
    match chance.randint(0, 8):
        case 0 | 1:
            return " ".join(parts)
        case 2:
            return f"({' OR '.join(parts)})"
        case 3:
            return " AND ".join(parts)
        case 4:
            return f"NOT {parts[0]}" if chance.random() < 0.5 else f"-({parts[0]})"
        case 5:
            return f"({parts[0]}) ANDMAYBE ({parts[1]})"
        case 6:
            return f"{parts[0]} NEAR/{chance.randint(0, 120)} {parts[1]}"
        case 7:
            return f"({parts[0]})^{chance.choice(['2', '0.5', '0', '1000', '99999'])}"
        case _:
            return f"{chance.choice(_FIELDS)}:({' OR '.join(parts)})"


def _leaf(chance: Chance) -> str:
    word = chance.choice(_WORDS)
    where = f"{chance.choice(_FIELDS)}:" if chance.random() < 0.25 else ""
    words = " ".join(chance.choice(_WORDS) for _ in range(chance.randint(1, 4)))
    match chance.randint(0, 13):
        case 0:
            return f'{where}"{words}"'
        case 1:
            return f'{where}"{words}"~{chance.randint(0, 30)}'
        case 2:
            return f'{where}~"{words}"'
        case 3:
            return f"{where}{word[: chance.randint(0, 3)]}*"
        case 4:
            at = chance.randint(0, len(word))
            return f"{where}{word[:at]}{chance.choice('*?')}{word[at + 1 :]}"
        case 5:
            return f"{where}{word}~{chance.choice(['', '1', '2', '2/1', '3', '0'])}"
        case 6:
            return f'{where}r"{chance.choice(_EXPRESSIONS)}"'
        case 7:
            return f"date:{chance.choice(_DAYS)}"
        case 8:
            low, high = chance.choice("[{"), chance.choice("]}")
            return f"{where}{low}{chance.choice([word, '*'])} TO {chance.choice([*_WORDS[:9], '*'])}{high}"
        case 9:
            return f'{chance.choice(["author", "section", "tags", "folder", "title"])}:="{words}"'
        case 10:
            return f"{where}{chance.choice(['=', '>', '<', '>=', '<='])}{word}"
        case _:
            return where + word


def mutated(chance: Chance) -> str:
    """A real query, changed in a few places, or two of them run together."""
    text = chance.choice(REAL_QUERIES)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(text))
        end = min(len(text), at + chance.randint(1, 4))
        match chance.randint(0, 9):
            case 0:
                text = text[:at] + text[end:]
            case 1:
                text = text[:at] + chance.choice(_PIECES) + text[at:]
            case 2:
                text = text[:at] + text[at:end] * chance.randint(2, 5) + text[end:]
            case 3:
                text = text[:at] + text[at:end][::-1] + text[end:]
            case 4:
                text = chance.choice([text.upper(), text.casefold(), text.title(), text[::-1]])
            case 5:
                text += chance.choice([" ", " OR ", " AND ", " NOT ", "", " NEAR "]) + chance.choice(REAL_QUERIES)
            case 6:
                text = chance.choice(["({})", '"{}"', "-({})", "title:({})", "({})^2", "~({})", "((({})))"]).format(
                    text
                )
            case 7:
                text = text.replace(" ", chance.choice(["", " OR ", "* ", "~ ", '" "', "-", "\u00a0"]))
            case 8:
                text = text.translate({ord('"'): chance.choice(["", "“", "'", '""'])})
            case _:
                text = " ".join(chance.sample(text.split(), len(text.split())))
    return text


def long_text(chance: Chance) -> str:
    """Much of the same: longer than is read, deep, or of very many parts."""
    part = chance.choice((random_text, random_query, mutated))(chance) or chance.choice(_PIECES)
    text = part * chance.randint(1, 60) if chance.random() < 0.8 else part * (chance.randint(0, 12_000) // len(part))
    return text + chance.choice(["", ")" * 40, '"', " leak"])


def hostile_query(chance: Chance) -> str:
    """Any of these."""
    kinds = (random_text, random_query, mutated, long_text)
    return chance.choices(kinds, (0.33, 0.26, 0.4, 0.01))[0](chance)


def options(chance: Chance) -> Options:
    """Options of a search: mostly the usual ones."""
    chosen: Options = {"limit": chance.choice([10, 10, 1, 3, 50]), "snippets": chance.choice([2, 0, 1])}
    if chance.random() < 0.2:
        chosen["sort"] = chance.choice("score score:asc date date:asc title title:desc author author:desc".split())
    if chance.random() < 0.1:
        chosen["facets"] = chance.sample(["author", "year", "month", "language", "section", "folder", "tags"], 3)
        chosen["timeline"] = True
    if chance.random() < 0.1:
        chosen["filters"] = hostile_query(chance)
    if chance.random() < 0.1:
        chosen["offset"] = chance.randint(0, 12)
    if chance.random() < 0.05:
        chosen["explain"] = True
    if chance.random() < 0.05:
        chosen["expand"] = True
    if chance.random() < 0.05:
        chosen["recency"] = "30d"
    if chance.random() < 0.3:
        chosen["collapse"] = False
    return chosen


@contextmanager
def indexes(home: Path) -> Iterator[dict[str, Path]]:
    """The same articles in an index of each engine."""
    shutil.copytree(CORPUS, home / "corpus")
    odd = "".join(json.dumps(article) + "\n" for article in _ODD)
    (home / "corpus" / "odd.jsonl").write_text(odd, "utf-8", errors="surrogatepass")
    (home / "byline.toml").write_text('[index]\nfacets = ["tags"]\n', "utf-8")
    found = {}
    for name in ENGINE_NAMES:
        place = home / name
        place.mkdir()
        shutil.copy(home / "byline.toml", place)
        build([home / "corpus"], place / ".byline", engine=name)
        found[name] = place / ".byline"
    yield found


@dataclass
class Trial:
    """What has been tried so far.

    Attributes:
        outcomes: how often searches found something, found nothing, were refused, or were cut short, in which case
            engines need not agree.
        slowest: the longest time that a search took, and its query.
    """

    indexes: Mapping[str, Path]
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")

    def check(self, query: str, chosen: Options | None = None) -> None:
        """Put a query to every engine. Raises AssertionError if anything is not as it should be, or whatever a search
        raises that it should not."""
        answers = {name: self._answer(query, place, chosen or {}) for name, place in self.indexes.items()}
        first, *others = answers.values()
        kinds = {type(answer).__name__ for answer in answers.values()}
        assert len(kinds) == 1, f"engines disagree: {answers}"
        if not isinstance(first, SearchResults):
            self.outcomes["refused"] += 1
            assert all(answer == first for answer in others), f"engines refuse differently: {answers}"
            return
        again = parse(first.interpreted, facets=["tags"])
        assert syntax.canonical(again.tree) == first.interpreted, "what is interpreted is not read as itself"
        results = [answer for answer in answers.values() if isinstance(answer, SearchResults)]
        if any(each.timed_out for each in results):
            self.outcomes["out of time"] += 1
            return
        self.outcomes["found" if first.total else "nothing found"] += 1
        for other in results[1:]:
            compare(first, other)

    def _answer(self, query: str, place: Path, chosen: Options) -> SearchResults | str:
        started = time.monotonic()
        try:
            return search(query, index=place, budget=BUDGET, **chosen)
        except (QueryError, UsageError) as error:
            assert str(error).strip()
            return type(error).__name__
        finally:
            took = time.monotonic() - started
            if took > self.slowest[0]:
                self.slowest = took, query
            assert took < BUDGET + SLACK, f"it took {took:.1f} seconds"


def compare(one: SearchResults, other: SearchResults) -> None:
    """Raise AssertionError unless two engines gave the same results, but for the last digits of scores."""
    assert (one.total, one.complete, one.interpreted) == (other.total, other.complete, other.interpreted)
    assert [each.to_dict() for each in one.notices] == [each.to_dict() for each in other.notices]
    assert (one.diagnosis and one.diagnosis.to_dict()) == (other.diagnosis and other.diagnosis.to_dict())
    assert one.facets == other.facets
    assert one.timeline == other.timeline
    assert bool(one.next) == bool(other.next)
    assert len(one) == len(other)
    for ours, theirs in zip(one, other, strict=True):
        assert math.isclose(ours.score, theirs.score, rel_tol=1e-4, abs_tol=1e-4), (ours.score, theirs.score)
    if [hit.id for hit in one] == [hit.id for hit in other]:
        assert list(map(_shown, one)) == list(map(_shown, other))
        return
    # Scores that differ in their last digits alone may rank either way, also across the page's end.
    alike = _alike(one.hits)
    assert len(alike) > 1 or one.total > len(one) or _ids(one.hits) == _ids(other.hits)
    for group in alike[: -1 if one.total > len(one) + one.offset else None]:
        if group.start or not one.offset:
            assert _ids(one.hits[group]) == _ids(other.hits[group]), "other hits, or in another order"


def _alike(hits: Sequence[Hit]) -> list[slice]:
    """The hits in groups whose scores cannot be told apart."""
    groups: list[slice] = []
    start = 0
    for at in range(1, len(hits) + 1):
        if at == len(hits) or not math.isclose(hits[at].score, hits[at - 1].score, rel_tol=1e-4, abs_tol=1e-4):
            groups.append(slice(start, at))
            start = at
    return groups


def _ids(hits: Sequence[Hit]) -> set[str]:
    return {hit.id for hit in hits}


def _shown(hit: Hit) -> dict[str, Any]:
    return {name: value for name, value in hit.to_dict().items() if name not in ("score", "explanation")}


def main(count: int, seed: int) -> int:
    """Try `count` queries; gives how many failed."""
    failures = 0
    with tempfile.TemporaryDirectory() as folder, indexes(Path(folder)) as places:
        trial = Trial(places)
        started = time.monotonic()
        for number in range(count):
            chance = random.Random(f"{seed}:{number}")
            query, chosen = hostile_query(chance), options(chance)
            try:
                with (
                    nullcontext()
                    if number % _DIAGNOSED == 0
                    else patch("search.advice.doctor.diagnose", return_value=None)
                ):
                    trial.check(query, chosen)
            except Exception as error:
                failures += 1
                shown = f"{query!r}" if len(query) < 2_000 else f"{query[:2_000]!r}…"
                print(f"{seed}:{number} {type(error).__name__}: {str(error)[:1_000]}\n    {shown} {chosen}", flush=True)
            if (number + 1) % 1_000 == 0:
                per_query = (time.monotonic() - started) / (number + 1)
                took, slow = trial.slowest
                done = f"{number + 1:,} queries, {failures} failures, {per_query * 1000:.0f} ms each"
                print(
                    f"{done}; {dict(trial.outcomes)}; slowest {took:.1f} s: {slow[:200]!r}", file=sys.stderr, flush=True
                )
    return failures


if __name__ == "__main__":
    numbers: list[int] = list(map(int, sys.argv[1:]))
    sys.exit(main(*(numbers + [1_000, 0][len(numbers) :])) > 0)
