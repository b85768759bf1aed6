"""The rest of the library over HTTP: marks, versions, profiles, presets, stories, trash."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import Clip, Served, is_problem, recorded, serving, strictly
from tests.exchange.voiceboxes import Voicebox, new_key
from tests.library.takes import Take, fill


def test_marks_are_given_and_taken_away(served: Served, client: httpx.Client) -> None:
    (take,) = fill(served.library, [Take("Hello")])
    place = f"/history/{take}"
    assert strictly(client.post(f"{place}/favorite"))["is_favorited"] is True
    assert strictly(client.post(f"{place}/favorite"))["is_favorited"] is False
    on = {"is_favorited": True}
    assert strictly(client.put(f"{place}/favorite", json=on))["is_favorited"] is True
    assert strictly(client.put(f"{place}/rating", json={"rating": 4}))["rating"] == 4
    assert strictly(client.put(f"{place}/rating", json={"rating": None}))["rating"] is None
    is_problem(client.put(f"{place}/rating", json={"rating": 6}), 422)
    is_problem(client.put(f"{place}/rating", json={}), 422)
    assert strictly(client.put(f"{place}/note", json={"note": "[x]"}))["note"] == "[x]"
    assert strictly(client.put(f"{place}/note", json={"note": None}))["note"] is None
    tagged = strictly(client.post(f"{place}/tags", json={"add": ["one", "Two"]}))
    assert tagged["tags"] == ["one", "Two"]
    told = strictly(client.get("/tags"))
    assert told["items"] == [
        {"tag": "one", "generations": 1},
        {"tag": "Two", "generations": 1},
    ]
    assert strictly(client.post(f"{place}/tags", json={"remove": ["TWO"]}))["tags"] == ["one"]
    is_problem(client.post(f"{place}/tags", json={}), 422)
    is_problem(client.put("/history/nope/rating", json={"rating": 1}), 404)
    is_problem(client.post("/history/nope/favorite"), 404)


def test_versions_are_added_chosen_renamed_and_deleted(
    served: Served, client: httpx.Client, clip: Clip
) -> None:
    take = recorded(client, clip())
    place = f"/history/{take['id']}/versions"
    (original,) = strictly(client.get(place))["items"]
    assert (original["label"], original["is_default"]) == ("original", True)
    hall = clip("hall.wav", level=0x20)
    said = {
        "label": "hall",
        "made_from": "original",
        "effects": '[{"type": "reverb", "params": {"room_size": 0.4}}]',
    }
    answer = client.post(place, data=said, files={"audio": hall.read_bytes()})
    assert answer.status_code == 201
    added = strictly(answer)
    assert answer.headers["location"] == f"{place}/{added['id']}"
    assert added["source_version_id"] == original["id"]
    assert added["effects_chain"][0]["type"] == "reverb"
    is_problem(client.post(place, data=said, files={"audio": hall.read_bytes()}), 409)
    bad = {**said, "label": "x", "effects": "{}"}
    is_problem(client.post(place, data=bad, files={"audio": hall.read_bytes()}), 422)
    heard = client.get(added["audio_url"])
    assert heard.content == hall.read_bytes()
    assert heard.headers["etag"] == f'"{added["sha256"]}"'
    told = strictly(client.put(f"{place}/hall/default"))
    assert told["sha256"] == added["sha256"]
    assert client.get(f"/audio/{take['id']}").content == hall.read_bytes()
    renamed = strictly(client.put(f"{place}/{added['id']}/label", json={"label": "church"}))
    assert renamed["label"] == "church"
    assert strictly(client.get(f"{place}/church"))["id"] == added["id"]
    peaks = strictly(client.get(f"/history/{take['id']}/peaks?buckets=1&version=original"))
    assert (peaks["version_id"], peaks["channels"][0]["max"]) == (original["id"], [0.5])
    audio = client.get(f"/history/{take['id']}/export-audio?version=original")
    assert audio.content == clip().read_bytes()
    gone = strictly(client.delete(f"{place}/church"))
    assert gone == {"id": added["id"], "new_default": original["id"]}
    is_problem(client.get(f"{place}/church"), 404)
    is_problem(client.delete(f"{place}/original"), 409, "conflict")
    assert served.staged == []


def test_profiles_are_made_renamed_and_deleted_with_their_takes(
    served: Served, client: httpx.Client
) -> None:
    answer = client.post("/profiles", json={"name": "Anna", "language": "de"})
    assert answer.status_code == 201
    anna = strictly(answer)
    assert answer.headers["location"] == f"/profiles/{anna['id']}"
    is_problem(client.post("/profiles", json={"name": "Anna"}), 409, "conflict")
    is_problem(client.post("/profiles", json={"name": ""}), 422)
    is_problem(client.post("/profiles", json={"name": "x" * 201}), 422)
    takes = fill(served.library, [Take("one"), Take("two"), Take("else", profile="Bob")])
    assert strictly(client.get(f"/profiles/{anna['id']}"))["generations"] == 2
    assert strictly(client.get("/profiles"))["total"] == 2
    # A name is no id, whoever bears it.
    is_problem(client.get("/profiles/Anna"), 404)
    named = strictly(client.put(f"/profiles/{anna['id']}/name", json={"name": "Zoë"}))
    assert named["name"] == "Zoë"
    gone = strictly(client.delete(f"/profiles/{anna['id']}"))
    assert gone == {"id": anna["id"], "name": "Zoë", "generations": 2}
    is_problem(client.get(f"/profiles/{anna['id']}"), 404)
    assert strictly(client.get("/history"))["total"] == 1
    assert {item["id"] for item in strictly(client.get("/trash"))["items"]} == set(takes[:2])


def test_the_trash_gives_back_and_lets_go(client: httpx.Client, clip: Clip) -> None:
    takes = [recorded(client, clip(), text=f"Take {n}") for n in range(4)]
    for take in takes:
        client.delete(f"/history/{take['id']}")
    assert strictly(client.get("/trash?limit=3"))["total"] == 4
    assert strictly(client.get("/trash", params={"search": "take 2"}))["total"] == 1
    first, second = takes[0]["id"], takes[1]["id"]
    assert strictly(client.get(f"/trash/{first}"))["deleted_at"].endswith("Z")
    back = strictly(client.post(f"/trash/{first}/restore"))
    assert back["deleted_at"] is None
    is_problem(client.post(f"/trash/{first}/restore"), 404)
    assert client.get(f"/audio/{first}").status_code == 200
    assert strictly(client.delete(f"/trash/{second}"))["permanent"] is True
    is_problem(client.get(f"/trash/{second}"), 404)
    # What lies in the history isn't purged by way of the trash.
    is_problem(client.delete(f"/trash/{first}"), 404)
    assert strictly(client.delete("/trash")) == {"purged": 2}
    assert strictly(client.get("/trash"))["items"] == []


def test_presets_are_saved_from_takes_and_found_again(client: httpx.Client, clip: Clip) -> None:
    take = recorded(client, clip(), params='{"temperature": 0.7}')
    said = {"name": "warm", "folder": "night", "description": "x"}
    answer = client.post(f"/history/{take['id']}/preset", json=said)
    assert answer.status_code == 201
    warm = strictly(answer)
    assert client.get(answer.headers["location"]).json() == warm
    assert warm["params"]["temperature"] == 0.7
    assert warm["generation_id"] == take["id"]
    is_problem(client.post(f"/history/{take['id']}/preset", json=said), 409)
    found = client.get("/presets", params={"profile_id": take["profile_id"], "folder": "NIGHT"})
    assert strictly(found)["total"] == 1
    is_problem(client.get("/presets?profile_id=nobody"), 404)
    place = f"/presets/{warm['id']}"
    moved = strictly(client.put(f"{place}/name", json={"name": "dark"}))
    assert (moved["name"], moved["folder"]) == ("dark", None)
    assert strictly(client.delete(place))["id"] == warm["id"]
    is_problem(client.get(place), 404)


def test_stories_are_read_with_their_items(
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
        start_time_ms=250,
        track=-1,
        trim_start_ms=0,
        trim_end_ms=0,
        volume=0.5,
        created_at=stamp,
    )
    served.library.importing.copy_in(box.folder)
    (told,) = strictly(client.get("/stories"))["items"]
    assert (told["name"], told["item_count"]) == ("A day", 1)
    whole = strictly(client.get(f"/stories/{told['id']}"))
    (item,) = whole["items"]
    assert (item["start_ms"], item["track"], item["volume"]) == (250, -1, 0.5)
    assert strictly(client.get(f"/history/{item['generation_id']}"))["text"] == "Hello"
    is_problem(client.get("/stories/nope"), 404)


def test_the_disk_is_counted_and_the_server_says_that_it_is_there(
    client: httpx.Client, clip: Clip
) -> None:
    recorded(client, clip())
    told = strictly(client.get("/storage"))
    assert told["kinds"]["takes"] == told["profiles"][0]["bytes"] == clip().stat().st_size
    assert strictly(client.get("/health"))["status"] == "ok"


@pytest.mark.parametrize(
    "place", ["/history", "/trash", "/profiles", "/stories", "/presets", "/tags"]
)
def test_every_list_has_its_items_and_their_total(client: httpx.Client, place: str) -> None:
    told = strictly(client.get(place))
    assert (told["items"], told["total"]) == ([], 0)


def test_a_library_that_is_served_is_looked_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rushes.api.service.BETWEEN_UPKEEP", 0.02)
    with serving(tmp_path / "takes") as served:
        served.client().post("/profiles", json={"name": "Anna"})
        ends = time.monotonic() + 20
        while not list((tmp_path / "takes" / "backups").glob("*")):
            assert time.monotonic() < ends
            time.sleep(0.02)
