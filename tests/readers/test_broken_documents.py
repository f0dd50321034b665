"""Files of binary formats and mails, cut, with bits flipped, parts doubled, bytes put in: read, or refused in words."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path

import pytest

from index.errors import ReadError
from index.readers import read_file
from tests.readers.builders import zip_file

CASES = Path(__file__).parent / "cases"
NAMES = ["book.epub", "report.docx", "letter.odt", "paper.pdf", "reply.eml", "two.mbox", "saved.mhtml"]
ROUNDS = 120
_PIECES = [b"\x00", b"\xff" * 9, b"<", b"]]>", b"&", b"\n\n", b"--", b"(" * 60, b"PK\x05\x06", b"=?", b"99999999999"]


def mutations(data: bytes, seed: int) -> Iterator[bytes]:
    """Many broken forms of a file, always the same."""
    chance = random.Random(seed)
    for number in range(ROUNDS):
        broken = bytearray(data)
        place = chance.randrange(len(broken))
        match number % 5:
            case 0:
                del broken[place:]
            case 1:
                for _ in range(chance.randrange(1, 12)):
                    broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
            case 2:
                del broken[place : place + chance.randrange(1, 200)]
            case 3:
                broken[place:place] = chance.choice(_PIECES)
            case _:
                end = place + chance.randrange(1, 400)
                broken[place:place] = broken[place:end] * chance.randrange(1, 4)
        yield bytes(broken)


def inner_mutations(data: bytes, seed: int) -> Iterator[bytes]:
    """The same for one part of a ZIP file at a time, so that what is broken is the XML."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(seed)
    names = [name for name in parts if parts[name]]
    for number in range(ROUNDS):
        name = chance.choice(names)
        broken = next(islice(mutations(parts[name], seed + number), number % 5, None))
        yield zip_file({**parts, name: broken})


@pytest.mark.parametrize("name", NAMES)
def test_broken_files(tmp_path: Path, name: str) -> None:
    data = (CASES / name).read_bytes()
    forms = list(mutations(data, 7))
    if name.endswith((".epub", ".docx", ".odt")):
        forms += inner_mutations(data, 11)
    path = tmp_path / name
    outcomes = {True: 0, False: 0}
    for form in forms:
        path.write_bytes(form)
        try:
            documents = read_file(path, name).documents
            assert all(len(found.body) < 20_000 for found in documents)
            outcomes[True] += 1
        except ReadError as error:
            assert "reader failed" not in error.what, error
            outcomes[False] += 1
    assert all(outcomes.values())  # some survive, some do not
