"""`record`: what `dataclasses.dataclass` does, for classes that every search imports.

A dataclass has six methods compiled for it when its module is imported, which takes up to a millisecond; the seventy
that a search imports took a third of its cold start. A record is a dataclass for type checkers and for all of
`dataclasses` (`replace`, `fields`, `asdict`), but shares its methods with the others, except `__init__`, which is
compiled when some have been made: a search makes one or two of most kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, fields
from operator import attrgetter
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["record"]

_FEW = 25  # records take together about as long to make without a compiled `__init__` as that takes to be compiled

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:

    def record(*, frozen: bool = False, slots: bool = False, kw_only: bool = False) -> Callable[[type], type]:
        """Make a class a record; the arguments are those of `dataclasses.dataclass`."""

        def made(cls: type) -> type:
            cls.__doc__ = cls.__doc__ or ""  # else dataclass() writes one, which takes longer than all the rest
            cls = dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
            methods = {"__init__": _first_init(cls), "__repr__": _repr, **_comparing(cls)}
            if frozen:
                methods |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
                methods |= {"__getstate__": _state, "__setstate__": _restore} if slots else {}
            else:
                methods["__hash__"] = None
            for name, method in methods.items():
                if name not in cls.__dict__:
                    setattr(cls, name, method)
            return cls

        return made


def _first_init(cls: type[Any]) -> Callable[..., None]:
    """An `__init__` that sets the fields of the first few, and then has one compiled that takes its place."""
    left = _FEW

    def init(self: Any, *args: Any, **named: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0 or not _set_fields(cls, self, args, named):
            cls.__init__ = _compiled_init(cls)
            cls.__init__(self, *args, **named)
        elif hasattr(cls, "__post_init__"):
            self.__post_init__()

    return init


def _set_fields(cls: type[Any], made: Any, args: tuple[Any, ...], named: dict[str, Any]) -> bool:
    """Set all fields of a record; False if the arguments are not what the class takes."""
    by_place = [each.name for each in fields(cls) if not each.kw_only]
    given = dict(zip(by_place, args, strict=False)) | named
    if len(given) < len(args) + len(named):  # too many, or one twice
        return False
    for each in fields(cls):
        if each.name in given:
            value = given.pop(each.name)
        elif each.default_factory is not MISSING:
            value = each.default_factory()
        elif each.default is not MISSING:
            value = each.default
        else:
            return False
        object.__setattr__(made, each.name, value)
    return not given


def _compiled_init(cls: type[Any]) -> Callable[..., None]:
    known: dict[str, Any] = {"put": object.__setattr__, "MISSING": MISSING}
    by_place, by_name, lines = ["self"], ["*"], []
    for each in fields(cls):
        name = each.name
        head = value = name
        if each.default_factory is not MISSING:
            known[f"make_{name}"] = each.default_factory
            head, value = f"{name}=MISSING", f"make_{name}() if {name} is MISSING else {name}"
        elif each.default is not MISSING:
            known[f"default_{name}"] = each.default
            head = f"{name}=default_{name}"
        (by_name if each.kw_only else by_place).append(head)
        slot = getattr(cls, name, None)
        if isinstance(slot, MemberDescriptorType):  # then there is a quicker way
            known[f"put_{name}"] = slot.__set__
            lines.append(f"put_{name}(self, {value})")
        else:
            lines.append(f"put(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    heads = ", ".join([*by_place, *(by_name if len(by_name) > 1 else ())])
    exec(f"def __init__({heads}):\n " + "\n ".join(lines or ["pass"]), known)  # of names that the class itself has
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _comparing(cls: type[Any]) -> dict[str, Callable[..., Any]]:
    names = [each.name for each in fields(cls) if each.compare]
    values: Callable[[Any], Any] = attrgetter(*names) if names else lambda _: ()

    def equal(self: Any, other: object) -> bool:
        return bool(values(self) == values(other)) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:
        return hash(values(self))

    return {"__eq__": equal, "__hash__": hashed}


def _repr(self: Any) -> str:
    values = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({values})"


def _refuse_to_set(self: Any, name: str, value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: Any, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)
