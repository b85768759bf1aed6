"""A story's timeline: its cursor, what keys do to items, and that each of it is undone."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Event

import pytest

from rushes.domain.envelope import Envelope
from rushes.domain.story import Scene
from rushes.library import Library
from rushes.library.stories import Stories
from rushes.tui.piece import Piece
from rushes.tui.screens.detail import DetailScreen
from rushes.tui.screens.item_values import ItemValues
from rushes.tui.screens.pin import PinDialog
from rushes.tui.screens.story import StoryScreen
from tests.tui.driving import Here, opened, until, voice
from tests.tui.storied import WORDS, scene_of, story_of, told

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "takes"


async def says(here: Here, text: str) -> None:
    await until(here.pilot, lambda: text in here.text)


async def undoes(here: Here, said: str) -> None:
    await here.press("u")
    await says(here, f"Undone: {said}")


def places(path: Path) -> list[tuple[str, int, int]]:
    """Whose words begin when on which track."""
    return [(one.text, one.start_ms, one.item.track) for one in scene_of(path).items]


@SIZES
async def test_it_opens_with_boxes_on_tracks_and_the_first_item_whole(
    path: Path, size: tuple[int, int]
) -> None:
    told(path)
    async with opened(path, size) as here:
        screen = await story_of(here, "j")
        lines = here.text.splitlines()
        assert lines[0].startswith(" ▚ The river   4 items on 2 tracks   0:07.0")
        assert "0:00" in lines[2]
        assert "step" in lines[0]
        assert "Good evening" in here.text
        for text in ("track 0   item 1 of 4", "0:00.000, ends 0:02.000", "2.000 s", "nothing",
                     "as it is", "original, the default"):  # fmt: skip
            assert text in here.text, text
        assert screen.timeline.chosen is not None
        tracks = [line[:4].strip() for line in lines]
        assert tracks.count("0") == tracks.count("1") == 1


async def test_the_cursor_goes_by_time_and_by_tracks(path: Path) -> None:
    told(path)
    async with opened(path, (80, 24)) as here:
        screen = await story_of(here, "j")

        def at() -> str:
            assert screen.item is not None
            return screen.item.text

        walked = [at()]
        for key in ("j", "j", "j", "j", "k", "g", "down", "down", "up", "G", "up", "home", "end"):
            await here.press(key)
            walked.append(at())
        evening, cold, fine, robot = WORDS[0], WORDS[1], WORDS[2], WORDS[3]
        assert walked == [
            *(evening, fine, cold, robot, robot, cold, evening),
            *(fine, fine, evening, robot, cold, evening, robot),
        ]
        await says(here, "100% of a_b [/whisper]")


async def test_steps_move_it_in_time_and_are_as_long_as_a_cell(path: Path) -> None:
    told(path)
    async with opened(path) as here:
        screen = await story_of(here, "j")
        assert screen.timeline.view is not None
        step = screen.timeline.view.step
        await here.press("comma")
        await says(here, "It begins where the story does.")
        await here.press("full_stop", "full_stop", "full_stop", "comma")
        assert places(path)[0] == (WORDS[0], 2 * step, 0)
        await here.press("z", "z")
        finer = screen.timeline.view.step
        assert finer < step
        assert f"step {finer} ms" in here.text
        await here.press("full_stop")
        assert places(path)[0] == (WORDS[0], 2 * step + finer, 0)
        await here.press("Z", "Z")
        assert screen.timeline.view.step == step
        for _ in range(8):
            await here.press("u")
        assert places(path)[0] == (WORDS[0], 0, 0)


async def test_it_goes_to_other_tracks_and_changes_places(path: Path) -> None:
    told(path)
    async with opened(path) as here:
        await story_of(here, "j")
        await here.press("J", "J")
        assert (WORDS[0], 0, 2) in places(path)
        assert "track 2" in here.text
        await here.press("K", "K", "K")
        assert (WORDS[0], 0, -1) in places(path)
        await here.press("J")
        await here.press("greater_than_sign")
        await says(here, "Anna comes later")
        assert [one for one in places(path) if one[2] == 0] == [
            (WORDS[1], 0, 0),
            (WORDS[0], 2_000, 0),
        ]
        assert "item 3 of 4" in here.text, "the cursor stays on it"
        await here.press("greater_than_sign")
        await says(here, "It is the last on its track already.")
        await undoes(here, "Anna in its place again")
        await undoes(here, "Anna on track -1 at 0:00.000 again")
        assert (WORDS[0], 0, -1) in places(path)


async def test_trims_leave_out_more_and_less_at_both_ends(path: Path) -> None:
    told(path)
    async with opened(path) as here:
        screen = await story_of(here, "j")
        assert screen.timeline.view is not None
        step = screen.timeline.view.step
        for key, trims in (
            ("i", (step, 0)),
            ("i", (2 * step, 0)),
            ("o", (2 * step, step)),
            ("I", (step, step)),
            ("O", (step, 0)),
        ):
            await here.press(key)
            item = scene_of(path).items[0].item
            assert (item.trim_start_ms, item.trim_end_ms) == trims, key
        assert f"{step / 1000:.3f} s in front" in here.text
        await here.press("I", "I")
        await says(here, "Nothing more is left out there.")
        await undoes(here, "Anna trimmed as before")
        assert scene_of(path).items[0].item.trim_start_ms == step


async def test_keys_that_repeat_never_trim_it_away(path: Path) -> None:
    told(path, seconds=0.2)
    async with opened(path) as here:
        await story_of(here, "j")
        await here.press(*["i"] * 16)
        shown = scene_of(path).items[0]
        assert shown.length_ms == 10
        await says(here, "There is hardly more of it.")


async def test_it_is_split_in_the_middle_and_one_again(path: Path) -> None:
    told(path)
    async with opened(path) as here:
        await story_of(here, "j")
        await here.press("s")
        await says(here, "Anna is split at 0:01.000. u takes it back.")
        assert [one[:2] for one in places(path)[:2]] == [(WORDS[0], 0), (WORDS[0], 1_000)]
        assert "item 1 of 5" in here.text
        await undoes(here, "Anna is one item again")
        assert len(places(path)) == 4


async def test_volume_goes_by_decibels_and_silence_is_an_end(path: Path) -> None:
    told(path)
    async with opened(path) as here:
        await story_of(here, "j")
        await here.press("V", "V")
        await says(here, "0.794, −2 dB")
        await here.press("v", "v")
        await says(here, "as it is")
        with here.library() as library:
            library.stories.set_volume(scene_of(path).items[0], 3.9)
        await here.press("v")
        await says(here, "4, +12 dB")
        await here.press("v")
        await says(here, "It can't be louder.")


async def test_removing_stands_on_the_next_and_u_brings_it_back(path: Path) -> None:
    told(path)
    async with opened(path) as here:
        screen = await story_of(here, "j")
        await here.press("j", "d")
        await says(here, "Anna is out of the story; the take stays. u brings it back.")
        assert screen.item is not None
        assert screen.item.text == WORDS[1]
        await undoes(here, "Anna is back in the story")
        assert len(places(path)) == 4
        with here.library() as library:
            library.stories.remove([one.id for one in library.stories.scene("The river").items])
        await until(here.pilot, lambda: "Nothing is in this story yet." in here.text, 20)
        await here.press("d", "space")
        await says(here, "nothing to hear in this story yet")


async def test_gaps_on_its_track_are_closed(path: Path) -> None:
    told(path)
    async with opened(path) as here:
        await story_of(here, "j")
        await here.press("j", "R")
        await says(here, "moved up")
        on_it = [one.start_ms for one in scene_of(path).on_track(1)]
        assert on_it == [1_000, 3_000]
        await here.press("u")
        assert [one.start_ms for one in scene_of(path).on_track(1)] == [1_000, 5_000]


async def test_exact_values_are_typed_checked_and_undone_together(path: Path) -> None:
    told(path)
    async with opened(path, (80, 24)) as here:
        await story_of(here, "j")
        await here.pilot.press("t")
        await until(here.pilot, lambda: isinstance(here.app.screen, ItemValues))
        await says(here, "heard from 0:00.000 to 0:02.000")

        def put(field: str, text: str) -> None:
            here.app.screen.query_one(f"#value-{field}").value = text  # type: ignore[attr-defined]  # an Input

        put("start", "soon")
        await says(here, "“soon” is no time")
        await here.pilot.press("enter")
        assert isinstance(here.app.screen, ItemValues), "what can't be read is no answer"
        put("start", "0:01.500")
        put("track", "-1")
        put("trim-start", "250 ms")
        put("trim-end", "5")
        put("volume", "-6 dB")
        await here.pilot.press("enter")
        await says(here, "the trims leave nothing of the clip")
        await until(here.pilot, lambda: isinstance(here.app.screen, ItemValues))
        assert places(path)[0] == (WORDS[0], 0, 0), "all of it or none"
        put("trim-end", "0.5")
        await says(here, "heard from 0:01.500 to 0:02.750")
        await here.pilot.press("enter")
        await says(here, "Anna is changed. u takes it back.")
        item = next(one.item for one in scene_of(path).items if one.text == WORDS[0])
        assert (item.start_ms, item.track) == (1_500, -1)
        assert (item.trim_start_ms, item.trim_end_ms) == (250, 500)
        assert item.volume == pytest.approx(0.5012, abs=1e-4)
        await undoes(here, "Anna as it was before")
        again = scene_of(path).items[0].item
        assert (again.start_ms, again.track, again.trim_end_ms, again.volume) == (0, 0, 0, 1.0)


async def test_a_version_is_pinned_and_followed_again(path: Path) -> None:
    ids = told(path)
    with Library.open(path) as library:
        hall = path.parent / "hall.wav"
        import soundfile

        soundfile.write(hall, voice(1.0), 24_000)
        library.versions.add(ids[0], hall, label="hall [b]")
    async with opened(path, (80, 24)) as here:
        screen = await story_of(here, "j")
        await here.pilot.press("p")
        await until(here.pilot, lambda: isinstance(here.app.screen, PinDialog))
        await says(here, "hall [b]")
        assert "original now" in here.text
        await here.pilot.press("G", "enter")
        await says(here, "Anna: hall [b] is pinned. u takes it back.")
        here.app.clear_notifications()  # it lies over the line that is looked for
        await says(here, "hall [b], pinned")
        assert screen.timeline.chosen is not None
        assert screen.timeline.chosen.pinned
        assert scene_of(path).items[0].length_ms == 1_000
        await here.pilot.press("p")
        await until(here.pilot, lambda: isinstance(here.app.screen, PinDialog))
        await here.pilot.press("g", "enter")
        await says(here, "It follows the default version")
        await undoes(here, "Anna with hall [b] pinned again")
        here.app.clear_notifications()
        await says(here, "hall [b], pinned")


async def test_gaps_are_seen_with_their_reason(path: Path) -> None:
    ids = told(path)
    with Library.open(path) as library:
        library.generations.delete([ids[0], ids[3]])
        library.trash.purge([ids[3]])
    async with opened(path, (80, 24)) as here:
        screen = await story_of(here, "j")
        await says(here, "2 gaps")
        assert "╱╱" in here.text
        assert "a gap: in the trash" in here.text
        assert "The take lies in the trash" in here.text
        assert "silence until it is restored." in here.text
        await here.press("enter")
        await says(here, "The take lies in the trash: silence until it is restored.")
        await here.press("G")
        await says(here, "a gap: gone")
        await here.press("p")
        await says(here, "The take is gone, and its versions with it.")
        assert screen.item is not None
        assert screen.item.length_ms == 2_000, "its place and its length stay"
        with here.library() as library:
            library.trash.restore([ids[0]])
        await until(here.pilot, lambda: "1 gap" in here.text.splitlines()[0], 20)


async def test_enter_opens_the_take_and_j_goes_on_in_the_story(path: Path) -> None:
    told(path)
    async with opened(path) as here:
        screen = await story_of(here, "j")
        await here.press("enter")
        await until(here.pilot, lambda: isinstance(here.app.screen, DetailScreen))
        await until(here.pilot, lambda: "The river" in here.text)
        await here.press("j")
        detail = here.app.screen
        assert isinstance(detail, DetailScreen)
        await until(here.pilot, lambda: detail.generation.text == WORDS[2])
        await here.press("escape")
        await until(here.pilot, lambda: here.app.screen is screen)
        assert screen.item is not None
        assert screen.item.text == WORDS[2]


async def test_zoom_scrolls_and_the_whole_is_a_key_away(path: Path) -> None:
    told(path)
    async with opened(path, (80, 24)) as here:
        screen = await story_of(here, "j")
        await here.press("G", *["z"] * 6)
        view = screen.timeline.view
        assert view is not None
        assert view.first > 0
        assert "0:05" in here.text.splitlines()[2]
        assert screen.item is not None
        assert 0 <= view.cell(screen.item.start_ms) < view.width
        await here.press("pageup")
        assert screen.timeline.view is not None
        paged = screen.timeline.view
        assert paged.first < view.first
        with here.library() as library:
            library.stories.rename("The river", "The long river")
        await until(here.pilot, lambda: "The long river" in here.text, 20)
        assert screen.timeline.view == paged, "what one looks at stays"
        await here.press("pagedown", "0")
        whole = screen.timeline.view
        assert (whole.first, whole.cell(7_000) < whole.width) == (0, True)


async def test_the_item_under_the_cursor_is_drawn_as_fine_as_it_is_looked_at(path: Path) -> None:
    told(path)
    async with opened(path, (80, 24)) as here:
        screen = await story_of(here, "j")
        chosen = screen.timeline.chosen
        assert chosen is not None
        assert isinstance(chosen.waveform, bytes), "what is stored does for so few cells"
        await here.press(*["z"] * 3)
        await until(here.pilot, lambda: isinstance(screen.timeline.chosen, Piece)
                    and isinstance(screen.timeline.chosen.waveform, Envelope))  # fmt: skip
        assert screen.timeline.view is not None
        chosen = screen.timeline.chosen
        assert chosen is not None
        assert isinstance(chosen.waveform, Envelope)
        assert chosen.waveform.buckets >= 2 * 2_000 // screen.timeline.view.ms


async def test_a_click_stands_on_an_item(path: Path) -> None:
    told(path)
    async with opened(path) as here:
        screen = await story_of(here, "j")
        view = screen.timeline.view
        assert view is not None
        await here.pilot.click("#timeline", offset=(5 + view.cell(3_000), 2))
        assert screen.item is not None
        assert screen.item.text == WORDS[1]
        assert isinstance(here.app.screen, StoryScreen)


async def test_many_tracks_are_scrolled_to_the_cursor(path: Path) -> None:
    ids = told(path)
    with Library.open(path) as library:
        for track in range(2, 12):
            library.stories.add("The river", [ids[0]], at_ms=100 * track, track=track)
    async with opened(path, (80, 24)) as here:
        screen = await story_of(here)
        await here.press(*["down"] * 11)
        assert screen.item is not None
        assert screen.item.item.track == 11
        await says(here, "track 11")
        assert any(line.startswith(" 11  ") for line in here.text.splitlines())
        await here.press(*["up"] * 11)
        assert any(line.startswith("  0  ") for line in here.text.splitlines())


async def test_a_late_answer_to_an_older_question_is_thrown_away(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(path)
    go = Event()
    real = Stories.scene
    held: list[Scene] = []

    def scene(stories: Stories, story: str) -> Scene:
        found = real(stories, story)
        if not held and not go.is_set():
            held.append(found)
            assert go.wait(30)
        return found

    async with opened(path, (80, 24)) as here:
        screen = await story_of(here, "j")
        monkeypatch.setattr(Stories, "scene", scene)
        older = asyncio.ensure_future(screen.read())
        await until(here.pilot, lambda: held)
        with here.library() as library:
            library.stories.rename("The river", "The sea")
        await screen.read()
        assert here.text.startswith(" ▚ The sea")
        go.set()
        await older
        await here.pilot.pause()
        assert held[0].story.name == "The river"
        assert here.text.startswith(" ▚ The sea")
