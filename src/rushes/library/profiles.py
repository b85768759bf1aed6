"""Profiles: the voices and models that generations are made with."""

from __future__ import annotations

from dataclasses import dataclass

from rushes.domain.profile import Profile, ProfileSummary
from rushes.domain.sample import ProfileSample
from rushes.domain.times import now
from rushes.library import checks
from rushes.store import profiles, samples
from rushes.store.store import Store


@dataclass(frozen=True, slots=True)
class DeletedProfile:
    """A profile that went to the trash, and the generations that went with it."""

    profile: Profile
    ids: tuple[str, ...]

    def __len__(self) -> int:
        """How many generations went with it."""
        return len(self.ids)


class Profiles:
    """``library.profiles``. Names are told apart exactly: ``anna`` and ``Anna`` are two."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list(self) -> tuple[ProfileSummary, ...]:
        """Every profile with what it holds outside the trash, by name."""
        return profiles.summaries(self._store.reader)

    def get(self, name_or_id: str) -> Profile:
        """The profile of that name (in whatever case, if only one fits), id or id's beginning.

        Raises:
            NotFound: there is none.
            Ambiguous: there are several.
        """
        return profiles.find(self._store.reader, name_or_id)

    def samples(self, profile: Profile | str) -> tuple[ProfileSample, ...]:
        """What a profile was made from, the oldest first; given itself or by what ``get`` takes.

        Raises:
            NotFound: there is no such profile.
        """
        return samples.of_profile(self._store.reader, self._meant(profile).id)

    def create(self, name: str, *, language: str = "en", description: str | None = None) -> Profile:
        """Make a profile.

        Raises:
            BadInput: the name is empty or too long.
            Conflict: there is one of that name.
            LibraryError: it can't be written.
        """
        from rushes.store import write_profiles

        checked = checks.name(name, "profile's name")
        spoken = checks.name(language, "language")
        about = checks.optional_text(description, "description")
        with self._store.transaction() as session:
            identity = write_profiles.add_profile(session, checked, spoken, about, now())
        return profiles.by_id(self._store.reader, identity)

    def rename(self, profile: Profile | str, name: str) -> Profile:
        """Give a profile, itself or by what ``get`` takes, another name.

        Raises:
            BadInput: the name is empty or too long.
            NotFound: there is no such profile.
            Conflict: another bears that name.
            LibraryError: it can't be written.
        """
        from rushes.store import write_profiles

        checked = checks.name(name, "profile's name")
        meant = self._meant(profile)
        with self._store.transaction() as session:
            write_profiles.rename_profile(session, meant.id, checked, now())
        return profiles.by_id(self._store.reader, meant.id)

    def delete(self, profile: Profile | str) -> DeletedProfile:
        """Move a profile's generations to the trash and take it out of the list, in one commit.

        The profile is given itself, or by what ``get`` takes.

        Raises:
            NotFound: there is no such profile.
            LibraryError: it can't be written.
        """
        from rushes.store import write_trash

        meant = self._meant(profile)
        with self._store.transaction() as session:
            ids = write_trash.profile_to_trash(session, meant.id, now())
        return DeletedProfile(meant, ids)

    def restore(self, deleted: DeletedProfile) -> Profile:
        """Bring back what ``delete`` took, in one commit.

        If another bears the name by now, a number is added to it. What was purged meanwhile
        stays away.

        Raises:
            NotFound: the profile was purged.
            LibraryError: it can't be written.
        """
        from rushes.store import write_trash

        with self._store.transaction() as session:
            write_trash.profile_from_trash(session, deleted.profile.id, deleted.ids, now())
        return profiles.by_id(self._store.reader, deleted.profile.id)

    def _meant(self, profile: Profile | str) -> Profile:
        return profile if isinstance(profile, Profile) else self.get(profile)
