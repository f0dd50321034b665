"""`byline eval`: what it prints, and how it ends."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

QUERIES = "q1\tcoolant\nq2\tferry pilot\nq3\tzeppelin\n"
QRELS = (
    "q1 0 articles/leak.md 2\nq1 0 articles/pumps.md 1\nq1 0 articles/gone.md 0\n"
    "q2 0 articles/harbour.txt 1\nq9 0 articles/leak.md 1\n"
)


@pytest.fixture
def judged(indexed: Path) -> Path:
    (indexed / "queries.tsv").write_text(QUERIES, "utf-8")
    (indexed / "qrels.txt").write_text(QRELS, "utf-8")
    return indexed


def test_it_prints_the_measures_and_what_limits_them(run: Run, judged: Path) -> None:
    result = run("eval", "queries.tsv", "qrels.txt")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("2 queries: .byline, 4 documents, engine whoosh, depth 1,000, ")
    values = dict(re.findall(r"^(nDCG@10|MRR|recall@100|MAP) +([01]\.\d{4})$", result.stdout, re.MULTILINE))
    assert values.keys() == {"nDCG@10", "MRR", "recall@100", "MAP"}
    assert values["MRR"] == "1.0000"
    assert "1 of 4 judged documents is not in the index and cannot be found: articles/gone.md" in result.stdout
    assert "1 query left out: no document was judged relevant" in result.stdout
    assert "1 judged query left out: no text was given" in result.stdout


def test_per_query_shows_each_on_a_line(run: Run, judged: Path) -> None:
    lines = run("eval", "queries.tsv", "qrels.txt", "--per-query").stdout.splitlines()
    assert re.fullmatch(r"q2 +1\.0000 +1\.0000 +1\.0000 +1\.0000 +ferry pilot", lines[-1])
    assert lines[-2].startswith("q1 ")
    assert lines[-3].split() == ["query", "nDCG@10", "MRR", "recall@100", "MAP", "text"]


def test_json_holds_everything(run: Run, judged: Path) -> None:
    values = json.loads(run("eval", "queries.tsv", "qrels.txt", "--json", "--per-query", "--depth", "1").stdout)
    assert values["depth"] == 1
    assert values["queries"] == 2
    assert values["missing_documents"] == ["articles/gone.md"]
    assert [query["text"] for query in values["per_query"]] == ["coolant", "ferry pilot"]
    assert values["measures"]["recall@100"] == pytest.approx(3 / 4)


def test_another_index_is_compared(run: Run, judged: Path) -> None:
    assert run("index", "articles/pumps.md", "articles/harbour.txt", "--index", "other").exit_code == 0
    args = ("eval", "queries.tsv", "qrels.txt", "--against", "other")
    text = run(*args, "--per-query").stdout
    assert "first: .byline, 4 documents" in text
    assert "second: other, 2 documents" in text
    # Without the better of two documents; the other query is as good as before.
    assert re.search(r"^MRR +1\.0000 +1\.0000 +\+0\.0000 ", text, re.MULTILINE)
    assert re.search(
        r"^recall@100 +1\.0000 +0\.7500 +-0\.2500 +-3\.\d{4} to \+2\.\d{4} +0\.5000 +0 +1$", text, re.MULTILINE
    )
    assert re.search(r"^q2 +1\.0000 +1\.0000 +0 +ferry pilot$", text, re.MULTILINE)
    values = json.loads(run(*args, "--json").stdout)
    assert values["first"]["documents"] == 4
    assert values["second"]["missing_documents"] == ["articles/gone.md", "articles/leak.md"]
    assert values["differences"]["recall@100"]["mean"] == pytest.approx(-1 / 4)
    assert values["differences"]["recall@100"]["p"] == pytest.approx(1 / 2)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        pytest.param(("missing.tsv", "qrels.txt"), "missing.tsv: cannot be read", id="no file"),
        pytest.param(("qrels.txt", "qrels.txt"), "qrels.txt:1: this line has no tab", id="no queries"),
        pytest.param(("queries.tsv", "queries.tsv"), "queries.tsv:1: this line has 2 columns", id="no judgements"),
        pytest.param(("queries.tsv", "qrels.txt", "--with", "colour=red"), "no search option “colour”", id="option"),
        pytest.param(("queries.tsv", "qrels.txt", "--set", "colour"), "sets no option", id="no setting"),
        pytest.param(("queries.tsv", "qrels.txt", "--depth", "0"), "depth is 0", id="depth"),
        pytest.param(("queries.tsv", "qrels.txt", "--against", "nowhere"), "nowhere", id="no second index"),
        pytest.param(("queries.tsv",), "QRELS", id="an argument short"),
    ],
)
def test_trouble_is_one_line_and_exit_code_2(run: Run, judged: Path, args: tuple[str, ...], message: str) -> None:
    result = run("eval", *args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_without_the_packages_it_says_what_to_install(run: Run, judged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pytrec_eval", None)
    result = run("eval", "queries.tsv", "qrels.txt")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "pip install pytrec-eval-terrier scipy" in result.stderr


def test_control_characters_of_a_query_do_not_reach_the_terminal(run: Run, judged: Path) -> None:
    (judged / "queries.tsv").write_text("q1\tcoolant \x1b[2J leak\n", "utf-8")
    text = run("eval", "queries.tsv", "qrels.txt", "--per-query").stdout
    assert "\x1b" not in text
    assert "coolant \\x1b[2J leak" in text


def test_other_commands_do_not_import_it() -> None:
    code = (
        "import sys; from search.cli import byline; from search.commands.search_cli import search_command; "
        "import search.api; "
        "print([name for name in "
        "('search.evaluation.evaluate', 'pytrec_eval', 'scipy', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
