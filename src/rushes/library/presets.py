"""Presets: named sets of parameters, saved from generations and brought by other programs."""

from __future__ import annotations

from rushes.domain.generation import Generation
from rushes.domain.ids import new_id
from rushes.domain.preset import Preset, parameters_of
from rushes.domain.record import to_json
from rushes.domain.text import fold
from rushes.domain.times import now
from rushes.library import checks
from rushes.library.profiles import Profiles
from rushes.store import history, presets
from rushes.store.store import Store


class Presets:
    """``library.presets``. Names are told apart as people do, within a folder of a profile.

    A linked source's presets are listed and shown, and changed only where they come from.
    """

    def __init__(self, store: Store, profiles: Profiles) -> None:
        self._store = store
        self._profiles = profiles

    def list(self, profile: str | None = None, folder: str | None = None) -> tuple[Preset, ...]:
        """Every preset, or those of a profile (by what ``profiles.get`` takes), or of a folder.

        By profile, folder and name.

        Raises:
            NotFound: there is no such profile.
            Ambiguous: several fit.
        """
        found = presets.listed(self._store.reader, self._profile_id(profile))
        if folder is None:
            return found
        wanted = fold(folder.strip())
        return tuple(one for one in found if fold(one.folder or "") == wanted)

    def get(self, preset: str, profile: str | None = None) -> Preset:
        """The preset of that id, of that name (``folder/name``, or the name), or id's beginning.

        Raises:
            NotFound: there is none, or no such profile.
            Ambiguous: several fit.
        """
        return presets.find(self._store.reader, preset, self._profile_id(profile))

    def save(
        self,
        generation_id: str,
        name: str,
        *,
        folder: str | None = None,
        description: str | None = None,
    ) -> Preset:
        """Keep what a generation was made with under a name, for its profile.

        ``domain.preset.parameters_of`` says what that is. It stays known which one it came from.

        Raises:
            NotFound: there is no such generation.
            Conflict: there is a preset of that name in that folder.
            BadInput: the name is empty or too long.
            LibraryError: it can't be written.
        """
        generation = history.find(self._store.reader, generation_id)
        preset = preset_of(generation, name, folder=folder, description=description)
        self.restore(preset)
        return presets.by_id(self._store.reader, preset.id)

    def rename(self, preset: str, name: str, folder: str | None = None) -> Preset:
        """Give a preset another name, in that folder or none; gives it as it is then.

        Raises:
            NotFound: there is no such preset.
            Conflict: another of its profile is called so, or it is a linked source's.
            BadInput: the name is empty or too long.
            LibraryError: it can't be written.
        """
        called, where = checks.name(name, "preset's name"), checks.optional_name(folder, "folder")
        meant = self.get(preset)
        with self._store.transaction() as session:
            from rushes.store import write_presets

            write_presets.rename_preset(session, meant.id, called, where, now())
        return presets.by_id(self._store.reader, meant.id)

    def delete(self, preset: str) -> Preset:
        """Delete a preset; gives it, for ``restore``. Generations are not touched.

        Raises:
            NotFound: there is no such preset.
            Conflict: it is a linked source's.
            LibraryError: it can't be written.
        """
        meant = self.get(preset)
        with self._store.transaction() as session:
            from rushes.store import write_presets

            write_presets.delete_preset(session, meant.id)
        return meant

    def restore(self, preset: Preset) -> None:
        """Bring back what ``delete`` took, as it was; without a profile if that is gone.

        Raises:
            Conflict: another bears its name by now.
            LibraryError: it can't be written.
        """
        with self._store.transaction() as session:
            from rushes.store import write_presets

            write_presets.put_preset(session, preset)

    def made_with(self, preset: Preset) -> tuple[str, ...]:
        """The ids of the generations outside the trash whose snapshot names the preset.

        The newest first. A snapshot says the name alone (``preset_name``), not the folder.

        Raises:
            LibraryError: the database can't be read.
        """
        return presets.made_with(self._store.reader, preset)

    def _profile_id(self, profile: str | None) -> str | None:
        return None if profile is None else self._profiles.get(profile).id


def preset_of(
    generation: Generation,
    name: str,
    *,
    folder: str | None = None,
    description: str | None = None,
) -> Preset:
    """A preset of what a generation was made with, for its profile, that isn't stored yet.

    Raises:
        BadInput: the name is empty or too long.
    """
    moment = now()
    return Preset(
        id=new_id(),
        profile_id=generation.profile_id,
        profile_name=generation.profile_name,
        folder=checks.optional_name(folder, "folder"),
        name=checks.name(name, "preset's name"),
        description=checks.optional_text(description, "description"),
        params_json=to_json(parameters_of(generation)),
        created_at=moment,
        updated_at=moment,
        source_id=None,
        generation_id=generation.id,
    )
