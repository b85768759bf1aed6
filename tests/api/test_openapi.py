"""The server and its own OpenAPI document: whatever that allows is answered as it says.

Schemathesis makes requests out of the document, alone and as stories, and holds every answer
against it. ``API_EXAMPLES`` sets how many it tries for each route; from 10 on it tries every edge
of every parameter as well.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.conftest import Clip, Served, recorded, serving, strictly
from tests.library.takes import RATE, Take, fill, tone

EXAMPLES = int(os.environ.get("API_EXAMPLES", "2"))
PHASES = "coverage,fuzzing,stateful" if EXAMPLES >= 10 else "fuzzing,stateful"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "missing_required_header",
    "unsupported_method",
    "use_after_free",
    "ensure_resource_availability",
)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("asked") / "takes") as served:
        fill(served.library, [Take(f"Take {n}", rating=n % 5 + 1) for n in range(5)])
        heard = served.library.generations.record(
            profile="A", text="Heard", audio=tone(), sample_rate=RATE
        )
        story = served.library.stories.create("A day").story
        served.library.stories.add(story, [heard.id, heard.id], gap_ms=10)
        yield served


def test_every_request_that_the_document_allows_is_answered_as_it_says(
    asked: Served, tmp_path: Path
) -> None:
    (tmp_path / "schemathesis.toml").write_text(
        f"[phases.stateful.generation]\nmax-examples = {10 * EXAMPLES}\n", encoding="ascii"
    )
    told = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{asked.url}/openapi.json"),
            *("--phases", PHASES, "--max-examples", str(EXAMPLES), "--checks", ",".join(CHECKS)),
            # What never ends by itself has tests of its own.
            *("--exclude-path", "/events", "--warnings", "off"),
            *("--generation-deterministic", "--no-color"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,  # it keeps what it has learnt where it is started
        timeout=100 * EXAMPLES,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "No issues found" in told.stdout
    assert asked.staged == []


def test_the_document_names_every_route_of_the_interface(asked: Served) -> None:
    paths = strictly(asked.client().get("/openapi.json"))["paths"]
    for route in (
        "get /history",
        "post /history",
        "get /history/stats",
        "get /history/{generation_id}",
        "delete /history/{generation_id}",
        "get /history/{generation_id}/export",
        "get /history/{generation_id}/export-audio",
        "post /history/import",
        "get /audio/{generation_id}",
        "patch /stories/{story_id}",
        "post /stories/{story_id}/items",
        "patch /stories/{story_id}/items/{item_id}",
        "get /stories/{story_id}/audio",
        "get /stories/{story_id}/export",
        "get /events",
    ):
        method, _, path = route.partition(" ")
        assert paths[path][method]["responses"]["422"]["content"] == {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}
        }


def test_what_a_take_says_is_what_the_document_says(served: Served, clip: Clip) -> None:
    client = served.client()
    take = recorded(client, clip())
    schemas = strictly(client.get("/openapi.json"))["components"]["schemas"]
    assert set(take) == set(schemas["GenerationDocument"]["properties"])
    assert set(schemas["GenerationDocument"]["required"]) == set(take)
