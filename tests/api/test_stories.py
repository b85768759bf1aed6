"""Stories over HTTP: made, edited, heard and exported, and what is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import soundfile

from rushes.media import mix_out
from tests.api.conftest import Clip, Served, is_problem, recorded, strictly
from tests.exchange.voiceboxes import Voicebox, new_key

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def takes(client: httpx.Client, clip: Clip) -> list[str]:
    """Two takes of 500 ms; the first has a version of half its length."""
    made = [recorded(client, clip(), text=text)["id"] for text in ("one", "two")]
    half = clip("half.wav", frames=2_000, level=0x20).read_bytes()
    said = {"label": "half"}
    client.post(f"/history/{made[0]}/versions", data=said, files={"audio": half})
    return made


def made(client: httpx.Client, *takes: str, **said: object) -> tuple[str, list[dict[str, Any]]]:
    """A story of these takes: where it lies, and its items."""
    answer = client.post("/stories", json={"name": "A day"})
    assert answer.status_code == 201, answer.text
    place = answer.headers["location"]
    assert place == f"/stories/{strictly(answer)['id']}"
    if not takes:
        return place, []
    added = client.post(f"{place}/items", json={"generation_ids": takes, **said})
    assert added.status_code == 201, added.text
    told = strictly(added)
    assert told["total"] == len(takes)
    return place, told["items"]


def heard(content: bytes) -> soundfile.SoundFile:
    return soundfile.SoundFile(BytesIO(content))


def test_a_story_is_made_named_copied_deleted_and_restored(client: httpx.Client) -> None:
    place, _ = made(client)
    told = strictly(client.patch(place, json={"name": "[Night]", "description": "dark"}))
    assert (told["name"], told["description"]) == ("[Night]", "dark")
    told = strictly(client.patch(place, json={"name": "Dawn"}))
    assert (told["name"], told["description"]) == ("Dawn", "dark")
    assert strictly(client.patch(place, json={"description": None}))["description"] is None
    copy = strictly(client.post(f"{place}/copy"))
    assert copy["name"] == "Dawn (copy)"
    assert strictly(client.post(f"{place}/copy", json={"name": "Dusk"}))["name"] == "Dusk"
    gone = strictly(client.delete(place))
    assert (gone["id"], gone["permanent"]) == (told["id"], False)
    assert f"POST {place}/restore" in is_problem(client.get(place), 404)["fix"]
    is_problem(client.delete(place), 404)
    (listed,) = strictly(client.get("/stories?deleted=true"))["items"]
    assert listed["deleted_at"].endswith("Z")
    assert strictly(client.get("/stories"))["total"] == 2
    assert strictly(client.post(f"{place}/restore"))["deleted_at"] is None
    assert strictly(client.get(place))["name"] == "Dawn"
    client.delete(place)
    assert strictly(client.delete(f"{place}?permanent=true"))["permanent"] is True
    is_problem(client.post(f"{place}/restore"), 404)
    # A name is no id, and neither is the beginning of one.
    is_problem(client.get("/stories/Dusk"), 404)
    is_problem(client.patch(f"/stories/{copy['id'][:8]}", json={"name": "x"}), 404)


def test_items_are_added_changed_at_once_split_and_removed(
    client: httpx.Client, takes: list[str]
) -> None:
    place, (first, second) = made(client, *takes, at_ms=100, track=-1, gap_ms=50)
    assert [(one["start_ms"], one["end_ms"], one["track"]) for one in (first, second)] == [
        (100, 600, -1),
        (650, 1_150, -1),
    ]
    item = f"{place}/items/{first['id']}"
    assert strictly(client.get(item)) == first
    said = {"start_ms": 2_000, "track": 3, "trim_start_ms": 40, "volume": 0.5, "version": "half"}
    told = strictly(client.patch(item, json=said))
    assert {key: told[key] for key in said if key != "version"} | {
        "version": told["version_label"]
    } == said
    assert (told["clip_ms"], told["length_ms"], told["presence"]) == (250, 210, "there")
    # The trims are of the version that it plays then; where one thing can't be, nothing is.
    is_problem(client.patch(item, json={"volume": 1, "trim_end_ms": 210}), 422)
    assert strictly(client.get(item)) == told
    back = strictly(client.patch(item, json={"version": None, "trim_end_ms": 210}))
    assert (back["version_id"], back["length_ms"], back["volume"]) == (None, 250, 0.5)
    answer = client.post(f"{item}/split", json={"at_ms": 2_100})
    assert answer.status_code == 201
    left, right = strictly(answer)["items"]
    assert (left["id"], left["end_ms"], right["start_ms"]) == (first["id"], 2_100, 2_100)
    gone = strictly(client.delete(item))
    assert gone["id"] == first["id"]
    is_problem(client.delete(item), 404)
    whole = strictly(client.get(place))
    assert [one["id"] for one in whole["items"]] == [second["id"], right["id"]]
    assert (whole["item_count"], whole["tracks"], whole["length_ms"]) == (2, [-1, 3], 2_250)


def test_the_mix_is_heard_in_parts_and_stays_the_same_file_until_the_story_changes(
    client: httpx.Client, takes: list[str]
) -> None:
    place, (first, _) = made(client, *takes, gap_ms=250)
    whole = client.get(f"{place}/audio")
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/wav")
    sound = heard(whole.content)
    assert (sound.samplerate, sound.frames) == (8_000, 10_000)
    tag = whole.headers["etag"]
    part = client.get(f"{place}/audio", headers={"Range": "bytes=100-199", "If-Range": tag})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert client.get(f"{place}/audio", headers={"If-None-Match": tag}).status_code == 304
    assert client.get(f"{place}/audio", headers={"Range": "bytes=999999-"}).status_code == 416
    client.patch(f"{place}/items/{first['id']}", json={"volume": 0})
    changed = client.get(f"{place}/audio", headers={"Range": "bytes=0-9", "If-Range": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


def test_who_asks_for_parts_at_once_has_it_mixed_once(
    client: httpx.Client, takes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, _ = made(client, *takes)
    mixed = []
    write = mix_out.write_mix

    def counted(*given: Any) -> None:
        mixed.append(given)
        write(*given)

    monkeypatch.setattr("rushes.library.story_export.write_mix", counted)
    with ThreadPoolExecutor(6) as players:
        asked = [
            players.submit(client.get, f"{place}/audio", headers={"Range": f"bytes={n}-{n}"})
            for n in range(6)
        ]
    assert {one.result().status_code for one in asked} == {206}
    assert len(mixed) == 1


def test_a_story_is_saved_as_a_mix_or_as_what_is_said_when(
    client: httpx.Client, takes: list[str]
) -> None:
    place, _ = made(client, *takes)

    def saved(asked: str) -> httpx.Response:
        return client.get(f"{place}/export?{asked}")

    flac = saved("format=flac&bits=16&sample_rate=16000")
    sound = heard(flac.content)
    assert (sound.format, sound.subtype, sound.samplerate) == ("FLAC", "PCM_16", 16_000)
    assert heard(saved("").content).subtype == "PCM_24"
    told = {one: saved(f"format={one}") for one in ("flac", "wav", "srt", "vtt", "labels")}
    assert {one: answer.headers["content-type"] for one, answer in told.items()} == {
        "flac": "audio/flac",
        "wav": "audio/wav",
        "srt": "application/x-subrip",
        "vtt": "text/vtt; charset=utf-8",
        "labels": "text/plain; charset=utf-8",
    }
    for one, answer in told.items():
        name = f"A day.{'labels.txt' if one == 'labels' else one}"
        assert f'filename="{name}"' in answer.headers["content-disposition"]
    assert "00:00:00,500 --> 00:00:01,000\ntwo" in told["srt"].text
    assert told["labels"].text.startswith("0.000000\t0.500000\tAnna: one\n")
    is_problem(saved("format=mp3"), 422)
    is_problem(saved("bits=20"), 422)
    is_problem(saved("sample_rate=7999"), 422)


def test_what_cant_be_meant_is_told_and_changes_nothing(
    served: Served, client: httpx.Client, takes: list[str]
) -> None:
    place, (item, _) = made(client, *takes)
    before = served.library.stories.scene(strictly(client.get(place))["id"])
    at = f"{place}/items/{item['id']}"
    bodies: tuple[tuple[str, str, object], ...] = (
        ("POST", "/stories", {}),
        ("POST", "/stories", {"name": " "}),
        ("POST", "/stories", {"name": "x" * 201}),
        ("PATCH", place, {}),
        ("PATCH", place, {"name": ""}),
        ("PATCH", place, {"title": "x"}),
        ("POST", f"{place}/items", {"generation_ids": []}),
        ("POST", f"{place}/items", {"generation_ids": [*takes, NOBODY]}),
        ("POST", f"{place}/items", {"generation_ids": takes, "version": "half"}),
        ("POST", f"{place}/items", {"generation_ids": takes, "track": 1_000}),
        ("POST", f"{place}/items", {"generation_ids": takes, "gap_ms": -1}),
        ("POST", f"{place}/items", {"generation_ids": takes, "gap_ms": 86_400_000}),
        ("POST", f"{place}/items", {"generation_ids": takes, "at_ms": 86_400_000}),
        ("PATCH", at, {}),
        ("PATCH", at, {"start_ms": -1}),
        ("PATCH", at, {"start_ms": 86_399_900}),
        ("PATCH", at, {"start_ms": 10**30}),
        ("PATCH", at, {"start_ms": 1.5}),
        ("PATCH", at, {"version": "nope"}),
        ("PATCH", at, {"volume": 4.1}),
        ("PATCH", at, {"volume": "1"}),
        ("PATCH", at, {"trim_start_ms": 250, "trim_end_ms": 250}),
        ("PATCH", at, {"trim_start_ms": 300, "version": "half"}),
        ("POST", f"{at}/split", {"at_ms": 0}),
        ("POST", f"{at}/split", {"at_ms": 500}),
        ("POST", f"{at}/split", {}),
    )
    for method, where, body in bodies:
        is_problem(client.request(method, where, json=body), 422)
    is_problem(client.patch(at, content=b'{"volume": NaN}'), 422)
    assert served.library.stories.scene(before.story) == before
    assert strictly(client.get("/stories"))["total"] == 1


def test_what_isnt_there_and_what_its_state_forbids(client: httpx.Client, takes: list[str]) -> None:
    place, (item, _) = made(client, *takes)
    other, (elsewhere,) = made(client, takes[1])
    nowhere = f"/stories/{NOBODY}"
    for told in (
        client.patch(nowhere, json={"name": "x"}),
        client.delete(nowhere),
        client.delete(f"{nowhere}?permanent=true"),
        client.post(f"{nowhere}/restore"),
        client.post(f"{nowhere}/copy"),
        client.post(f"{nowhere}/items", json={"generation_ids": takes}),
        client.get(f"{nowhere}/audio"),
        client.get(f"{nowhere}/export?format=srt"),
        client.patch(f"{place}/items/{NOBODY}", json={"volume": 1}),
        client.patch(f"{place}/items/{item['id'][:8]}", json={"volume": 1}),
        client.patch(f"{place}/items/{elsewhere['id']}", json={"volume": 1}),
    ):
        is_problem(told, 404, "not-found")
    client.delete(f"/history/{takes[1]}")
    is_problem(client.post(f"{place}/items", json={"generation_ids": takes[1:]}), 409)
    assert strictly(client.get(other))["items"][0]["presence"] == "trashed"
    is_problem(client.get(f"{other}/audio"), 409, "conflict")
    is_problem(client.get(f"{other}/export"), 409, "conflict")


def test_a_linked_story_is_only_read_and_its_copy_is_ones_own(
    served: Served, client: httpx.Client, tmp_path: Path
) -> None:
    box = Voicebox(tmp_path / "voicebox")
    take, story, stamp = box.take("Hello"), new_key(), "2026-04-01 12:00:00.000000"
    box.insert("stories", id=story, name="A day", created_at=stamp, updated_at=stamp)
    box.insert(
        "story_items",
        id=new_key(),
        story_id=story,
        generation_id=take,
        start_time_ms=0,
        track=0,
        trim_start_ms=0,
        trim_end_ms=0,
        volume=1.0,
        created_at=stamp,
    )
    served.library.sources.add(box.folder)
    (linked,) = strictly(client.get("/stories"))["items"]
    place = f"/stories/{linked['id']}"
    whole = strictly(client.get(place))
    (item,) = whole["items"]
    assert linked["source_id"] is not None
    for told in (
        client.patch(place, json={"name": "x"}),
        client.delete(place),
        client.delete(f"{place}?permanent=true"),
        client.post(f"{place}/items", json={"generation_ids": [item["generation_id"]]}),
        client.patch(f"{place}/items/{item['id']}", json={"volume": 0.5}),
        client.post(f"{place}/items/{item['id']}/split", json={"at_ms": 1}),
        client.delete(f"{place}/items/{item['id']}"),
    ):
        assert "Copy it first" in is_problem(told, 409, "conflict")["fix"]
    assert strictly(client.get(place)) == whole
    assert client.get(f"{place}/audio").status_code == 200
    own = client.post(f"{place}/copy").headers["location"]
    (copied,) = strictly(client.get(own))["items"]
    told = client.patch(f"{own}/items/{copied['id']}", json={"volume": 0.5})
    assert strictly(told)["volume"] == 0.5


def test_what_a_story_says_is_what_the_document_says(
    client: httpx.Client, takes: list[str]
) -> None:
    place, (item, _) = made(client, *takes)
    schemas = strictly(client.get("/openapi.json"))["components"]["schemas"]
    whole = strictly(client.get(place))
    assert set(whole) == set(schemas["WholeStoryDocument"]["required"])
    assert set(item) == set(schemas["StoryItemDocument"]["required"])
    (listed,) = strictly(client.get("/stories"))["items"]
    assert set(listed) == set(schemas["StoryDocument"]["required"])
