"""What an engine says of its files, by which damage to them is noticed."""

from __future__ import annotations

from pathlib import Path

from index.engines.contract import Engine
from index.schema import SCHEMA
from tests.conformance.documents import generated_documents


def test_files_of_a_commit_are_there_and_change_only_where_said(an_engine: Engine, tmp_path: Path) -> None:
    an_engine.create(tmp_path, SCHEMA)
    documents = generated_documents()[:40]
    seen: dict[str, bytes] = {}
    for number in range(5):
        with an_engine.writer(tmp_path, SCHEMA) as writer:
            for document in documents[number * 8 : number * 8 + 8]:
                writer.add(document)
            writer.delete([documents[number].id])
            writer.commit()
        names = an_engine.files(tmp_path)
        assert len(names) == len(set(names)) > 1
        for name in names:
            content = (tmp_path / name).read_bytes()
            if name not in an_engine.rewritten:
                assert seen.setdefault(name, content) == content


def test_an_index_opens_with_nothing_but_its_files(an_engine: Engine, tmp_path: Path) -> None:
    whole, bare = tmp_path / "whole", tmp_path / "bare"
    whole.mkdir()
    bare.mkdir()
    an_engine.create(whole, SCHEMA)
    with an_engine.writer(whole, SCHEMA) as writer:
        for document in generated_documents()[:9]:
            writer.add(document)
    for name in an_engine.files(whole):
        (bare / name).write_bytes((whole / name).read_bytes())
    searcher = an_engine.searcher(bare, SCHEMA)
    assert searcher.document_count == 9
    searcher.close()
