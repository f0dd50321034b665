"""SIGTERM, with which service managers and `kill` end a program, as one more Ctrl-C for the commands that write."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType, TracebackType
from typing import Self

import click

from index.console import INTERRUPTED, TERMINATED, complain
from index.interruption import Interruption


class Termination:
    """While this context lasts, SIGTERM does what Ctrl-C does, also where Ctrl-C is ignored, as in the background.

    Where that ends in KeyboardInterrupt, since there was nothing whole to keep, it says so and leaves with the code.
    """

    def __init__(self, otherwise: str = "") -> None:
        """
        Args:
            otherwise: what to say where nothing was kept; "" to leave KeyboardInterrupt to the caller.
        """
        self.requested = False
        self._otherwise = otherwise
        self._before: signal._HANDLER = None

    @property
    def code(self) -> int:
        """The exit code of a command that was interrupted."""
        return TERMINATED if self.requested else INTERRUPTED

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGTERM, self._handle)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGTERM, self._before)
        if isinstance(error, KeyboardInterrupt) and self._otherwise:
            if sys.stderr.isatty():
                click.echo(err=True)  # after the terminal's own ^C
            complain(self._otherwise)
            raise click.exceptions.Exit(self.code) from error

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.requested = True
        interrupt = signal.getsignal(signal.SIGINT)
        if callable(interrupt):
            interrupt(signal.SIGINT, frame)
        elif Interruption.under_way:
            Interruption.under_way.request()
        else:
            raise KeyboardInterrupt
