"""Ctrl-C that ends a long job at the next safe point."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import ClassVar, Self


class Interruption:
    """While this context lasts, the first Ctrl-C only sets `requested`; the second raises KeyboardInterrupt at once.

    Does nothing outside the main thread, or where the program handles Ctrl-C in its own way.

    Attributes:
        requested: whether to end.
        under_way: the one of the main thread, for other signals that are to end what it does.
    """

    under_way: ClassVar[Interruption | None] = None

    def __init__(self) -> None:
        self.requested = False
        self._installed = False

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            Interruption.under_way = self
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
                signal.signal(signal.SIGINT, self._handle)
                self._installed = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if Interruption.under_way is self:
            Interruption.under_way = None
        if self._installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def is_requested(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self.requested

    def request(self) -> None:
        """End at the next safe point, or at once if that was requested before; raises KeyboardInterrupt then."""
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.request()
