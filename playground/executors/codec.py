"""Frozen dataclasses as plain JSON values and back, strictly: what does not fit is named."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Kind = TypeVar("Kind")
SCALARS = (bool, int, float, str)
UNIONS = (Union, types.UnionType)


class Mismatch(ValueError):
    """A value that is not of the type its field has; the field is named, as in
    "ScoreArm.rows[2]"."""


def to_json(value: object) -> object:
    """The value as JSON has it: a dataclass as an object of its fields, a tuple as a list.

    Raises Mismatch for what JSON has no word for.
    """
    if value is None or isinstance(value, SCALARS):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: to_json(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): to_json(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [to_json(one) for one in value]
    raise Mismatch(f"a {type(value).__name__} cannot be sent")


def from_json(kind: type[Kind], value: object) -> Kind:
    """The value of this type that `to_json` wrote so.

    kind: a dataclass of the types here, of str, int, float, bool and None, and of their tuples,
    dicts by str and unions; an `object` is left as it is. Raises Mismatch for anything else, also
    for a field that is missing or that nobody knows.
    """
    return cast(Kind, _decoded(kind, value, getattr(kind, "__name__", str(kind))))


def _decoded(kind: Any, value: object, path: str) -> object:
    if kind is object:
        return value
    if kind in SCALARS or kind in (None, type(None)):
        return _scalar(kind, value, path)
    if is_dataclass(kind):
        return _dataclass(cast(type, kind), value, path)
    origin, parameters = get_origin(kind), get_args(kind)
    if origin in UNIONS:
        return _union(parameters, value, path)
    if origin is tuple:
        return _tuple(parameters, value, path)
    if origin is dict:
        return _dict(parameters[1], value, path)
    raise TypeError(f"{path} is declared {kind}, which is none of the types that are sent")


def _scalar(kind: type | None, value: object, path: str) -> object:
    """An int is a float too; a bool is neither."""
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not (kind or type(None)):
        raise _mismatch(path, kind, value)
    return value


def _dataclass(kind: type, value: object, path: str) -> object:
    types_of = field_types(kind)
    if not isinstance(value, dict):
        raise _mismatch(path, kind, value)
    if missing := [name for name in types_of if name not in value]:
        raise Mismatch(f"{path}.{missing[0]} is missing")
    if unknown := [name for name in value if name not in types_of]:
        raise Mismatch(f"{path}.{unknown[0]} is not known")
    return kind(
        **{name: _decoded(of, value[name], f"{path}.{name}") for name, of in types_of.items()}
    )


def _union(parameters: tuple[Any, ...], value: object, path: str) -> object:
    """The scalar the value is, else the first of the types that it fits."""
    if type(value) in parameters or (value is None and None in parameters):
        return value
    for kind in parameters:
        try:
            return _decoded(kind, value, path)
        except Mismatch as error:
            mismatch = error
    raise mismatch


def _tuple(parameters: tuple[Any, ...], value: object, path: str) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise _mismatch(path, tuple, value)
    if parameters[-1] is Ellipsis:
        parameters = (parameters[0],) * len(value)
    if len(parameters) != len(value):
        raise Mismatch(f"{path} has {len(value)} values instead of {len(parameters)}")
    pairs = enumerate(zip(parameters, value, strict=True))
    return tuple(_decoded(kind, one, f"{path}[{at}]") for at, (kind, one) in pairs)


def _dict(kind: Any, value: object, path: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _mismatch(path, dict, value)
    return {str(name): _decoded(kind, one, f"{path}[{name!r}]") for name, one in value.items()}


@lru_cache(maxsize=256)
def field_types(kind: type) -> dict[str, Any]:
    """The types of a dataclass's fields, by name."""
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in fields(kind)}


def _mismatch(path: str, kind: type | None, value: object) -> Mismatch:
    wanted = "null" if kind is None else kind.__name__
    return Mismatch(f"{path} is {str(value)[:60]!r}, which is no {wanted}")
