"""The query algebra: what an index can be asked, whatever engine keeps it.

Small frozen nodes, built from analysed tokens, never from raw text. What a person may type lives in
`search/query_language/parser.py`, which lowers text to these nodes. This file imports only the schema's `Form`.

Matching (which documents) is exact and the same on every engine; `tests/brute_force.py` states it in plain Python.
Scores: Term and Phrase score by BM25; Near, Prefix, Wildcard, Regex and Fuzzy score 1.0; Range, Everything and Not
score 0.
And, Or and AndMaybe add up the scores of the clauses that match; Boost multiplies.
"""

from __future__ import annotations

from index.records import record
from index.schema import Form


@record(frozen=True, slots=True)
class Term:
    """Documents that hold this token in this field, in this form."""

    field: str
    token: str
    form: Form = Form.STEM


@record(frozen=True, slots=True)
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


Tokens = tuple[str, ...]
"""One token, or several side by side."""

Group = tuple[Tokens, ...]
"""What may stand in one place: any of these."""


@record(frozen=True, slots=True)
class Near:
    """Documents in which something of both groups stands close together in this field, in either order.

    The two stand at positions of their own, and `apart` is how many other positions may lie between them.
    """

    field: str
    groups: tuple[Group, Group]
    apart: int
    form: Form = Form.STEM


@record(frozen=True, slots=True)
class Prefix:
    """Documents that hold, in this field, a token that starts with `prefix`."""

    field: str
    prefix: str
    form: Form = Form.WORD


@record(frozen=True, slots=True)
class Wildcard:
    """Documents that hold a token matching `pattern`, as the shell has it.

    `?` is one character, `*` any number, also none; `[ab]`, `[a-z]` and `[!a-z]` are one of a class, where a `]` that
    comes first stands for itself. A `[` that no `]` follows stands for itself.
    """

    field: str
    pattern: str
    form: Form = Form.WORD


@record(frozen=True, slots=True)
class Regex:
    """Documents that hold a token which the whole regular expression `pattern` matches.

    The dialect is described in `index.engines.regex_syntax`: no anchors, look-around or back-references.
    """

    field: str
    pattern: str
    form: Form = Form.WORD


@record(frozen=True, slots=True)
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


@record(frozen=True, slots=True)
class Range:
    """Documents whose value lies between two bounds; None leaves that side open.

    Both bounds are included, unless `above` (the lower) or `below` (the upper) leaves one out. On a day field they are
    day numbers (`datetime.date.toordinal`), and `form` does not matter. On a text field they are tokens, compared by
    Unicode code point.
    """

    field: str
    lower: int | str | None = None
    upper: int | str | None = None
    form: Form = Form.WORD
    above: bool = False
    below: bool = False


@record(frozen=True, slots=True)
class And:
    """Documents that match every clause. With no clause: everything."""

    clauses: tuple[Query, ...]


@record(frozen=True, slots=True)
class Or:
    """Documents that match at least `minimum` clauses. With fewer clauses than that: nothing."""

    clauses: tuple[Query, ...]
    minimum: int = 1


@record(frozen=True, slots=True)
class Not:
    """Documents that do not match the clause."""

    clause: Query


@record(frozen=True, slots=True)
class AndMaybe:
    """Exactly the documents that match `required`; those that match `optional` too score higher."""

    required: Query
    optional: Query


@record(frozen=True, slots=True)
class Boost:
    """What the clause matches, its score multiplied by `weight` (0 or more)."""

    clause: Query
    weight: float


@record(frozen=True, slots=True)
class Everything:
    """Every document."""


@record(frozen=True, slots=True)
class Nothing:
    """No document."""


Query = (
    Term
    | Phrase
    | Near
    | Prefix
    | Wildcard
    | Regex
    | Fuzzy
    | Range
    | And
    | Or
    | Not
    | AndMaybe
    | Boost
    | Everything
    | Nothing
)
"""Any node. A `match` over it ends in `assert_never`, so that mypy names whoever forgot a node."""

MAX_DEPTH = 250
"""How deep nodes may be nested. Deeper trees overflow the stack of some engines (tantivy at about 2,000)."""

MAX_CLAUSES = 16_384
"""How many nodes a query may have in all."""
