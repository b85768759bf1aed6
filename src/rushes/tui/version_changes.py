"""Changes a person makes to versions and presets, each with what undoes it. Run off the loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.domain.preset import parted
from rushes.tui.changes import Done
from rushes.tui.undo import Change
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from pathlib import Path

    from rushes.domain.generation import Generation, GenerationVersion
    from rushes.domain.preset import Preset
    from rushes.library import Library

_SHOWN = 40


def make_default(library: Library, version: GenerationVersion) -> Done:
    """Let a version stand for its generation."""
    generation_id = version.generation_id
    before = next(one for one in library.versions.list(generation_id) if one.is_default)
    generation = library.versions.make_default(generation_id, version.id)
    change = Change(
        f"{_called(before)} is the default again",
        lambda lib: lib.versions.make_default(generation_id, before.id),
    )
    return Done(f"{_called(version)} is the default", (generation,), change)


def rename(library: Library, version: GenerationVersion, label: str) -> Done:
    """Give a version another label."""
    generation_id = version.generation_id
    named = library.versions.rename(generation_id, version.id, label)
    change = Change(
        f"{_called(named)} is called {_called(version)} again",
        lambda lib: lib.versions.rename(generation_id, version.id, version.label),
    )
    return Done(f"{_called(version)} is now called {_called(named)}", (), change)


def add(
    library: Library, generation: Generation, path: Path, made_from: GenerationVersion | None
) -> Done:
    """Add a file as a version; what was given is copied, so taking it back is deleting it."""
    parent = None if made_from is None else made_from.id
    taken = {one.label for one in library.versions.list(generation.id)}
    label = None if path.stem in taken or not path.stem.strip() else path.stem[:200]
    added = library.versions.add(generation.id, path, label=label, made_from=parent)
    change = Change(
        f"{_called(added)} is gone again",
        lambda lib: lib.versions.delete(generation.id, added.id),
    )
    return Done(f"Added {_called(added)}", (), change)


def delete(library: Library, version: GenerationVersion) -> Done:
    """Delete a version for good."""
    gone = library.versions.delete(version.generation_id, version.id)
    said = f"{_called(version)} is deleted"
    if gone.new_default is None:
        return Done(said, (), None)
    generation = library.generations.get(version.generation_id)
    return Done(f"{said}; {_called(gone.new_default)} is the default", (generation,), None)


def save_preset(library: Library, generation: Generation, path: str) -> Done:
    """Keep what a generation was made with under a name, perhaps in a folder."""
    folder, name = parted(path)
    saved = library.presets.save(generation.id, name, folder=folder)
    change = Change(
        f"the preset {shorten(saved.path, _SHOWN)} is gone again",
        lambda lib: lib.presets.delete(saved.id),
    )
    return Done(f"Saved as the preset {shorten(saved.path, _SHOWN)}", (), change)


def rename_preset(library: Library, preset: Preset, path: str) -> Done:
    """Give a preset another name, or move it to another folder."""
    folder, name = parted(path)
    renamed = library.presets.rename(preset.id, name, folder)
    before = shorten(preset.path, _SHOWN)
    change = Change(
        f"the preset is called {before} again",
        lambda lib: lib.presets.rename(preset.id, preset.name, preset.folder),
    )
    return Done(f"{before} is now called {shorten(renamed.path, _SHOWN)}", (), change)


def delete_preset(library: Library, preset: Preset) -> Done:
    """Delete a preset."""
    gone = library.presets.delete(preset.id)
    called = shorten(gone.path, _SHOWN)
    change = Change(f"the preset {called} is back", lambda lib: lib.presets.restore(gone))
    return Done(f"Deleted the preset {called}", (), change)


def _called(version: GenerationVersion) -> str:
    return shorten(version.label, _SHOWN)
