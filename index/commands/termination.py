"""SIGTERM, and SIGHUP of a terminal that is closed, as one more Ctrl-C for the commands that write.

By SIGTERM service managers and `kill` end a program.
"""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType, TracebackType
from typing import Self

import click

from index.console import HUNG_UP, INTERRUPTED, TERMINATED, complain
from index.updating.interruption import Interruption

_CODES = {signal.SIGTERM: TERMINATED}
if hasattr(signal, "SIGHUP"):  # not on Windows
    _CODES[signal.SIGHUP] = HUNG_UP


class Termination:
    """While this context lasts, SIGTERM does what Ctrl-C does, also where Ctrl-C is ignored, as in the background. So
    does SIGHUP, unless it is ignored, as under `nohup`.

    Where that ends in KeyboardInterrupt, since there was nothing whole to keep, it says so and leaves with the code.

    Attributes:
        code: the exit code of a command that was interrupted.
    """

    def __init__(self, otherwise: str = "") -> None:
        """
        Args:
            otherwise: what to say where nothing was kept; "" to leave KeyboardInterrupt to the caller.
        """
        self.code = INTERRUPTED
        self._otherwise = otherwise
        self._before: dict[signal.Signals, signal._HANDLER] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in _CODES:
                if number == signal.SIGTERM or signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._handle)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, before in self._before.items():
            if before is not None:  # else it is a library's
                signal.signal(number, before)
        if isinstance(error, KeyboardInterrupt) and self._otherwise:
            if sys.stderr.isatty():
                click.echo(err=True)  # after the terminal's own ^C
            complain(self._otherwise)
            raise click.exceptions.Exit(self.code) from error

    def _handle(self, number: int, frame: FrameType | None) -> None:
        code = _CODES[signal.Signals(number)]
        if self.code == code == HUNG_UP:  # both the terminal and the shell may send it
            return
        self.code = code
        interrupt = signal.getsignal(signal.SIGINT)
        if callable(interrupt):
            interrupt(signal.SIGINT, frame)
        elif Interruption.under_way:
            Interruption.under_way.request()
        else:
            raise KeyboardInterrupt
