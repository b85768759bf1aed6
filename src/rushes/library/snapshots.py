"""Parameter snapshots and effects chains as strict JSON text (RFC 8259)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike, fspath

from rushes.domain import limits
from rushes.domain.record import strict, to_json
from rushes.domain.text import valid
from rushes.errors import BadInput


def params_json(params: Mapping[str, object] | None) -> str | None:
    """The snapshot as text, whole; None where there is none.

    What strict JSON lacks is kept as what says the same: infinities and NaN as the texts that
    ``rushes.domain.record.strict`` gives, arrays and numbers of numpy as lists and numbers, tuples
    as lists, paths as text.

    Raises:
        BadInput: it holds something that isn't data, or too much.
    """
    if params is None:
        return None
    if not isinstance(params, Mapping):
        raise BadInput("the parameters must be a mapping", f"they are {type(params).__name__}")
    return _text(params, "parameters")


def chain_json(effects: Sequence[Mapping[str, object]] | None) -> str | None:
    """An effects chain as text, each effect an object with its ``type``; None where there is none.

    Raises:
        BadInput: it is no such list, or it can't be kept, as for ``params_json``.
    """
    if effects is None:
        return None
    given: object = effects
    if not isinstance(given, list | tuple):
        raise BadInput("an effects chain must be a list", f"it is a {type(given).__name__}")
    for effect in given:
        if not (isinstance(effect, Mapping) and isinstance(effect.get("type"), str)):
            raise BadInput(
                "the effects chain can't be kept",
                "an effect in it doesn't say its type",
                'Write it like this: [{"type": "gain", "params": {"gain_db": -3}}]',
            )
    return _text(effects, "effects chain")


def _text(value: object, what: str) -> str:
    are = "are" if what.endswith("s") else "is"
    try:
        text = to_json(_plain(value, 0))
    except ValueError as error:  # a whole number of thousands of digits, which nobody could read
        raise BadInput(f"the {what} can't be kept", str(error).partition(";")[0]) from None
    if len(text) > limits.LONGEST_JSON:
        raise BadInput(f"the {what} {are} too long", f"over {limits.LONGEST_JSON:,} characters")
    return valid(text, what)


def _plain(value: object, depth: int) -> object:
    if depth > limits.DEEPEST_JSON:
        why = f"they are nested over {limits.DEEPEST_JSON} deep"
        raise BadInput("the parameters can't be kept", why)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return strict(float(value))
    if isinstance(value, Mapping):
        return {_key(key): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, PathLike):
        return str(fspath(value))
    # Arrays and numbers of numpy, torch and their like say what they hold.
    listing = getattr(value, "tolist", None)
    if callable(listing):
        return _plain(listing(), depth + 1)
    raise BadInput("the parameters can't be kept", f"they hold a {type(value).__name__}")


def _key(key: object) -> str:
    if isinstance(key, str):
        return key
    if isinstance(key, bool | int | float):
        return str(key)
    raise BadInput("the parameters can't be kept", f"a name in them is a {type(key).__name__}")
