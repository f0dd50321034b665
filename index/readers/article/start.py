"""How every reader of an article begins: what is known of a document before its own text is looked at."""

from __future__ import annotations

from collections.abc import Generator

from index.readers import Problem, RawFile, side_of
from index.readers.article.findings import Findings
from index.readers.article.frontmatter import FrontMatter, split_front_matter
from index.readers.article.named_values import read_fields
from index.readers.article.side_files import side_values
from index.readers.decoding.encoding import decode, guess_warning


def begun(file: RawFile, *, declared: bool = False) -> tuple[str, Findings]:
    """The text of a file that holds one document, and its findings, which say if the encoding was guessed.

    Args:
        file: what the reader was given.
        declared: as in `decode`.

    Raises:
        ReadError: if it is no text in any encoding.
    """
    decoded = decode(file.data, file.source, declared=declared)
    findings = findings_for(file)
    if guessed := guess_warning(decoded):
        findings.warn(guessed)
    return decoded.text, findings


def front_matter_of(text: str, findings: Findings) -> Generator[Problem, None, FrontMatter]:
    """Takes the front matter off a text as `split_front_matter` does; what is wrong with it is said and reported."""
    front = split_front_matter(text)
    if front.problem:
        findings.warn(front.problem)
        yield Problem(front.problem)
    return front


def findings_for(file: RawFile, source: str = "") -> Findings:
    """The findings for one document of a file: they know the settings and, where there is one, the side file.

    Args:
        file: what the reader was given.
        source: the document's, where the file holds several; else the file's.
    """
    findings = Findings(source or file.source, settings=file.settings)
    if file.side:
        values, problem = side_values(file.side, file.source)
        read_fields(values, findings, "side file")
        if problem:
            findings.warn(f"the side file {side_of(file.name)} is not understood ({problem})")
    return findings
