"""What stands beside names in a byline: jobs with their place or paper ("our correspondent in Rome"), and agencies."""

from __future__ import annotations

from index.readers.bylines.words import (
    AGENCIES,
    AROUND_JOBS,
    ARTICLES,
    GENERIC,
    JOB_ENDINGS,
    JOBS,
    OF_JOBS,
    ON_ASSIGNMENT,
    PARTICLES,
    SPECIAL,
    SUBJECTS,
)

EDGES = " \t\n,;:.|/\\-–—_*\"'“”‘’«»„()[]{}<>•·…#+~=!?、。"
"""Characters that do not belong to a name where they stand at its ends."""

_LONGEST_PLACE = 5  # words
_IN_BODIES = frozenset("of without ohne sans sin senza zonder".split())  # "Reporters Without Borders"


def bare(token: str) -> str:
    """A word as the lists of words have it: case-folded, without dots and without what stands at its ends."""
    return token.casefold().strip(EDGES).replace(".", "")


def is_role(text: str) -> bool:
    """Whether a text says what somebody is or for whom or where they wrote, and names nobody.

    Such as "Staff Writer", "Special to The Lamp", "envoyée spéciale au Havre", "correspondent in Parijs", "aus Rom".
    """
    tokens = text.split()
    words = [word for token in tokens if (word := _first_part(token))]
    if not words or len(words) < len(tokens):
        return False
    if words[0] in SPECIAL and len(words) > 2 and words[1] in ON_ASSIGNMENT:
        return True
    if tokens[0].islower() and words[0] in ON_ASSIGNMENT:
        return 1 < len(words) <= 1 + _LONGEST_PLACE and any(token[0].isupper() for token in tokens)
    job = next((number for number, word in enumerate(words) if _is_job_word(word)), None)
    if job is None or any(word not in ARTICLES and not _is_around(word) for word in words[:job]):
        return False
    after = next((n for n in range(job, len(words)) if not (_is_job_word(words[n]) or _is_around(words[n]))), None)
    return after is None or words[after] in ON_ASSIGNMENT or words[after] in OF_JOBS


def without_jobs(tokens: list[str]) -> list[str]:
    """The words of a name without the job titles before or after it, but never none."""
    if not any(bare(token) in JOBS for token in tokens):
        return tokens
    jobs = [bare(token) in JOBS or bare(token) in AROUND_JOBS for token in tokens]
    if all(jobs[i] or bare(t) in GENERIC or bare(t) in ("of", "and", "the") for i, t in enumerate(tokens)):
        return tokens
    first = jobs.index(True)
    if first >= 2:
        kept = tokens[:first]
        while len(kept) > 2 and kept[-1].islower() and kept[-1].casefold() not in PARTICLES:
            kept.pop()
        return kept
    last = len(jobs) - 1 - jobs[::-1].index(True)
    rest = tokens[last + 1 :]
    if rest and (rest[0] in ON_ASSIGNMENT or rest[0].casefold() in _IN_BODIES):
        return tokens[: last + 1] if last else tokens  # "Our Correspondent in Rome"; "Writers for Peace"
    return rest if len(rest) >= 2 else tokens


def is_agency(name: str) -> bool:
    """Whether a name is a news agency's or a department's ("Staff") and not a person's."""
    plain = name.casefold().strip(EDGES)
    return plain in AGENCIES or is_generic(name)


def is_generic(name: str) -> bool:
    """Whether a name says no more than "the editors"."""
    plain = name.casefold().strip(EDGES)
    return plain in GENERIC or all(
        bare(token) in GENERIC or bare(token) in JOBS or bare(token) in AROUND_JOBS for token in plain.split()
    )


def _first_part(token: str) -> str:
    """A word as in `bare`, of one with an elided word before it that: "d'" of "d'Agence"."""
    elided, apostrophe, rest = token.casefold().replace("’", "'").partition("'")
    return f"{elided}'" if apostrophe and rest and f"{elided}'" in OF_JOBS else bare(token)


def _is_job_word(word: str) -> bool:
    return word in JOBS or word.endswith(JOB_ENDINGS)


def _is_around(word: str) -> bool:
    return word in AROUND_JOBS or word in SUBJECTS
