"""Libraries that only some formats need, and that are therefore not installed with Byline itself."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from index.errors import ReadError

_INSTALL = "pip install 'byline["


def library(module: str, extra: str, what: str, source: str) -> Any:
    """A module of a library.

    Args:
        module: its name, which is also that of the package.
        extra: the optional dependency of Byline that installs it.
        what: what needs it, as the beginning of a sentence: "reading PDF".
        source: the file that is being read, for the message.

    Raises:
        ReadError: if it is not installed, with the ImportError as its cause: the file can be read once it is.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise ReadError(f"{what} needs {module.partition('.')[0]}: {_INSTALL}{extra}]'", where=source) from error


def is_missing(reason: str) -> bool:
    """Whether a file was skipped for want of a library."""
    return _INSTALL in reason
