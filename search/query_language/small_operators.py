"""Operators in small letters: words like any other, though somebody may have meant `OR` by `or`.

“to be or not to be” is read as its words, and so is `ferry or bridge`. But of a few words, or with fields beside it, a
notice says so; not where a title has the words as they stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeGuard

from index.analysis.tokens import analyzer
from search.query_language import syntax
from search.query_language.syntax import Node
from search.results import Notice

MAX_WORDS = 6
"""In a query of more words, and nothing else, small operators are taken for words without a notice."""

_FINDS = {
    "or": "for either of the two",
    "not": "to leave out what follows",
    "and": "for both",
}


def small_operators(tree: Node, text: str) -> list[syntax.Word]:
    """The words of a query that may have been meant as operators.

    Args:
        tree: the query.
        text: the same as typed.
    """
    leaves = [node for node in syntax.every(tree) if not syntax.inner(node)]
    words = sum(map(syntax.is_bare_word, leaves))
    if (words > MAX_WORDS and words == len(leaves)) or text.rstrip().endswith("?"):
        return []
    found: list[syntax.Word] = []
    for node in syntax.every(tree):
        if not isinstance(node, syntax.Conjunction):
            continue
        for before, word, after in zip(node.children, node.children[1:], node.children[2:], strict=False):
            if not _is_small(word, text) or _is_small(before, text) or _is_small(after, text):
                continue
            is_between_words = syntax.is_bare_word(before) and syntax.is_bare_word(after)
            if word.text != "and" or not is_between_words:  # most articles have an `and`, so it changes next to nothing
                found.append(word)
    return found


def notices_for(words: Iterable[syntax.Word], text: str, titles: Iterable[str]) -> tuple[Notice, ...]:
    """What to say about words that may have been meant as operators.

    Args:
        words: those, as `small_operators` gives them.
        text: the query as typed.
        titles: of the hits shown; where the query stands in one, it was meant as words.
    """
    words = sorted(words, key=lambda word: word.span)
    if not words:
        return ()
    asked = f" {analyzer('').words(text)} "
    if any(asked in f" {analyzer('').words(title)} " for title in titles):
        return ()
    meant = text
    for word in words:
        start, end = word.span
        meant = f"{meant[:start]}{word.text.upper()}{meant[end:]}"
    first = {word.text: word for word in reversed(words)}
    return tuple(
        Notice(f"“{name}” was read as a word; {_FINDS[name]} write {name.upper()}", first[name].span, meant)
        for name in sorted(first, key=lambda name: first[name].span)
    )


def without(tree: Node, words: Iterable[syntax.Word]) -> Node:
    """The query without these words."""
    spans = {word.span for word in words}
    if not spans or not isinstance(tree, syntax.Conjunction):
        return tree
    return syntax.conjunction(
        [child for child in tree.children if not (syntax.is_bare_word(child) and child.span in spans)]
    )


def _is_small(node: Node, text: str) -> TypeGuard[syntax.Word]:
    return syntax.is_bare_word(node) and node.text in _FINDS and text[slice(*node.span)] == node.text
