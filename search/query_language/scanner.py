"""Scanning a query: its text, character by character, to the rows of operands and operators in its brackets."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Collection, Mapping
from functools import cached_property

from index.analysis.tokens import is_unsegmented
from index.engines.bounds import MAX_APART, MAX_PHRASE_TOKENS
from search.query_language import day_clauses, syntax
from search.query_language.dates import is_plain, parse_day
from search.query_language.field_names import known_fields, looks_like_field, nearest_field
from search.query_language.groups import MAX_WORDS, Groups, text_field
from search.query_language.leaves import ESCAPED, MAX_CHARACTERS, begins_class, leaf, without_question_mark
from search.query_language.precedence import Operator, operator_of
from search.query_language.syntax import Node
from search.query_language.values import has_whole_values
from search.results import Span

NO_FIELD = "There is no field "
"""What a notice begins with of a name before a colon that is none of a field."""

MAX_WEIGHT = 1000.0
MAX_SLOP = 999_999  # what is more than an engine can do is narrowed, with a notice, in lowering

_FIELD = re.compile(r"([^\W\d_]\w*):")
_CLOSING = {'"': '"', "“": '”"“', "„": '“”"', "«": '»"', "”": '”"'}
# Nothing here can match white space in two ways, or a query of nothing else would take hours.
_RANGE = re.compile(r"""[\[{]((?>\s*"[^"]*"\s*)|[^"\[\]{}]*?)\bTO\b((?>\s*"[^"]*"\s*)|[^"\[\]{}]*?)[\]}]""")
_OPEN_RANGE = re.compile(r"""[\[{]\s*+("[^"]*"|[^\s"()\[\]{}]*)\s*+\bTO\b\s*+("[^"]*"|[^\s"()\[\]{}]*)""")
_SUFFIX_WEIGHT = re.compile(r"(?<!\\)\^(\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})")
_LAST_WEIGHT = re.compile(rf"{_SUFFIX_WEIGHT.pattern}$")
_SUFFIX_SLOP = re.compile(r"~(\d*)")
_COMPARED = re.compile(r"(<=|>=|<|>)\s*")
_COMPARED_WORD = re.compile(r"""[^\s()"“”„«»^]+""")
_LETTER_LEFT_OUT = re.compile(r"-([^\W\d_])(?!\S)")
_COMPARISON = re.compile(r"([^\W\d_]\w*)(<=|>=|<|>)(?=[^\W_])")
_SEVERAL = re.compile(r"[\w-]+(?:,[\w-]+)+")
_PLAIN_WORD = re.compile(rf"([^\W_]{{1,{MAX_CHARACTERS}}})(?:\s+|$)")  # as most are
_WORD_STARTS = "=*?/.\\|&"  # what else a word, a pattern or an operator may begin with
_LETTERS = re.compile(r"\w+")  # which neither escape anything nor end a word
_WORD_END = re.compile(r"""[\s()"“”„«»]""")


class Scanner:
    """Reads one query.

    Attributes:
        groups: what was read.
        asking: where words stand, in no field and no brackets, whose question mark ends a sentence.
    """

    def __init__(self, text: str, today: dt.date, facets: Collection[str], nesting: int) -> None:
        self.text = text
        self.today = today
        self.facets = facets
        self.nesting = nesting
        self.at = 0
        self.groups = Groups(text)
        self.absent: set[str] = set()  # quotation marks that do not stand in the rest
        self.ignored = 0  # brackets that are open but nested too deep to count
        self.asking: tuple[Span, ...] = ()
        self._may_ask: list[Span] = []

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """What may stand before a colon."""
        return known_fields(self.facets)  # which most queries need not know

    def tree(self) -> Node:
        """Read it all."""
        groups, length = self.groups, len(self.text)
        start = 0
        while self.at < length and groups.words <= MAX_WORDS:
            start = self.at
            self._step()
        if groups.words > MAX_WORDS:
            groups.cut(start)
        tree = groups.tree()
        return self._question(tree) if self._may_ask else tree

    def _question(self, tree: Node) -> Node:
        """The query with the question marks that end a sentence taken for what they are, rather than for wildcards."""
        parts = tree.children if isinstance(tree, syntax.Conjunction) else (tree,)
        asking = [part for part in parts if isinstance(part, syntax.Pattern) and part.span in self._may_ask]
        is_several = len(asking) + sum(map(syntax.is_bare_word, parts)) > 1 or any(
            any(map(is_unsegmented, part.text))
            for part in asking  # several words without spaces
        )
        if not asking or self.groups.has_operators or not is_several:
            return tree
        words = {self.text[slice(*part.span)] for part in asking}
        self.asking = tuple(span for span in self._may_ask if self.text[slice(*span)] in words)
        text = self.text
        for start, end in self.asking:
            text = text[:start] + without_question_mark(text[start:end]) + text[end:]
        # Read again, since a word that is said twice counts twice, but a wildcard does not.
        plain = Scanner(text, self.today, self.facets, self.nesting)
        tree, self.groups = plain.tree(), plain.groups
        return tree

    # Scanning: one step reads one thing and adds it to the innermost group.

    def _step(self) -> None:
        text, at = self.text, self.at
        if (plain := _PLAIN_WORD.match(text, at)) and plain[1] not in syntax.OPERATORS and not self._in_date():
            self.at = plain.end()
            self.groups.add(syntax.Word(plain[1], self.groups.take_field(), False, plain.span(1)))
            return
        character = text[at]
        if character.isspace() or (character in ")]}" and self._stray(character)):
            self.at += 1
        elif character == "(":
            self._open()
        elif character == ")":
            self._close()
        elif character in _CLOSING:
            self._quoted()
        elif character in "=~" and text[at + 1 : at + 2] in _CLOSING and (character == "=" or self._after_gap()):
            self.at += 1
            self._quoted(before=character)
        elif text.startswith('r"', at):
            self._regular_expression()
        elif character in "[{" and (found := _RANGE.match(text, at)):
            self._range(found)
        elif character in "[{" and (found := _OPEN_RANGE.match(text, at)):
            self.groups.notice("This range is never closed; read as if it closed after the next word", at)
            self._range(found)
        elif character in "<>" and self.groups.field_here() is not None and self._after_gap() and self._compared():
            pass
        elif character in "-!" and self._starts_operand(at + 1) and not self._in_date() and self._after_gap():
            self.groups.add(Operator("NOT", (at, at + 1)))
            self.at += 1
            if letter := _LETTER_LEFT_OUT.match(text, at):  # which may have been meant as an option
                self.groups.notice(f"Left out: articles with “{letter[1]}”", *letter.span())
        elif character == "+" and self._starts_operand(at + 1):
            self.groups.has_operators = True
            self.at += 1
        elif (found := _FIELD.match(text, at)) and self._field(found):
            self.at = found.end()
        elif character.isalnum() or character in _WORD_STARTS or self._in_date() or begins_class(text, at):
            self._word()
        else:
            self.at += 1  # punctuation before a word

    def _stray(self, character: str) -> bool:
        if character == ")":
            if self.ignored:
                self.ignored -= 1
                return True
            if self.groups.depth:
                return False
            self.groups.notice("This bracket closes nothing; it was left out", self.at)
        return True

    def _in_date(self) -> bool:
        """Whether a date is due, where a leading dash means "ago"."""
        return self.groups.field_here() == "date"

    def _after_gap(self) -> bool:
        """Whether this is the beginning of something: what follows a closing quotation mark is not."""
        return self.at == 0 or self.text[self.at - 1].isspace() or self.text[self.at - 1] in "(:+-!"

    def _starts_operand(self, at: int) -> bool:
        return at < len(self.text) and (
            self.text[at].isalnum()
            or self.text[at] in '("“„«=*[\\'
            or (self.text[at] == "~" and self.text[at + 1 : at + 2] in _CLOSING)
        )

    def _field(self, found: re.Match[str]) -> bool:
        """Whether what stands before this colon is a field."""
        name = found[1].casefold()
        if name in self.fields:
            self.groups.flush_field()
            self.groups.pending_field = self.fields[name], found.span()
            return True
        if looks_like_field(found[1], self.text[found.end() : found.end() + 1]):
            if instead := day_clauses.as_date(name, self.text, found.end(), self.today):
                clause, end = instead
            else:
                near, end = nearest_field(name, self.fields), found.end()
                clause = f"{near}:" if near else ""
            self.groups.notice(
                f"{NO_FIELD}“{found[1]}”, so this was read as words",
                *found.span(),
                suggestion=f"{self.text[: found.start()]}{clause}{self.text[end:]}" if clause else "",
            )
        return False

    def _open(self) -> None:
        if self.groups.depth >= self.nesting:
            if not self.ignored:
                self.groups.notice(
                    f"Brackets are nested more than {self.nesting} deep; those further in were left out", self.at
                )
            self.ignored += 1
        else:
            self.groups.open(self.at)
        self.at += 1

    def _close(self) -> None:
        self.at += 1
        self.groups.flush_field()
        if node := self.groups.close(self.at):
            self.groups.put(self._weighted(node))

    def _quoted(self, before: str = "") -> None:
        """Words in quotation marks; after an equals sign the whole value of a field, after a tilde in any form."""
        start = self.at
        phrase = " ".join(ESCAPED.sub(r"\1", self._quotation()).split())
        slop = 0
        if found := _SUFFIX_SLOP.match(self.text, self.at):
            slop = min(int(found[1][:9] or 1), MAX_SLOP)
            self.at = found.end()
        name = self.groups.take_field()
        span = (start - len(before), self.at)
        if not any(map(str.isalnum, phrase)):
            self.groups.notice("There is nothing between these quotation marks; they were left out", start, self.at)
        elif name == "date":
            self.groups.add(self._weighted(self._date(phrase, span)))
        elif before == "=" and name is not None and has_whole_values(name):
            self.groups.add(self._weighted(syntax.Whole(phrase, name, span)))
        else:
            words = phrase.split(" ", MAX_PHRASE_TOKENS)
            if len(words) > MAX_PHRASE_TOKENS:
                self.groups.notice(
                    f"Only the first {MAX_PHRASE_TOKENS} words between these quotation marks were read", *span
                )
                phrase = " ".join(words[:MAX_PHRASE_TOKENS])
            self.groups.add(self._weighted(syntax.Quoted(phrase, name, slop, span, any_form=before == "~")))

    def _quotation(self) -> str:
        """Pass over what stands in the quotation marks that begin here, and give what is between them."""
        start = self.at
        closing = _CLOSING[self.text[start]]
        if not any(self._follows(mark) for mark in closing):
            closing = "".join(_CLOSING.values())  # mixed marks
        end = start + 1
        while end < len(self.text) and self.text[end] not in closing:
            end += 2 if self.text[end] == "\\" else 1
        closed = end < len(self.text)
        if not closed:
            end = len(self.text)
            self.groups.notice("This quotation mark is never closed; read as if it closed at the end", start)
        self.at = end + 1 if closed else end
        return self.text[start + 1 : end]

    def _follows(self, mark: str) -> bool:
        """Whether a quotation mark stands somewhere after this one."""
        if mark not in self.absent and self.text.find(mark, self.at + 1) < 0:
            self.absent.add(mark)  # here, and so further on
        return mark not in self.absent

    def _regular_expression(self) -> None:
        start = self.at
        end = self.text.find('"', start + 2)
        if end < 0:
            self.groups.notice("This regular expression is never closed; read as if it closed at the end", start)
        pattern = self.text[start + 2 : end if end >= 0 else len(self.text)]
        self.at = end + 1 if end >= 0 else len(self.text)
        name = text_field(self.groups.take_field())
        if pattern:
            self.groups.add(self._weighted(syntax.Expression(pattern, name, (start, self.at))))

    def _range(self, found: re.Match[str]) -> None:
        self.at = found.end()
        span = found.span()
        lower, upper = (part.strip().strip('"').strip() for part in found.groups())
        lower, upper = ("" if bound == "*" else bound for bound in (lower, upper))
        above, below = found[0][0] == "{", found[0][-1] == "}"
        name = self.groups.take_field()
        if name == "date" or (name is None and self._are_days(lower, upper)):
            node, notice = day_clauses.between(lower, upper, self.today, above=above, below=below, span=span)
            if notice:
                both = f"{self.text[: span[0]]}[{found[1].strip()} TO {found[2].strip()}]{self.text[span[1] :]}"
                self.groups.notice(notice, *span, suggestion=both if notice == day_clauses.NO_DAY else "")
            self.groups.add(self._weighted(node))
        else:
            self.groups.add(self._weighted(_between(lower, upper, name, span, above=above, below=below)))

    def _are_days(self, *bounds: str) -> bool:
        """Whether the bounds of a range could be nothing else."""
        given = list(filter(None, bounds))
        return bool(given) and all(is_plain(bound) and parse_day(bound, self.today) for bound in given)

    def _compared(self) -> bool:
        """Read what is compared with the value of a field; False if nothing is."""
        start = self.at
        found = _COMPARED.match(self.text, start)
        if found is None:
            return False
        self.at = found.end()
        if self.text[self.at : self.at + 1] in _CLOSING and self.at < len(self.text):
            value = " ".join(self._quotation().split())
        elif word := _COMPARED_WORD.match(self.text, self.at):
            self.at = word.end()
            value = word[0]
            if self._in_date():
                self.at = day_clauses.longest(self.text, word.start(), value, self.today)
                value = self.text[word.start() : self.at]
        else:
            value = ""
        if not any(map(str.isalnum, value)):
            self.at = start
            return False
        name, span = self.groups.take_field(), (start, self.at)
        if name == "date":
            self.groups.add(self._weighted(self._date(value, span, found[1])))
        elif found[1][0] == ">":
            self.groups.add(self._weighted(_between(value, "", name, span, above=found[1] == ">")))
        else:
            self.groups.add(self._weighted(_between("", value, name, span, below=found[1] == "<")))
        return True

    def _word(self) -> None:
        start = self.at
        at = start
        while at < len(self.text):
            if letters := _LETTERS.match(self.text, at):
                at = letters.end()
            elif ESCAPED.match(self.text, at):
                at += 2
            elif _WORD_END.match(self.text, at) and at > start:
                break
            else:
                at += 1
        raw, self.at = self.text[start:at], at
        if self.groups.pending_field is None and (operator := operator_of(raw, (start, at))):
            number = raw.partition("/")[2]
            if operator.name == "NEAR" and number != "" and not number.isdecimal():
                self.groups.notice(
                    f"NEAR takes the number of words that may lie between; “{raw}” was read as NEAR/{operator.apart}",
                    start,
                    at,
                )
            if operator.apart > MAX_APART:
                self.groups.notice(f"At most {MAX_APART} words may lie between; read as NEAR/{MAX_APART}", start, at)
                operator = dataclasses.replace(operator, apart=MAX_APART)
            self.groups.add(operator)
            return
        name = self.groups.take_field()
        if found := _LAST_WEIGHT.search(raw):
            raw, self.at = raw[: found.start()], start + found.start()
        if name == "date" and (any(map(str.isalnum, raw)) or raw.strip("*") == ""):
            if not found and raw.strip("*"):
                self.at = day_clauses.longest(self.text, start, raw, self.today)
                raw = self.text[start : self.at]
            node: Node | None = self._date(raw, (start, self.at))
        else:
            node, message = leaf(raw, text_field(name), (start, at))
            if "?" in raw and name is None and not self.groups.depth and self._ends_sentence(raw, at):
                self._may_ask.append((start, at))
            if message:
                self.groups.notice(message, start, at)
            self._hint(raw, name, start)
        if node is not None:
            self.groups.add(self._weighted(node))
        elif found:
            self.at = at

    def _ends_sentence(self, raw: str, end: int) -> bool:
        """Whether a word may end in a question mark, after which nothing comes, or what begins with a capital, be it in
        brackets."""
        rest = self.text[end:].lstrip(" \t\n(")
        following = rest.partition(" ")[0]
        is_end = not any(map(str.isalnum, rest)) or (following[:1].isupper() and operator_of(following, (0, 0)) is None)
        return is_end and without_question_mark(raw) != raw

    def _hint(self, raw: str, name: str | None, start: int) -> None:
        """Say how to write what looks like a comparison without its colon, or like several values of a field."""
        end = start + len(raw)
        if name is None and (found := _COMPARISON.match(raw)) and found[1].casefold() in self.fields:
            clause = f"{found[1]}:{raw[len(found[1]) :]}"
            self.groups.notice(
                f"“{raw}” was read as words; to compare, write {clause}",
                start,
                end,
                f"{self.text[:start]}{clause}{self.text[end:]}",
            )
        elif name is not None and has_whole_values(name) and _SEVERAL.fullmatch(raw) and "://" not in raw:
            clause = f"({' OR '.join(raw.split(','))})"
            self.groups.notice(
                f"“{raw}” was read as one; for any of them write {name}:{clause}",
                start,
                end,
                f"{self.text[:start]}{clause}{self.text[end:]}",
            )

    def _date(self, text: str, span: Span, comparison: str = "") -> Node:
        if not text.strip("*"):
            return syntax.Days(None, None, span)  # any date
        node, notice = day_clauses.days(text, self.today, comparison, span)
        if notice:
            self.groups.notice(notice, *span)
        if node is not None:
            return node
        word = None if _WORD_END.search(text) else leaf(text, None, span)[0]
        if isinstance(word, syntax.Word) and not any(map(str.isalpha, text)):
            return dataclasses.replace(word, exact=True)  # its figures one by one are of other days
        return word or syntax.Quoted(text, None, 0, span)

    # Helpers of the scanner.

    def _weighted(self, node: Node) -> Node:
        found = _SUFFIX_WEIGHT.match(self.text, self.at)
        if found is None:
            return node
        self.at = found.end()
        weight = min(float(found[1]), MAX_WEIGHT)
        return node if weight == 1 else syntax.Boosted(node, weight)


def _between(
    lower: str, upper: str, name: str | None, span: Span, *, above: bool = False, below: bool = False
) -> syntax.Between:
    """A range of words; a side that is open leaves nothing out."""
    return syntax.Between(
        lower or None, upper or None, name, span, above=above and bool(lower), below=below and bool(upper)
    )
