"""How commands end and what they print, whatever they do."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from index import console
from index.console import LazyGroup
from index.errors import BylineError

NOT_UTF8 = "caf\udce9.md"  # how Python holds the file name b"caf\xe9.md"


@click.command()
@click.argument("how")
def act(how: str) -> int:
    match how:
        case "none":
            return 1
        case "trouble":
            raise BylineError("it is broken", where="a.md", remedy="Mend it")
        case "bug":
            raise ValueError("no such luck")
        case "disk":
            raise OSError(28, "No space left on device", "/somewhere")
        case "interrupt":
            raise KeyboardInterrupt
        case "interrupt amid a class":
            raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()
        case "name":
            click.echo(NOT_UTF8)
        case "json":
            console.echo_json({"name": NOT_UTF8, "title": "Straße"})
    return 0


def group() -> LazyGroup:
    return LazyGroup("byline", commands_at={"act": "tests.cli.test_console:act"})


def run(how: str, **environment: str) -> Result:
    return CliRunner(env=environment).invoke(group(), ["act", how])


@pytest.mark.parametrize(
    ("how", "code", "message"),
    [
        pytest.param("fine", 0, "", id="found"),
        pytest.param("none", 1, "", id="not found"),
        pytest.param("trouble", 2, "byline: a.md: it is broken. Mend it\n", id="an error of ours"),
        pytest.param("disk", 2, "byline: /somewhere: No space left on device\n", id="the system's error"),
        pytest.param("interrupt", 130, "", id="Ctrl-C"),
        pytest.param("interrupt amid a class", 130, "", id="Ctrl-C as Python 3.11 wraps it"),
    ],
)
def test_exit_codes_and_messages(how: str, code: int, message: str) -> None:
    result = run(how)
    assert (result.exit_code, result.stderr, result.stdout) == (code, message, "")


def test_a_bug_is_one_line_that_says_how_to_see_more() -> None:
    result = run("bug")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "bug in Byline (ValueError: no such luck)" in result.stderr
    assert "BYLINE_DEBUG=1" in result.stderr


def test_the_trace_is_shown_when_asked_for() -> None:
    result = run("bug", BYLINE_DEBUG="1")
    assert result.exit_code == 2
    assert "Traceback" in result.stderr


def test_an_unknown_command_points_to_the_help() -> None:
    result = CliRunner().invoke(group(), ["atc"])
    assert result.exit_code == 2
    assert result.stderr.startswith("byline: ")
    assert "atc" in result.stderr
    assert "byline --help" in result.stderr


def test_no_command_shows_the_help_as_trouble() -> None:
    result = CliRunner().invoke(group(), [])
    assert result.exit_code == 2
    assert "Usage: byline" in result.stderr
    assert result.stdout == ""


def test_a_file_name_that_is_not_utf8_comes_out_as_its_own_bytes() -> None:
    assert run("name").stdout_bytes == b"caf\xe9.md\n"


def test_json_is_valid_utf8_whatever_it_holds() -> None:
    printed = run("json").stdout_bytes.decode("utf-8")
    assert "Straße" in printed
    assert json.loads(printed) == {"name": NOT_UTF8, "title": "Straße"}


def test_control_characters_cannot_reach_the_terminal_in_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    console.complain("a\x1b[2Jb\nc\x9b\u202e")
    assert capsys.readouterr().err == "byline: a\\x1b[2Jb\\nc\\x9b\\u202e\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "stream", "environment", "expected"),
    [
        pytest.param("auto", Terminal(), {}, True, id="a terminal"),
        pytest.param("auto", io.StringIO(), {}, False, id="a pipe"),
        pytest.param("auto", Terminal(), {"NO_COLOR": "1"}, False, id="NO_COLOR"),
        pytest.param("auto", Terminal(), {"NO_COLOR": ""}, True, id="an empty NO_COLOR says nothing"),
        pytest.param("auto", Terminal(), {"TERM": "dumb"}, False, id="a dumb terminal"),
        pytest.param("always", io.StringIO(), {"NO_COLOR": "1"}, True, id="asked for"),
        pytest.param("never", Terminal(), {}, False, id="refused"),
    ],
)
def test_color(
    choice: str, stream: io.StringIO, environment: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert console.wants_color(choice, stream) is expected


def test_progress_is_drawn_on_a_terminal_and_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal)
    with console.progress_line() as line:
        assert line
        line.show("Reading", 50, 100)
        line.show("Reading", 51, 100)  # too soon after the last to be drawn
        line.show("Finding", 0, None)
        line.show("Counting", 1234, None)
    drawn = terminal.getvalue().split("\r\x1b[K")
    assert drawn == ["", f"Reading [{'#' * 15}{'-' * 15}] 50 of 100", "Finding …", "Counting 1,234", ""]


def test_no_progress_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with console.progress_line() as line:
        assert line is None
    assert capsys.readouterr().err == ""


def python(code: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={"PATH": "", **environment},
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_output_is_utf8_whatever_the_locale_says() -> None:
    code = """
        import click
        from index.console import LazyGroup
        click.echo_ = click.command("say")(lambda: click.echo("Stra\\xdfe \\u6771\\udce9\\ud800"))
        LazyGroup("byline", commands_at={"say": "click:echo_"}).main(["say"])
    """
    result = python(code, LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert result.stdout == "Straße 東".encode() + b"\xe9" + "\ufffd\n".encode()
    assert result.stderr == b""


def test_a_closed_pipe_ends_the_command_quietly() -> None:
    code = """
        import os, sys
        reading, writing = os.pipe()
        os.close(reading)
        os.dup2(writing, 1)
        import click
        from index.console import LazyGroup
        click.echo_ = click.command("say")(lambda: click.echo("much to say " * 10_000))
        LazyGroup("byline", commands_at={"say": "click:echo_"}).main(["say"])
    """
    result = python(code)
    assert result.stderr == b""
    assert result.returncode == 141


def test_a_closed_stdout_is_no_trouble() -> None:
    code = """
        import sys
        sys.stdout = None
        import click
        from index.console import LazyGroup, columns, wants_color
        def act():
            click.echo("unheard")
            return 1 if columns() == 80 and not wants_color("auto") else 2
        click.act = click.command("act")(act)
        LazyGroup("byline", commands_at={"act": "click:act"}).main(["act"])
    """
    result = python(code)
    assert (result.returncode, result.stderr) == (1, b"")


@pytest.mark.skipif(os.name != "posix", reason="closes streams as a shell does")
@pytest.mark.parametrize(
    ("command", "closed", "said"),
    [
        (["search", "coolant", "-n", "1"], "<&-", "Coolant"),
        (["show", "articles/leak.md"], "<&-", "Coolant"),
        (["similar", "articles/leak.md"], "<&-", "Coolant"),
        (["search", "coolant"], "<&- >&- 2>&-", ""),
        (["export"], "<&- >&-", ""),
        (["export", "-q"], ">&-", ""),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else str(value),
)
def test_streams_that_are_closed_are_no_trouble(indexed: Path, command: list[str], closed: str, said: str) -> None:
    byline = "import sys; from search.cli import main; main(sys.argv[1:])"
    result = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-c", byline, *command],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm"},
        cwd=indexed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert said in result.stdout


@pytest.mark.parametrize("module", ["click", "index.console", "index.version"])
def test_ctrl_c_while_the_program_is_imported_is_silent(module: str) -> None:
    code = f"""
        import sys
        class CtrlC:
            def find_spec(self, name, path=None, target=None):
                if name == {module!r}:
                    raise KeyboardInterrupt
        sys.meta_path.insert(0, CtrlC())
        import search.cli
    """
    result = python(code, PYTHONPATH=str(Path(__file__).parents[2]))
    assert (result.returncode, result.stdout, result.stderr) == (130, b"", b"")


def test_a_terminal_that_is_gone_ends_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(Terminal):
        def flush(self) -> None:
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Gone())
    with console.progress_line() as line:
        assert line
        line.show("Reading", 1, 2)


def test_lines_are_as_wide_as_the_terminal_but_no_wider_than_reads_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert console.columns() == 60
    monkeypatch.setenv("COLUMNS", "300")
    assert console.columns() == 100
    monkeypatch.setenv("COLUMNS", "junk")
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert console.columns() == 80
