"""Questions in plain language: which of their words a document must hold, and which only dress the question.

A query of bare words is taken for a question when it has four words or more with function words among them, or ends
in a question mark. Its function words are then left out, since the other words say more; and when few documents hold
all the others, documents with most of them follow. Key words alone, and a query with any operator or wildcard, are
always taken to the letter. (Which question marks are no wildcards is found out when the query is read; where it was not
plainly a question, a notice says so.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.records import record
from search.query_language import syntax
from search.query_language.parser import Parsed
from search.query_language.syntax import Node
from search.results import Notice, Span

MIN_WORDS = 4
ENOUGH = 10
"""When fewer documents than this hold all the words of a question, documents with most of them follow."""


@record(frozen=True, slots=True)
class Question:
    """A query that may be a question.

    Attributes:
        tree: what to look for: the query, without function words if it is a question.
        is_question: whether documents with only some of the words may follow.
        notices: what was left out, and question marks that may have been meant as wildcards.
    """

    tree: Node
    is_question: bool
    notices: tuple[Notice, ...] = ()


def as_question(parsed: Parsed, text: str, languages: Sequence[str]) -> Question:
    """Read a query as a question if it looks like one. Filters (dates, named fields, negations) may accompany it."""
    tree = parsed.tree
    parts = tree.children if isinstance(tree, syntax.Conjunction) else (tree,)
    count = 0 if parsed.has_operators else sum(map(_count, parts))
    asks = count > 1 and text.rstrip().endswith(("?", "？"))
    words = list(filter(syntax.is_bare_word, parts))
    is_plain = all(syntax.is_bare_word(p) or _accompanies(p) for p in parts)
    if not parsed.asking and not (is_plain and (asks or count >= MIN_WORDS)):
        return Question(tree, is_question=False)
    from search.query_language.importance import importance  # only for questions

    left_out = [word for word in words if importance(word.text, languages) == 0]
    if not left_out:
        return Question(tree, is_question=asks and is_plain, notices=tuple(_asking(parsed.asking, text)))
    if len(left_out) == count or not (is_plain and (asks or count >= MIN_WORDS)):
        return Question(tree, is_question=asks and is_plain)
    kept = syntax.conjunction([part for part in parts if part not in left_out])
    listed = ", ".join(dict.fromkeys(f"“{word.text}”" for word in left_out))
    notice = Notice(f"Left out, since the other words say more: {listed}; write AND between words to demand them all")
    return Question(kept, is_question=True, notices=(notice,))


def _asking(spans: Sequence[Span], text: str) -> Iterator[Notice]:
    """What to say of words whose question mark was taken for the end of a sentence."""
    for start, end in spans:
        word = text[start:end]
        yield Notice(
            f"The question mark of “{word}” was read as punctuation; for any one character write ({word})",
            (start, end),
            f"{text[:start]}({word}){text[end:]}",
        )


def _count(node: Node) -> int:
    """How many bare words it is."""
    first = syntax.original(node)
    return sum(map(syntax.is_bare_word, first.children if isinstance(first, syntax.Conjunction) else (first,)))


def _accompanies(node: Node) -> bool:
    match node:
        case syntax.Alternatives() | syntax.Days() | syntax.Negation() | syntax.Quoted() | syntax.Whole():
            return True
        case syntax.Word(_, name) | syntax.Pattern(_, name):
            return name is not None
        case _:
            return False
