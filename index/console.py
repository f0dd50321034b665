"""How every command behaves in a terminal and in a pipe: exit codes, messages, colour, encoding, progress.

Exit codes are grep's: 0 when something was found or done, 1 when nothing was found, 2 in trouble; 130 after Ctrl-C,
143 after SIGTERM, 129 after SIGHUP.
"""

from __future__ import annotations

import codecs
import importlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

import click

from index.errors import BylineError

if TYPE_CHECKING:
    from index.updating.report import Progress

FOUND = 0
NOT_FOUND = 1
TROUBLE = 2
HUNG_UP = 129  # this and the next two as a shell reports it for a program that a signal ended
INTERRUPTED = 130
TERMINATED = 143
BROKEN_PIPE = 141  # what a shell reports for a program that SIGPIPE ended

WIDEST = 100  # columns

_WORDS_SHOWN = 8

_NEAR = 0.65  # from which likeness on an option may have been meant, 1 being the same
_QUOTED = re.compile(r"'(--?[A-Za-z][\w-]*)'|'([^']*)'(?= is not | does not )")  # as click quotes options and values

HELP_NAMES = {"help_option_names": ["-h", "--help"]}

index_option = click.option(
    "--index",
    "index_dir",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The index folder. [default: $BYLINE_INDEX, else the nearest .byline here or further up, else ./.byline]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
wait_option = click.option(
    "--wait",
    metavar="SECONDS",
    type=click.FloatRange(0),
    default=10.0,
    show_default=True,
    help="How long to wait for another process that is writing to the index.",
)
color_option = click.option(
    "--color",
    "--colour",
    "color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour the output; auto: on a terminal, unless NO_COLOR is set.",
)

_UNPRINTABLE = "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
# Half characters, and what a terminal or a reader of lines would obey instead of show.
_UNSAFE_IN_JSON = "[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]"


def _unencodable(error: UnicodeError) -> tuple[bytes, int]:
    """Give bytes of a file name that is not UTF-8 back as they were; other lone surrogates become U+FFFD."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    codes = (ord(letter) for letter in error.object[error.start : error.end])
    return b"".join(
        bytes([code - 0xDC00]) if 0xDC80 <= code <= 0xDCFF else "\ufffd".encode() for code in codes
    ), error.end


codecs.register_error("byline", _unencodable)


class LazyGroup(click.Group):
    """A group of commands that are imported only when they are run, and that behave as this module says.

    Args:
        commands_at: for each command, where it is: "module:attribute".
        takes_words: the command that somebody may have meant who writes words instead of a command.
    """

    def __init__(self, *args: Any, commands_at: Mapping[str, str], takes_words: str = "", **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.commands_at = dict(commands_at)
        self.takes_words = takes_words

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order they were given."""
        return list(self.commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command, or return None for an unknown name."""
        if cmd_name not in self.commands_at:
            return None
        module, attribute = self.commands_at[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first of the arguments names. Raises click.UsageError, with what may have been meant."""
        name = args[0]
        if name in self.commands_at or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        import shlex
        from difflib import get_close_matches

        near = get_close_matches(name.casefold(), self.commands_at, n=1)
        meant = f"Did you mean: {ctx.command_path} {near[0]}" if near else ""
        if not near and self.takes_words:
            words = shlex.join(args[:_WORDS_SHOWN]) + (" …" if len(args) > _WORDS_SHOWN else "")
            meant = f"To search: {ctx.command_path} {self.takes_words} {words}"
        raise click.UsageError(f"No such command “{name}”. {meant}".rstrip(), ctx)

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **settings: Any
    ) -> NoReturn:
        """Run the command that the arguments name, then leave the process with its exit code."""
        prog_name = prog_name or self.name or "byline"
        if f"_{prog_name.upper()}_COMPLETE" in os.environ:
            super().main(args, prog_name)
        for name in ("stdin", "stdout", "stderr"):
            if getattr(sys, name) is None:  # it was closed before we began
                setattr(sys, name, open(os.devnull, "r+"))  # noqa: SIM115, PTH123
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if hasattr(stream, "reconfigure"):
                _encodings[name] = stream.encoding
                stream.reconfigure(encoding="utf-8", errors="byline")
        sys.exit(self._run(sys.argv[1:] if args is None else list(args), prog_name))

    def _run(self, args: list[str], prog_name: str) -> int:
        """Run, and turn every way of ending into an exit code and at most one line on stderr."""
        try:
            with self.make_context(prog_name, args) as context:
                code = self.invoke(context)
            sys.stdout.flush()
            return int(code or 0)
        except click.exceptions.Exit as end:
            return end.exit_code
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.ctx.get_help() if error.ctx else error.format_message(), err=True)
            return TROUBLE
        except click.ClickException as error:
            complain(_usage_message(error))
            return TROUBLE
        except BylineError as error:
            complain(str(error))
            return TROUBLE
        except (KeyboardInterrupt, click.Abort):
            if sys.stderr.isatty():
                click.echo(err=True)  # after the terminal's own ^C
            return INTERRUPTED
        except BrokenPipeError:
            _silence_stdout()
            return BROKEN_PIPE
        except Exception as error:
            if isinstance(error.__cause__, KeyboardInterrupt):  # as Python 3.11 wraps one amid a class statement
                return INTERRUPTED
            return _unexpected(error)


def complain(message: str) -> None:
    """Print a message for a person on stderr, in one piece, as `byline: …`."""
    click.echo(f"byline: {printable(message)}", err=True)


def printable(text: str) -> str:
    """`text` on one line, with control characters (which could drive a terminal) made visible as `\\x1b`."""
    return re.sub(_UNPRINTABLE, lambda match: match[0].encode("unicode_escape").decode(), text)


def short_path(path: Path) -> str:
    """`path` as a person would write it here: relative when it lies below the current folder."""
    try:
        return printable(str(path.relative_to(Path.cwd())))
    except (ValueError, OSError):
        return printable(str(path))


def echo_json(value: Any, *, indent: int | None = 2) -> None:
    """Print `value` as JSON in UTF-8, on one line when `indent` is None."""
    separators = (",", ": ") if indent else (",", ":")
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    click.echo(re.sub(_UNSAFE_IN_JSON, lambda match: json.dumps(match[0])[1:-1], text), color=True)


pager_option = click.option(
    "--pager/--no-pager", "paged", default=True, help="Use $PAGER for what is longer than the terminal. [default: yes]"
)


def wants_color(choice: str, stream: IO[str] | None = None) -> bool:
    """Whether to colour what goes to `stream` (stdout unless given): `choice` is auto, always or never."""
    if choice != "auto":
        return choice == "always"
    stream = stream or sys.stdout
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


_encodings: dict[str, str] = {}
"""What the environment would have stdout and stderr written in."""


def draws_blocks() -> bool:
    """Whether what is drawn on stdout may have block characters: not on a dumb terminal, nor where its encoding, by the
    environment, lacks them."""
    try:
        "█▁".encode(_encodings.get("stdout", "utf-8"))
    except (UnicodeError, LookupError):
        return False
    return os.environ.get("TERM") != "dumb"


def is_clickable(choice: str, stream: IO[str] | None = None) -> bool:
    """Whether links in what goes to `stream` (stdout unless given) can be clicked: `choice` is as for `wants_color`.

    Terminals do not say; those known to understand OSC 8 are told by the variables they set. FORCE_HYPERLINK decides.
    """
    if (forced := os.environ.get("FORCE_HYPERLINK")) is not None:
        return forced not in ("", "0", "false", "never")
    stream = stream or sys.stdout
    if choice == "never" or not stream.isatty() or os.environ.get("TERM") == "dumb":
        return False
    if os.environ.get("TERM_PROGRAM") in _CLICKABLE_PROGRAMS or os.environ.get("TERM") in _CLICKABLE_TERMS:
        return True
    version = os.environ.get("VTE_VERSION", "")
    if version.isdecimal() and int(version) >= _CLICKABLE_VTE:
        return True
    return any(os.environ.get(name) for name in ("KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM"))


_CLICKABLE_PROGRAMS = frozenset(["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio"])
_CLICKABLE_TERMS = frozenset(["xterm-kitty", "xterm-ghostty", "alacritty", "foot", "foot-extra", "contour", "wezterm"])
_CLICKABLE_VTE = 5000  # its version 0.50


def show_pages(text: str, *, paged: bool = True) -> None:
    """Print a text; on a terminal that it does not fit on, through the person's pager ($PAGER, else less).

    Args:
        text: what to print, with its last line's end.
        paged: False to never use a pager. An empty $PAGER does the same.
    """
    if paged and sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        try:
            rows = os.get_terminal_size(sys.stdout.fileno()).lines
        except (OSError, ValueError):
            rows = 0
        if rows and text.count("\n") >= rows and os.environ.get("PAGER", "less").strip():
            os.environ.setdefault("LESS", "FRX")  # leave at once if it fits, keep colours and the screen
            click.echo_via_pager(text.removesuffix("\n"), color=True)
            return
    click.echo(text, nl=False, color=True)


def columns() -> int:
    """How wide lines may be: as the terminal is, but no wider than is good to read; 80 in a pipe."""
    given = os.environ.get("COLUMNS", "")
    try:
        wide = int(given) if given.isdecimal() else os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):  # no terminal, or no real file
        wide = 0
    return min(wide or 80, WIDEST)


class ProgressLine:
    """One line on stderr that is written over again and again, and is gone at the end."""

    WIDTH = 30
    EVERY = 0.1  # seconds between two drawings

    def __init__(self) -> None:
        self._drawn = 0.0
        self._phase = ""

    def show(self, phase: str, done: int, total: int | None) -> None:
        """Draw `done` of `total` (None: unknown), unless the same phase was drawn a moment ago."""
        now = time.monotonic()
        if phase == self._phase and now - self._drawn < self.EVERY:
            return
        self._drawn, self._phase = now, phase
        if total:
            filled = min(self.WIDTH, self.WIDTH * done // total)
            bar = f"[{'#' * filled}{'-' * (self.WIDTH - filled)}] {done:,} of {total:,}"
        else:
            bar = f"{done:,}" if done else "…"
        self._write(f"\r\x1b[K{phase} {bar}")

    def clear(self) -> None:
        """Wipe the line, if there is one."""
        if self._phase:
            self._write("\r\x1b[K")
            self._phase = ""

    def _write(self, text: str) -> None:
        with suppress(OSError):  # a terminal that is gone ends no work
            sys.stderr.write(text)
            sys.stderr.flush()


def shown_on(line: ProgressLine | None) -> Callable[[Progress], None] | None:
    """What draws the progress of long work on a line; None where there is none."""
    return (lambda progress: line.show(progress.phase, progress.done, progress.total)) if line else None


@contextmanager
def progress_line(wanted: bool = True) -> Iterator[ProgressLine | None]:
    """A progress line for the block, or None where none is wanted or stderr is not a terminal."""
    if not wanted or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    line = ProgressLine()
    try:
        yield line
    finally:
        line.clear()


def _usage_message(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption) and error.possibilities:
        from difflib import get_close_matches

        # click counts the dashes, too, by which what is far off seems near
        names = {name.lstrip("-"): name for name in error.possibilities}
        near = get_close_matches(error.option_name.lstrip("-"), names, n=1, cutoff=_NEAR)
        error.possibilities[:] = [names[name] for name in near]
    message = " ".join(error.format_message().split())  # click sets some on several lines
    message = _QUOTED.sub("“\\1\\2”", message)
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        return message
    end = "" if message.endswith("?") else "."
    return f"{message.rstrip('.')}{end} See: {context.command_path} --help"


def _unexpected(error: Exception) -> int:
    if os.environ.get("BYLINE_DEBUG"):
        import traceback

        traceback.print_exc()
    elif isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        complain(f"{where}{error.strerror or error}")
    else:
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        complain(f"this is a bug in Byline ({what[:300]}). Set BYLINE_DEBUG=1 to see where, and please report it")
    return TROUBLE


def _silence_stdout() -> None:
    """Nobody reads stdout any more: let Python's own last flush of it go nowhere."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
