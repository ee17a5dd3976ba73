"""Frozen values with slots, as dataclasses make them, at a sixth of what those cost a cold start.

Knows how to make such a class, and to copy a value with changes. `dataclasses` loads inspect, ast and
tokenize and compiles eight functions a class, which was half of a first look-up: what a first look-up loads
is made here, everything else is a dataclass. To `dataclasses` itself, once loaded, such a value is one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")


@overload
def value(cls: type[T], /) -> type[T]: ...


@overload
def value(*, kw_only: bool = False, slots: bool = True) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(frozen_default=True)
def value(cls: Any = None, /, *, kw_only: bool = False, slots: bool = True) -> Any:
    """
    Make a frozen value of a class with annotated fields, as `dataclass(frozen=True, slots=True)` does.

    Its parents have no fields, and its defaults are frozen, too. Without slots it may have cached properties.

    >>> @value
    ... class Step:
    ...     metres: int
    ...     towards: str = "north"
    >>> Step(5), Step(5) == Step(5, "north"), replace(Step(5), metres=6)
    (Step(metres=5, towards='north'), True, Step(metres=6, towards='north'))
    """
    if cls is None:
        return lambda its_class: _made(its_class, kw_only=kw_only, slots=slots)
    return _made(cls, kw_only=kw_only, slots=slots)


def replace(original: T, /, **changes: Any) -> T:
    """The same value but for some fields, checked as a new one is."""
    cls: Any = type(original)
    unchanged = {name: getattr(original, name) for name in cls.__value_fields__ if name not in changes}
    return cls(**unchanged, **changes)  # type: ignore[no-any-return]


def _made(cls: type, *, kw_only: bool, slots: bool) -> type:
    fields = tuple(vars(cls).get("__annotations__", ()))
    body = {name: held for name, held in vars(cls).items() if name not in ("__dict__", "__weakref__")}
    defaults = {name: body.pop(name) for name in fields if name in body}
    body |= {"__value_fields__": fields, "__match_args__": () if kw_only else fields}
    body["__dataclass_fields__"] = _AsDataclass(defaults)
    body |= {"__slots__": fields} if slots else {}
    made: Any = type(cls)(cls.__name__, cls.__bases__, body)
    made.__init__, key = _compiled(made, fields, defaults, kw_only=kw_only)
    made.__eq__ = lambda one, other: key(one) == key(other) if type(other) is type(one) else NotImplemented
    made.__hash__ = lambda self: hash(key(self))
    made.__repr__ = lambda self: _in_words(type(self), key(self))
    made.__setattr__ = made.__delattr__ = _refuse
    made.__reduce__ = lambda self: (_again, (type(self), *key(self)))
    return made  # type: ignore[no-any-return]


class _AsDataclass:
    """What dataclasses' own functions ask of a class: worked out when the first of them asks."""

    def __init__(self, defaults: dict[str, Any]) -> None:
        self._defaults = defaults

    def __get__(self, _value: object, cls: Any) -> dict[str, Any]:
        from dataclasses import make_dataclass

        named = {name: (name, cls.__annotations__[name]) for name in cls.__value_fields__}
        as_one: Any = make_dataclass(
            cls.__name__, named.values(), namespace=self._defaults, kw_only=not cls.__match_args__
        )
        cls.__dataclass_fields__ = as_one.__dataclass_fields__
        found: dict[str, Any] = cls.__dataclass_fields__
        return found


def _compiled(
    made: Any, fields: tuple[str, ...], defaults: dict[str, Any], *, kw_only: bool
) -> tuple[Callable[..., None], Callable[[Any], tuple[Any, ...]]]:
    """Its `__init__`, and what makes a tuple of its fields: compiled, as a loop over names is slow."""
    names: dict[str, Any] = {f"default_{name}": default for name, default in defaults.items()}
    arguments = [f"{name}=default_{name}" if name in defaults else name for name in fields]
    if not set(fields) <= vars(made).keys():
        lines = [f"self.__dict__.update({', '.join(f'{name}={name}' for name in fields)})"]
    else:
        names |= {f"set_{name}": vars(made)[name].__set__ for name in fields}
        lines = [f"set_{name}(self, {name})" for name in fields]
    lines += ["self.__post_init__()"] if hasattr(made, "__post_init__") else []
    source = f"""
def __init__(self, {"*, " if kw_only else ""}{", ".join(arguments)}):
    {"; ".join(lines)}
def key(self):
    return ({"".join(f"self.{name}, " for name in fields)})
"""
    exec(source, names)  # noqa: S102 - of the names of fields, which are identifiers
    return names["__init__"], names["key"]


def _in_words(cls: type, values: tuple[Any, ...]) -> str:
    fields: tuple[str, ...] = cls.__value_fields__  # type: ignore[attr-defined]
    said = (f"{name}={its_value!r}" for name, its_value in zip(fields, values, strict=True))
    return f"{cls.__qualname__}({', '.join(said)})"


def _refuse(self: object, name: str, _value: object = None) -> None:
    raise AttributeError(f"{type(self).__name__} is frozen: {name} stays as it is")


def _again(cls: type, *values: object) -> object:
    """A value as it was pickled."""
    made: object = object.__new__(cls)
    for name, its_value in zip(cls.__value_fields__, values, strict=True):  # type: ignore[attr-defined]
        object.__setattr__(made, name, its_value)
    return made
