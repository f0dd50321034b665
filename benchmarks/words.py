"""A made-up language with English grammar words: the vocabulary of the generated corpus.

Lemmas are pronounceable and end so that English stemmers (Porter's and Snowball's) take exactly the endings off that
were put on. So it is known without any stemmer which documents a word must find.
"""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import dataclass
from functools import cache

LEMMAS = 60_000
"""How many content words there are, each in four forms."""
COLLOCATIONS = 300
"""How many fixed expressions of two or three words there are; phrase queries ask for them."""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FUNCTION_WORDS = _listed(
    "the of to and a in is it that for was on are as with his they be at one have this from or had by not but what all "
    "were when we there can an your which their said if do will each about how up out them then she many some so these "
    "would other into has more her two like him see could no than been its who now my made over did down only way find "
    "use may long very after just most know through back much before also around because any same such why ask went "
    "here must even it's don't isn't didn't"
)

_FUNCTION_SHARE = 0.45  # of all words, as in English prose
_COLLOCATION_SHARE = 0.015
_FORM_SHARES = (0.7, 0.18, 0.07, 0.05)  # of the forms that `forms` gives
# Zipf-Mandelbrot: a word of rank r (from 0) is used in proportion to (r + offset) ** -exponent. With these, 1,000
# documents hold some 30,000 different words and 20,000 documents 150,000, about half again as many as English news.
_ZIPF_OFFSET = 30
_ZIPF_EXPONENT = 1.3

_ONSETS = _listed("b d f g h j k l m n p r s t v b d k l m n p r s t br fl gl kr pl sk st tr")
_VOWELS = _listed("a e i o u")
_MIDDLES = ["", "", "", "", "", "l", "n", "r"]  # what may close a syllable that is not the last
# No stemmer takes these endings for a suffix; it would "-at", "-ed", "-er", "-ic", "-ing" and the like.
_ENDINGS = _listed("ab og ok uk ap op ub um ond und ork ark elk olm omp ump ask osk arp elm")
_FIRST_NAMES = _listed(
    "Ada Bruno Carla Dimitri Elena Farid Greta Hugo Ines Jonas Karim Lena Marco Nadia Oscar Petra Quentin Rosa Samir "
    "Tomas Ursula Viktor Wanda Xenia Yusuf Zoe"
)
_LAST_NAME_ENDINGS = _listed("berg sen ov ini ez kowski man sson idze ault")
_AUTHORS = 400


def forms(lemma: str) -> tuple[str, str, str, str]:
    """The four inflected forms of a lemma."""
    return lemma, lemma + "s", lemma + "ed", lemma + "ing"


@dataclass(frozen=True)
class Vocabulary:
    """What documents are made of.

    Attributes:
        lemmas: content words by falling frequency.
        collocations: fixed expressions by falling frequency, each as it is written.
        authors: full names by falling frequency.
        units: everything running text is drawn from; a collocation is one unit.
        cumulative: the running sum of how often each unit is used, for `random.choices`.
        headline_units, headline_cumulative: the same without function words, for titles and headings.
    """

    lemmas: tuple[str, ...]
    collocations: tuple[str, ...]
    authors: tuple[str, ...]
    units: tuple[str, ...]
    cumulative: tuple[float, ...]
    headline_units: tuple[str, ...]
    headline_cumulative: tuple[float, ...]

    @classmethod
    @cache
    def of(cls, seed: int) -> Vocabulary:
        """The vocabulary for a seed; the same on every machine."""
        rng = random.Random(f"vocabulary {seed}")
        lemmas = _lemmas(rng)
        collocations = tuple(
            " ".join(rng.sample(lemmas[50:3000], 3 if number % 3 == 0 else 2)) for number in range(COLLOCATIONS)
        )
        authors = tuple(
            f"{rng.choice(_FIRST_NAMES)} {(rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice('lnr')).capitalize()}"
            f"{rng.choice(_LAST_NAME_ENDINGS)}"
            for _ in range(_AUTHORS)
        )
        content_share = 1 - _FUNCTION_SHARE - _COLLOCATION_SHARE
        headline = _weighted(lemmas, content_share) + _shared(collocations, _COLLOCATION_SHARE)
        running = _shared(FUNCTION_WORDS, _FUNCTION_SHARE) + headline
        return cls(
            lemmas,
            collocations,
            authors,
            units=tuple(unit for unit, _ in running),
            cumulative=tuple(itertools.accumulate(weight for _, weight in running)),
            headline_units=tuple(unit for unit, _ in headline),
            headline_cumulative=tuple(itertools.accumulate(weight for _, weight in headline)),
        )


def _lemmas(rng: random.Random) -> tuple[str, ...]:
    """Distinct lemmas of two or three syllables, short ones first as in real languages."""
    taken = set(FUNCTION_WORDS)
    lemmas: list[str] = []
    while len(lemmas) < LEMMAS:
        syllables = 1 if len(lemmas) < 4000 else 2
        parts = [rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_MIDDLES) for _ in range(syllables)]
        lemma = "".join(parts) + rng.choice(_ONSETS) + rng.choice(_ENDINGS)
        if lemma not in taken:
            taken.add(lemma)
            lemmas.append(lemma)
    return tuple(lemmas)


def zipf(rank: int) -> float:
    """How often the word of a rank (from 0) is used, as a number in proportion."""
    return math.pow(rank + _ZIPF_OFFSET, -_ZIPF_EXPONENT)


def _shared(units: tuple[str, ...] | list[str], share: float) -> list[tuple[str, float]]:
    """Units with their Zipf weights, which add up to `share`."""
    total = sum(zipf(rank) for rank in range(len(units)))
    return [(unit, share * zipf(rank) / total) for rank, unit in enumerate(units)]


def _weighted(lemmas: tuple[str, ...], share: float) -> list[tuple[str, float]]:
    """All forms of all lemmas with their weights, which add up to `share`."""
    return [
        (form, weight * form_share)
        for lemma, weight in _shared(lemmas, share)
        for form, form_share in zip(forms(lemma), _FORM_SHARES, strict=True)
    ]
