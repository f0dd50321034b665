"""Where sentences begin and end, by rules: no model, no dictionary beyond a few abbreviations, linear time.

A full stop ends a sentence unless a lower-case letter follows, or the word before it is an abbreviation. Titles
("Dr.") never end one; others ("U.S.", "Inc.", initials) do when a word follows that often begins sentences. Chinese
and Japanese full stops and empty lines always end one.
"""

from __future__ import annotations

import re

from search.results import Span

_STOPS = ".!?…؟۔।。！？｡"
_WIDE_STOPS = frozenset("。！？｡")  # no white space needs to follow these
_ALL_STOPS = f"{_STOPS}\n"
_ASCII_STOPS = ".!?\n"
_CLOSING = "\"'”’»›)\\]」』）》〉】"
_OPENING = "\"'“‘„‚«‹([¿¡—–-"
# A stop with what closes after it, or a line break; then white space. Whatever it begins at is used up, so time is
# linear.
_STOP = re.compile(rf"[{_STOPS}\n](?:(?<!\n)[{_STOPS}{_CLOSING}]*+)?+(\s*+)")
_NEXT_WORD = re.compile(rf"[{re.escape(_OPENING)}]*+(\w*)(\.?)")
_DASHES = frozenset("-–—")
_LONGEST_WORD = 24  # characters looked at before a full stop
_LONGEST_ABBREVIATION = 6


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_NEVER_LAST = _words(
    "mr mrs ms mx messrs mme mlle dr drs prof gen sen rep reps rev hon st ste mt sgt cpl capt cmdr lt col maj adm gov "
    "pres supt hr fr sr sra srta dott ing e.g i.e z.b d.h cf vs v viz al approx ca bzw bspw vgl"
)
# Abbreviations that a number or a name follows, but that may also end a sentence.
_SOMETIMES_LAST = _words(
    "jan feb mar apr jun jul aug sep sept oct nov dec no nos nr vol art sec ch p pp fig figs eq inc ltd co corp cos "
    "bros jr etc a.m p.m u.s u.k u.n d.c ph.d est dept univ assn ave blvd rd mio mrd usw"
)
_ABBREVIATIONS = _NEVER_LAST | _SOMETIMES_LAST
# Words that, with a capital after an abbreviation, most often begin a sentence.
_FIRST_WORDS = _words(
    "the a an in on at it he she they we i you but and this that these those there when if as for after before while "
    "however his her its their our my what who why how not some many most one two yet so then now with from by to "
    "der die das ein eine er sie es wir ich und aber im am auf le la les un une il elle ils nous mais dans ce cette "
    "el los las una pero en"
)
_BEFORE_ORDINALS = _words("am der die das dem den des im vom zum bis seit ab und")  # German writes 3. for 3rd


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of a text, or of a part of it, as spans without the white space around them.

    Line breaks are white space; only an empty line ends a sentence. The last sentence ends where the part does.
    """
    end = len(text) if end is None else end
    found: list[Span] = []
    while start < end and text[start].isspace():
        start += 1
    past = start  # behind the last stop and the white space after it
    for begins in _stops(text, start, end):
        if begins < past:
            continue
        space_begins = begins + 1
        following = begins + 2
        if space_begins == end:
            break
        character = text[begins]
        if character != "\n" and text[space_begins] == " " and following < end and not text[following].isspace():
            past = following
            # Only a short cut for how most sentences end: a word before, a capital after.
            if text[following].isupper():
                least = begins - _LONGEST_ABBREVIATION - 2
                word = text[least if least > start else start : begins].rpartition(" ")[2]
                if len(word) > 1 and word.isalpha() and word.casefold() not in _ABBREVIATIONS:
                    found.append((start, space_begins))
                    start = following
                    continue
        else:
            stop = _STOP.match(text, begins, end)
            past = following = stop.end() if stop else end
            if following == end or stop is None:
                break
            space_begins = stop.start(1)
        if character == "\n":
            if text.find("\n", space_begins, following) < 0:
                continue
            space_begins = start + len(text[start:begins].rstrip())
        elif following == space_begins:
            if character not in _WIDE_STOPS:
                continue
        elif character not in _WIDE_STOPS and not (
            (following - space_begins > 1 and text.count("\n", space_begins, following) > 1)
            or _ends_sentence(text, start, begins, following)
        ):
            continue
        if space_begins > start:
            found.append((start, space_begins))
        start = following
    last = start + len(text[start:end].rstrip())
    if last > start:
        found.append((start, last))
    return found


def _stops(text: str, start: int, end: int) -> list[int]:
    """Where stops and line breaks stand. One kind after the other is much quicker than a set of characters."""
    places: list[int] = []
    for stop in _ASCII_STOPS if text.isascii() else _ALL_STOPS:
        place = text.find(stop, start, end)
        while place >= 0:
            places.append(place)
            place = text.find(stop, place + 1, end)
    places.sort()
    return places


def _ends_sentence(text: str, start: int, stop: int, following: int) -> bool:
    """Whether the stops at `stop` end the sentence from `start`, when the next words begin at `following`."""
    first = text[following]
    if first.islower():
        return False
    if first in _DASHES and "\n" not in text[stop:following]:  # OSLO, Nor. -- After the vote
        return False
    word = initial = ""
    if not first.isalnum() and (after := _NEXT_WORD.match(text, following)):
        word, initial = after.groups()
        if word[:1].islower():
            return False
    if text[stop] != "." or text[stop + 1] in _STOPS:
        return True
    before = text[max(start, stop - _LONGEST_ABBREVIATION - 2) : stop].split()
    if not before or text[stop - 1].isspace():
        return True
    last = before[-1].lstrip(_OPENING)
    if len(last) > _LONGEST_ABBREVIATION:
        return True
    last = last.casefold()
    if len(last) > 1 and last.isalpha() and last not in _ABBREVIATIONS:
        return True
    if last in _NEVER_LAST:
        return False
    if last.isdigit() and len(last) <= 2:  # "1." of a list, "am 3. Oktober"
        before = text[max(start, stop - _LONGEST_WORD) : stop].split()
        is_first = len(before) == 1 and stop - start < _LONGEST_WORD
        return not is_first and (len(before) < 2 or before[-2].casefold() not in _BEFORE_ORDINALS)
    if last in _SOMETIMES_LAST or len(last) == 1 or ("." in last and _is_dotted(last)):
        if not word and (after := _NEXT_WORD.match(text, following)):
            word, initial = after.groups()
        return word.casefold() in _FIRST_WORDS and not (initial and len(word) == 1)  # J. A. Smith
    return True


def _is_dotted(word: str) -> bool:
    """Whether it is letters with full stops between them, such as u.s.a"""
    return word[1::2] == "." * (len(word) // 2) and len(word) % 2 == 1 and word[::2].isalpha()
