"""A client written against REQUIREMENTS A11 alone: its routes, its keys, its shapes."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import pytest

from rushes.library import Library
from tests.api.conftest import Clip, Served, is_problem, recorded, serving, strictly
from tests.library.takes import Take, fill

KEYS = [
    "id",
    "profile_id",
    "profile_name",
    "text",
    "language",
    "audio_path",
    "duration",
    "seed",
    "instruct",
    "engine",
    "model_size",
    "status",
    "error",
    "is_favorited",
    "created_at",
]
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def is_take(item: dict[str, Any]) -> None:
    assert list(item)[: len(KEYS)] == KEYS
    assert TIME.fullmatch(item["created_at"])
    assert isinstance(item["is_favorited"], bool)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Sixty takes of two profiles, one a minute."""
    folder = tmp_path_factory.mktemp("many") / "takes"
    with Library.open(folder) as library:
        takes = [
            Take(f"take {n} 100%_x" if n % 10 == 0 else f"Take {n}", "AB"[n % 2], minutes=n)
            for n in range(60)
        ]
        fill(library, takes)
    with serving(folder) as served:
        yield served


@pytest.fixture
def asks(many: Served) -> httpx.Client:
    return many.client()


def test_a_list_is_newest_first_fifty_at_a_time_with_the_total(asks: httpx.Client) -> None:
    answer = asks.get("/history")
    assert answer.headers["content-type"] == "application/json"
    page = strictly(answer)
    assert list(page) == ["items", "total", "next"]
    assert (len(page["items"]), page["total"]) == (50, 60)
    for item in page["items"]:
        is_take(item)
    made = [item["created_at"] for item in page["items"]]
    assert made == sorted(made, reverse=True)


def test_limit_and_offset_cut_the_list(asks: httpx.Client) -> None:
    everything = strictly(asks.get("/history?limit=1000"))["items"]
    part = strictly(asks.get("/history?limit=7&offset=50"))
    assert part["items"] == everything[50:57]
    assert part["total"] == 60
    assert strictly(asks.get("/history?offset=999999"))["items"] == []


def test_a_profile_and_a_search_narrow_it_literally(asks: httpx.Client) -> None:
    profile = strictly(asks.get("/history"))["items"][0]["profile_id"]
    assert strictly(asks.get("/history", params={"profile_id": profile}))["total"] == 30
    assert strictly(asks.get("/history", params={"search": "100%_X"}))["total"] == 6
    assert strictly(asks.get("/history", params={"search": "t%k"}))["total"] == 0
    assert strictly(asks.get("/history?search=&profile_id=&after=&q="))["total"] == 60
    assert strictly(asks.get("/history", params={"search": 'is:fav "x'}))["total"] == 0
    assert strictly(asks.get("/history?profile_id=nobody")) == {
        "items": [],
        "total": 0,
        "next": None,
    }


def test_cursors_walk_the_whole_list_once(asks: httpx.Client) -> None:
    seen, after = [], None
    while True:
        page = strictly(
            asks.get("/history", params={"limit": 17, **({"after": after} if after else {})})
        )
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == [item["id"] for item in strictly(asks.get("/history?limit=1000"))["items"]]


def test_the_filter_language_is_q(asks: httpx.Client) -> None:
    assert strictly(asks.get("/history", params={"q": "profile:=A -100"}))["total"] == 24
    told = is_problem(asks.get("/history", params={"q": "rating:x"}), 422, "bad-filter")
    assert told["errors"][0]["where"] == "query.q"


@pytest.mark.parametrize(
    "odd",
    [
        "limit=0",
        "limit=-1",
        "limit=1001",
        "limit=x",
        "limit=1.5",
        "limit=99999999999999999999999",
        "limit=",
        "offset=-1",
        "offset=99999999999999999999999",
        "offset=NaN",
        "sort=nope",
        "after=nonsense",
        "after=WzFd",
        "after=%00",
        "q=%22",
    ],
)
def test_odd_parameters_are_422_with_a_message(asks: httpx.Client, odd: str) -> None:
    answer = asks.get(f"/history?{odd}")
    if odd == "q=%22":
        assert answer.status_code == 200
        return
    is_problem(answer, 422)


def test_statistics_have_the_documented_keys(asks: httpx.Client) -> None:
    told = strictly(asks.get("/history/stats"))
    assert list(told)[:3] == [
        "total_generations",
        "total_duration_seconds",
        "generations_by_profile",
    ]
    assert told["total_generations"] == 60
    assert sorted(told["generations_by_profile"].values()) == [30, 30]
    profile = next(iter(told["generations_by_profile"]))
    part = strictly(asks.get("/history/stats", params={"profile_id": profile}))
    assert part["total_generations"] == 30


def test_one_take_and_none(asks: httpx.Client) -> None:
    item = strictly(asks.get("/history?limit=1"))["items"][0]
    assert strictly(asks.get(f"/history/{item['id']}")) == item
    is_problem(asks.get("/history/nope"), 404, "not-found")
    # Whole ids alone: what begins so may be another tomorrow.
    is_problem(asks.get(f"/history/{item['id'][:8]}"), 404)


def test_the_head_of_an_answer_is_that_of_the_whole(asks: httpx.Client) -> None:
    whole, head = asks.get("/history"), asks.head("/history")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == whole.headers["content-length"]


def test_who_has_a_page_already_is_told_so_until_something_changes(
    served: Served, client: httpx.Client
) -> None:
    tag = client.get("/history").headers["etag"]
    again = client.get("/history", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    fill(served.library, [Take("new")])
    changed = client.get("/history", headers={"If-None-Match": tag})
    assert strictly(changed)["total"] == 1
    assert client.get("/history").headers["etag"] == changed.headers["etag"]


def test_delete_takes_it_out_of_the_history(client: httpx.Client, clip: Clip) -> None:
    take = recorded(client, clip())
    is_take(take)
    told = strictly(client.delete(f"/history/{take['id']}"))
    assert told == {
        "id": take["id"],
        "permanent": False,
        "message": "Generation moved to the trash",
    }
    is_problem(client.get(f"/history/{take['id']}"), 404)
    is_problem(client.delete(f"/history/{take['id']}"), 404)
    assert strictly(client.get("/history"))["total"] == 0


def test_delete_for_good_takes_the_audio_with_it(
    served: Served, client: httpx.Client, clip: Clip
) -> None:
    take = recorded(client, clip())
    file = served.library.path / take["audio_path"]
    assert file.is_file()
    assert client.delete(f"/history/{take['id']}?permanent=true").status_code == 200
    assert not file.exists()
    is_problem(client.get(f"/trash/{take['id']}"), 404)


def test_an_export_is_a_zip_that_can_be_imported(
    client: httpx.Client, clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    take = recorded(client, clip(), text='Grüße / "x"', seed="7", params='{"a": [1, null]}')
    answer = client.get(f"/history/{take['id']}/export")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith('attachment; filename="Anna-')
    assert "filename*=UTF-8''Anna-" in answer.headers["content-disposition"]
    with ZipFile(BytesIO(answer.content)) as archive:
        assert {"manifest.json", "generation.json"} <= set(archive.namelist())
    sonna = client.get(f"/history/{take['id']}/export?layout=sonna")
    with ZipFile(BytesIO(sonna.content)) as archive:
        assert sorted(archive.namelist()) == ["audio.wav", "generation.json"]
    sent = {"file": ("../../etc/passwd.zip", answer.content)}
    told = strictly(client.post("/history/import", files=sent))
    assert (told["id"], told["already"]) == (None, 1)
    told = strictly(client.post("/history/import?again=true", files=sent))
    copy = strictly(client.get(f"/history/{told['id']}"))
    same = ("text", "seed", "params", "sha256", "created_at", "profile_id")
    assert copy["id"] != take["id"]
    assert [copy[key] for key in same] == [take[key] for key in same]
    assert list(aside.iterdir()) == []


def test_export_audio_gives_the_file_itself_or_another_format(
    client: httpx.Client, clip: Clip
) -> None:
    take, wav = recorded(client, clip()), clip().read_bytes()
    answer = client.get(f"/history/{take['id']}/export-audio")
    assert (answer.content, answer.headers["content-type"]) == (wav, "audio/wav")
    assert '.wav"' in answer.headers["content-disposition"]
    flac = client.get(f"/history/{take['id']}/export-audio?format=flac")
    assert (flac.content[:4], flac.headers["content-type"]) == (b"fLaC", "audio/flac")
    is_problem(client.get(f"/history/{take['id']}/export-audio?format=exe"), 422)
    is_problem(client.get(f"/history/{take['id']}/export-audio?version=nope"), 404)


def test_a_take_without_audio_has_none_to_give(served: Served, client: httpx.Client) -> None:
    (take,) = fill(served.library, [Take("Nothing")])
    for place in (f"/audio/{take}", f"/history/{take}/export-audio", f"/history/{take}/peaks"):
        is_problem(client.get(place), 404, "audio-missing")
    assert strictly(client.get(f"/history/{take}"))["audio_url"] is None


def test_what_is_no_archive_is_refused_and_leaves_nothing(
    served: Served, client: httpx.Client, clip: Clip
) -> None:
    answer = client.post("/history/import", files={"file": clip().read_bytes()})
    told = is_problem(answer, 422, "source-error")
    assert "the archive" in told["detail"]
    assert ".part" not in answer.text
    assert served.staged == []


def test_numbers_that_json_lacks_are_told_without_breaking_it(
    served: Served, client: httpx.Client, clip: Clip
) -> None:
    take = recorded(client, clip())
    odd = '{"snr": Infinity, "nan": NaN, "half": "\\ud800"}'
    with served.library._store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE generations SET params = ?", (odd,))
    told = strictly(client.get(f"/history/{take['id']}"))
    assert told["params"] == {"snr": "Infinity", "nan": "NaN", "half": "\ud800"}
    assert strictly(client.get("/history"))["items"] == [told]
