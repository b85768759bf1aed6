"""A quota for each profile: it warns, and refuses new recordings only if it is told to."""

from __future__ import annotations

from rushes.domain.amounts import size_words
from rushes.domain.limits import LARGEST_SIZE
from rushes.domain.quota import Quota
from rushes.domain.text import one_line
from rushes.errors import BadInput, NotFound, QuotaExceeded
from rushes.library.profiles import Profiles
from rushes.store import quotas, settings
from rushes.store.reader import Reader
from rushes.store.store import Store

_REFUSES = "quota_refuses"


class Quotas:
    """``library.quotas``. Profiles are named as ``library.profiles.get`` takes them."""

    def __init__(self, store: Store, profiles: Profiles) -> None:
        self._store = store
        self._profiles = profiles

    def list(self) -> tuple[Quota, ...]:
        """Every quota with what is used of it, by its profile's name."""
        return quotas.all_of_them(self._store.reader)

    def of(self, profile: str) -> Quota | None:
        """A profile's quota; None where it has none.

        Raises:
            NotFound: there is no such profile.
        """
        return quotas.of_profile(self._store.reader, self._profiles.get(profile).id)

    def exceeded(self) -> tuple[Quota, ...]:
        """Those of which more is used than there should be: for whoever recorded, to tell."""
        return tuple(quota for quota in self.list() if quota.is_over)

    def set(self, profile: str, size: int) -> Quota:
        """Give a profile a quota of ``size`` bytes, in place of what it had.

        Raises:
            BadInput: the size is no size.
            NotFound: there is no such profile.
            LibraryError: it can't be written.
        """
        if not 0 <= size <= LARGEST_SIZE:
            raise BadInput(f"a quota can't be {size}", "", "Give a number of bytes.")
        meant = self._profiles.get(profile)
        with self._store.transaction() as session:
            quotas.put(session, meant.id, size)
        found = quotas.of_profile(self._store.reader, meant.id)
        if found is None:
            raise NotFound(f"the profile “{one_line(meant.name)}” is gone")
        return found

    def remove(self, profile: str) -> None:
        """Take a profile's quota away.

        Raises:
            NotFound: there is no such profile, or it has none.
            LibraryError: it can't be written.
        """
        meant = self._profiles.get(profile)
        with self._store.transaction() as session:
            if not quotas.take_away(session, meant.id):
                raise NotFound(
                    f"the profile “{one_line(meant.name)}” has no quota",
                    "",
                    "See `rushes quota list`.",
                )

    @property
    def refuse(self) -> bool:
        """Whether a recording that a quota has no room for is refused; else it only warns."""
        return settings.get(self._store.reader, _REFUSES) is True

    def set_refuse(self, on: bool) -> None:
        """Have recordings refused that a quota has no room for, or no longer.

        Raises:
            LibraryError: it can't be written.
        """
        with self._store.transaction() as session:
            settings.put(session, _REFUSES, bool(on))


def check_room(reader: Reader, profile: str, size: int) -> None:
    """Make sure that files of ``size`` bytes may come to the profile of exactly that name.

    What others record this very moment isn't counted yet.

    Raises:
        QuotaExceeded: they may not.
    """
    quota = quotas.of_name(reader, profile)
    if quota is None or quota.used + size <= quota.bytes:
        return
    if settings.get(reader, _REFUSES) is not True:
        return
    raise QuotaExceeded(
        f"nothing more is recorded for {one_line(profile)}",
        f"its takes use {size_words(quota.used)} of a quota of {size_words(quota.bytes)}",
        "Delete some for good, give it more by `rushes quota set`, or `rushes quota refuse off`.",
    )
