"""The clean-up policy that a library keeps: off until switched on, then run daily at most."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rushes.domain.retention import Cleaned, LastRun, Policy, SavedPolicy, policy_of
from rushes.domain.times import from_iso, to_iso
from rushes.errors import BadInput, LibraryError, NotFound, RushesError
from rushes.store import settings
from rushes.store.settings import CLEAN_UP
from rushes.store.store import Store

if TYPE_CHECKING:
    from sqlmodel import Session

_BETWEEN_RUNS = timedelta(days=1)
_PARTS = {"policy", "on", "last"}


def saved(store: Store) -> SavedPolicy | None:
    """What is kept; None where nothing is.

    Raises:
        LibraryError: it can't be read.
    """
    return _read(settings.get(store.reader, CLEAN_UP))


def save(store: Store, policy: Policy) -> SavedPolicy:
    """Keep a policy in place of another, switched off.

    Raises:
        LibraryError: it can't be written.
    """
    with store.transaction() as session:
        last = None
        try:
            before = _within(session)
            last = None if before is None else before.last
        except LibraryError:
            # What can't be read is what is to be replaced.
            pass
        return _put(session, SavedPolicy(policy, on=False, last=last))


def switch(store: Store, *, on: bool) -> SavedPolicy:
    """Let the policy that is kept run by itself, or no longer.

    Raises:
        NotFound: none is kept.
        LibraryError: it can't be read or written.
    """
    with store.transaction() as session:
        kept = _within(session)
        if kept is None:
            raise none_saved()
        return _put(session, replace(kept, on=on))


def forget(store: Store) -> None:
    """Keep no policy any more.

    Raises:
        NotFound: none was kept.
        LibraryError: it can't be written.
    """
    with store.transaction() as session:
        if not settings.take_away(session, CLEAN_UP):
            raise none_saved()


def is_due(store: Store, moment: datetime) -> bool:
    """Whether the policy that is kept is on and didn't run within a day.

    Raises:
        LibraryError: it can't be read.
    """
    kept = saved(store)
    return kept is not None and _is_due(kept, moment)


def run_if_due(
    store: Store, moment: datetime, clean_up: Callable[[Policy], Cleaned]
) -> Cleaned | None:
    """Clean up by the policy that is kept if it is on and didn't run within a day.

    The run is noted before it begins: nobody else begins another, and one that fails is tried
    again the next day.

    Raises:
        RushesError: it can't be done; why is noted.
    """
    kept = saved(store)
    if kept is None or not _is_due(kept, moment) or not store.database.writable:
        return None
    with store.transaction() as session:
        kept = _within(session)
        if kept is None or not _is_due(kept, moment):
            return None
        _put(session, replace(kept, last=LastRun(moment)))
    try:
        done = clean_up(kept.policy)
    except RushesError as error:
        _note(store, LastRun(moment, error=str(error)))
        raise
    _note(store, LastRun(moment, len(done.ids), done.bytes, len(done.purged), done.freed))
    return done


def none_saved() -> NotFound:
    """No policy is kept."""
    return NotFound("no clean-up policy is saved", "", "See `rushes cleanup policy save --help`.")


def _is_due(kept: SavedPolicy, moment: datetime) -> bool:
    # A clock that was set back neither brings another run at once nor keeps them away for years.
    return kept.on and (kept.last is None or abs(moment - kept.last.at) >= _BETWEEN_RUNS)


def _note(store: Store, run: LastRun) -> None:
    with store.transaction() as session:
        kept = _within(session)
        if kept is not None:
            _put(session, replace(kept, last=run))


def _put(session: Session, kept: SavedPolicy) -> SavedPolicy:
    last = None
    if kept.last is not None:
        last = {field.name: getattr(kept.last, field.name) for field in fields(LastRun)}
        last["at"] = to_iso(kept.last.at)
    record = {"policy": kept.policy.record(), "on": kept.on, "last": last}
    settings.put(session, CLEAN_UP, record)
    return kept


def _within(session: Session) -> SavedPolicy | None:
    return _read(settings.within(session, CLEAN_UP))


def _read(value: object) -> SavedPolicy | None:
    """Strictly: what can't be understood whole deletes nothing."""
    if value is None:
        return None
    try:
        if not isinstance(value, Mapping) or set(value) != _PARTS:
            raise BadInput("it has other parts")
        if not isinstance(value["on"], bool):
            raise BadInput("it is neither on nor off")
        return SavedPolicy(policy_of(value["policy"]), value["on"], _last_run(value["last"]))
    except BadInput as error:
        raise LibraryError(
            "the saved clean-up policy can't be read", str(error).rstrip("."), "Save another."
        ) from None


def _last_run(value: object) -> LastRun | None:
    if value is None:
        return None
    names = {field.name for field in fields(LastRun)}
    if not isinstance(value, Mapping) or set(value) != names:
        raise BadInput("its last run is none")
    numbers = {name: value[name] for name in names - {"at", "error"}}
    error = value["error"]
    if not all(type(number) is int for number in numbers.values()):
        raise BadInput("its last run has odd numbers")
    if not isinstance(value["at"], str) or not isinstance(error, str | None):
        raise BadInput("its last run has odd words")
    return LastRun(from_iso(value["at"]), error=error, **numbers)
