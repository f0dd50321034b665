"""The query algebra: what an index can be asked, whatever engine keeps it.

Small frozen nodes, built from analysed tokens, never from raw text. What a person may type lives in
`search/language.py`, which lowers text to these nodes. This file imports only the schema's `Form`.

Matching (which documents) is exact and the same on every engine; `tests/brute_force.py` states it in plain Python.
Scores: Term and Phrase score by BM25; Prefix, Wildcard, Regex and Fuzzy score 1.0; Range, Everything and Not score 0.
And, Or and AndMaybe add up the scores of the clauses that match; Boost multiplies.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.schema import Form


@dataclass(frozen=True, slots=True)
class Term:
    """Documents that hold this token in this field, in this form."""

    field: str
    token: str
    form: Form = Form.STEM


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents that hold these tokens in this order in this field, each at a position of its own.

    `slop` is how many other positions may lie between the first and the last token in all: 0 demands neighbours. Two
    tokens at least. Scores as the best of the ways to spread the tokens over positions: the BM25 of the phrase spread
    that way (its idf is the sum of its tokens'), divided by one more than the other positions in it.
    """

    field: str
    tokens: tuple[str, ...]
    slop: int = 0
    form: Form = Form.WORD


@dataclass(frozen=True, slots=True)
class Prefix:
    """Documents that hold, in this field, a token that starts with `prefix`."""

    field: str
    prefix: str
    form: Form = Form.WORD


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Documents that hold a token matching `pattern`, where `?` is one character and `*` any number, also none."""

    field: str
    pattern: str
    form: Form = Form.WORD


@dataclass(frozen=True, slots=True)
class Regex:
    """Documents that hold a token which the whole regular expression `pattern` matches.

    The dialect is described in `index.engines.regex_syntax`: no anchors, look-around or back-references.
    """

    field: str
    pattern: str
    form: Form = Form.WORD


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Documents that hold a token within `distance` (1 or 2) edits of `token`.

    An edit inserts, deletes or replaces a character or swaps two neighbours; the first `prefix_length` characters
    must be the same.
    """

    field: str
    token: str
    distance: int = 1
    prefix_length: int = 0
    form: Form = Form.WORD


@dataclass(frozen=True, slots=True)
class Range:
    """Documents whose value lies between two bounds, both included; None leaves that side open.

    On a day field the bounds are day numbers (`datetime.date.toordinal`), and `form` does not matter. On a text field
    they are tokens, compared by Unicode code point.
    """

    field: str
    lower: int | str | None = None
    upper: int | str | None = None
    form: Form = Form.WORD


@dataclass(frozen=True, slots=True)
class And:
    """Documents that match every clause. With no clause: everything."""

    clauses: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Documents that match at least `minimum` clauses. With fewer clauses than that: nothing."""

    clauses: tuple[Query, ...]
    minimum: int = 1


@dataclass(frozen=True, slots=True)
class Not:
    """Documents that do not match the clause."""

    clause: Query


@dataclass(frozen=True, slots=True)
class AndMaybe:
    """Exactly the documents that match `required`; those that match `optional` too score higher."""

    required: Query
    optional: Query


@dataclass(frozen=True, slots=True)
class Boost:
    """What the clause matches, its score multiplied by `weight` (0 or more)."""

    clause: Query
    weight: float


@dataclass(frozen=True, slots=True)
class Everything:
    """Every document."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No document."""


Query = (
    Term | Phrase | Prefix | Wildcard | Regex | Fuzzy | Range | And | Or | Not | AndMaybe | Boost | Everything | Nothing
)
"""Any node. A `match` over it ends in `assert_never`, so that mypy names whoever forgot a node."""

MAX_DEPTH = 250
"""How deep nodes may be nested. Deeper trees overflow the stack of some engines (tantivy at about 2,000)."""

MAX_CLAUSES = 16_384
"""How many nodes a query may have in all."""
