"""The shapes of what is answered, for OpenAPI; answers themselves are written as bytes.

A test holds that the one is the other.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from rushes.domain.generation import Status
from rushes.domain.story import Presence

Moment = Annotated[datetime, Field(description="UTC, ISO 8601, ends in Z.")]
Seconds = Annotated[float, Field(ge=0, description="Seconds.")]
Count = Annotated[int, Field(ge=0)]
Size = Annotated[int, Field(ge=0, description="Bytes.")]


class Document(BaseModel):
    """A JSON object with these keys and no others."""

    model_config = ConfigDict(extra="forbid")


class FaultDocument(Document):
    """A value of the request that can't be meant."""

    where: str = Field(description="Where it stood: query.limit, body.rating.")
    message: str


class ProblemDocument(Document):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="What kind of trouble it is, for programs: urn:rushes:not-found.")
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="What happened and why, on one line, for people.")
    fix: str | None = Field(description="What to do about it.")
    errors: list[FaultDocument]


class _Measured(Document):
    duration: Seconds | None
    sample_rate: int | None = Field(description="Hz.")
    channels: int | None
    frames: int | None
    bytes: Size | None
    sha256: str | None = Field(description="Of the file's bytes, hexadecimal.")
    fault: Literal["missing", "damaged"] | None = Field(
        description="What was found wrong with the file when the library was last verified."
    )
    flags: list[str] | None = Field(
        description="How well it came out; null while nobody has listened to it."
    )
    lufs: float | None = Field(description="Integrated loudness, LUFS.")
    true_peak: float | None = Field(description="dBTP.")
    audio_url: str | None = Field(description="Where to hear it; null where no file was kept.")


class GenerationDocument(_Measured):
    """A generation: the keys of the history's interface, and more after them."""

    id: str
    profile_id: str
    profile_name: str
    text: str
    language: str
    audio_path: str | None = Field(description="As stored, relative to the library.")
    seed: int | None
    instruct: str | None
    engine: str
    model_size: str | None
    status: Status
    error: str | None
    is_favorited: bool
    created_at: Moment
    rating: int | None = Field(ge=1, le=5)
    note: str | None
    tags: list[str]
    params: dict[str, JsonValue] | None = Field(description="The engine's parameters, whole.")
    deleted_at: Moment | None = Field(description="Since when it lies in the trash.")
    source_id: str | None
    source_key: str | None
    vanished_at: Moment | None


class PageDocument(Document):
    """Some generations in order."""

    items: list[GenerationDocument]
    total: Count = Field(description="How many there are without limit and offset.")
    next: str | None = Field(description="The cursor of what follows, for after=; null at the end.")


class VersionDocument(_Measured):
    """A version of a generation."""

    id: str
    generation_id: str
    label: str
    audio_path: str
    effects_chain: JsonValue
    source_version_id: str | None
    is_default: bool
    created_at: Moment


class VersionsDocument(Document):
    """The versions of a generation, in the order they were added."""

    items: list[VersionDocument]
    total: Count


class DeletedVersionDocument(Document):
    """A version that is gone, and the id of the one that is the default in its place."""

    id: str
    new_default: str | None


class ProfileDocument(Document):
    """A profile, with what it holds outside the trash."""

    id: str
    name: str
    description: str | None
    language: str
    missing: bool = Field(description="It is gone at the source that it came from.")
    created_at: Moment
    updated_at: Moment
    generations: Count
    duration: Seconds


class ProfilesDocument(Document):
    """Every profile, by name."""

    items: list[ProfileDocument]
    total: Count


class DeletedProfileDocument(Document):
    """A profile that went to the trash with so many generations."""

    id: str
    name: str
    generations: Count


class DeletedDocument(Document):
    """A generation or a story that is deleted, or gone for good."""

    id: str
    permanent: bool
    message: str


class PurgedDocument(Document):
    """How many generations are gone for good."""

    purged: Count


class ShareDocument(Document):
    """The part of the history that has one profile, engine, language or status."""

    key: str
    label: str
    generations: Count
    duration: Seconds
    bytes: Size


class DayDocument(Document):
    """The generations that were made on a day of the server's time zone."""

    day: str
    generations: Count


class LengthDocument(Document):
    """The generations of a class of lengths; null is the class without an upper bound."""

    up_to: float | None
    generations: Count


class StatisticsDocument(Document):
    """What the history amounts to."""

    total_generations: Count
    total_duration_seconds: Seconds
    generations_by_profile: dict[str, Count] = Field(description="By profile id.")
    total_bytes: Size
    favorites: Count
    rated: Count
    in_trash: Count
    profiles: list[ShareDocument]
    engines: list[ShareDocument]
    languages: list[ShareDocument]
    statuses: list[ShareDocument]
    days: list[DayDocument]
    lengths: list[LengthDocument]


class TagDocument(Document):
    """A tag, and how many generations bear it."""

    tag: str
    generations: Count


class TagsDocument(Document):
    """Every tag."""

    items: list[TagDocument]
    total: Count


class FindingDocument(Document):
    """What is wrong with a take, explained, and where, in seconds."""

    flag: str
    told: str
    begins: float | None
    ends: float | None


class QualityDocument(Document):
    """How well a take came out."""

    id: str
    profile_name: str
    text: str
    duration: Seconds | None
    flags: list[str] | None
    findings: list[FindingDocument]
    lufs: float | None
    true_peak: float | None
    twins: list[str] = Field(description="Ids of other takes of the same samples.")


class ChannelDocument(Document):
    """A channel's lowest and highest sample, loudness and clipping in each part."""

    min: list[float]
    max: list[float]
    rms: list[float]
    clipped: list[bool]


class PeaksDocument(Document):
    """The waveform in parts of equal length; full scale is 1.0."""

    id: str
    version_id: str | None
    sample_rate: int
    frames: int
    duration: Seconds
    buckets: int
    channels: list[ChannelDocument]


class PresetDocument(Document):
    """A named set of parameters."""

    id: str
    name: str
    folder: str | None
    profile_id: str | None
    profile_name: str | None
    description: str | None
    params: JsonValue
    generation_id: str | None
    source_id: str | None
    created_at: Moment
    updated_at: Moment


class PresetsDocument(Document):
    """Presets by profile, folder and name."""

    items: list[PresetDocument]
    total: Count


class StoryItemDocument(Document):
    """A place of a generation in a story; times in milliseconds."""

    id: str
    generation_id: str | None = Field(description="Null where the generation is gone.")
    generation_key: str | None = Field(description="What is gone, as it was called.")
    profile_name: str | None
    text: str
    presence: Presence = Field(description="Whether it is heard, and if not, why.")
    start_ms: int
    end_ms: int
    length_ms: int = Field(description="How long it plays: the clip without its trims.")
    clip_ms: int = Field(description="How long the whole clip is; 0 where nobody knows.")
    track: int
    trim_start_ms: int
    trim_end_ms: int
    volume: float
    version_id: str | None = Field(description="Null where the default version is meant.")
    version_label: str | None
    created_at: Moment


class StoryItemsDocument(Document):
    """The items that came or changed, in the order in which they begin."""

    items: list[StoryItemDocument]
    total: Count


class StoryDocument(Document):
    """A story without its items."""

    id: str
    name: str
    description: str | None
    created_at: Moment
    updated_at: Moment
    deleted_at: Moment | None
    source_id: str | None
    item_count: Count


class WholeStoryDocument(StoryDocument):
    """A story with its items, in the order in which they begin."""

    length_ms: Count
    tracks: list[int] = Field(description="Those that hold something.")
    items: list[StoryItemDocument]


class StoriesDocument(Document):
    """Every story, or every deleted one; the one changed last first."""

    items: list[StoryDocument]
    total: Count


class PortionDocument(Document):
    """Some generations and the bytes of their files."""

    key: str
    label: str
    generations: Count
    bytes: Size


class ProfilePortionDocument(PortionDocument):
    """The same of a profile, with what else it takes."""

    trash_bytes: Size
    sample_bytes: Size
    quota_bytes: Size | None


class LinkedDocument(Document):
    """What linked sources hold, which is in no other number."""

    generations: Count
    bytes: Size


class StorageDocument(Document):
    """What the library takes of the disk."""

    total_bytes: Size
    audio_bytes: Size
    free_bytes: Size | None
    kinds: dict[str, Size]
    profiles: list[ProfilePortionDocument]
    engines: list[PortionDocument]
    months: list[PortionDocument]
    linked: LinkedDocument


class ImportedDocument(Document):
    """What an archive came to; the first five keys are those of its generation, if it is new."""

    id: str | None
    profile_id: str | None
    profile_name: str | None
    text: str | None
    message: str
    already: Count = Field(description="How many generations in it were here already.")
    profiles: list[str] = Field(description="Ids of profiles, where it was a profile's archive.")
    samples: Count
    trashed: list[str] = Field(description="Ids of what is here already, in the trash.")


class HealthDocument(Document):
    """That the server answers, and what it serves."""

    status: Literal["ok"]
    version: str
    writable: bool


Answers = dict[int | str, dict[str, Any]]


def refusals(*statuses: int) -> Answers:
    """What a route may answer besides what it is for, as OpenAPI has it.

    What the guards and the library as a whole may say is among it by itself.
    """
    every = (400, 401, 403, 408, 413, 421, 422, 500, 503, *statuses)
    content = {"application/problem+json": {"schema": {"$ref": PROBLEM}}}
    return {
        status: {"description": _WORDS.get(status, "A problem"), "content": content}
        for status in sorted(set(every))
    }


UNCHANGED: Answers = {304: {"description": "It is as If-None-Match has it"}}


def files(*kinds: str) -> Answers:
    """What a route that answers with a file may answer besides: it, a part of it, nothing new."""
    schema = {"schema": {"type": "string", "format": "binary"}}
    binary = {"content": dict.fromkeys(kinds, schema)}
    return {
        **refusals(404, 409, 507),
        200: {"description": "The file", **binary},
        206: {"description": "The part that Range asks for", **binary},
        304: {"description": "It is as it was"},
        412: {"description": "It isn't as If-Match has it"},
        416: {"description": "The file has no such part"},
    }


def form_body(model: type[BaseModel] | None, file: str, about: str) -> dict[str, Any]:
    """A form as OpenAPI has it: the fields of ``model``, and a file."""
    schema = {} if model is None else model.model_json_schema()
    fields = {
        **schema.get("properties", {}),
        file: {"type": "string", "format": "binary", "description": about},
    }
    required = [*schema.get("required", []), file]
    form = {
        "type": "object",
        "properties": fields,
        "required": required,
        "additionalProperties": False,
    }
    content = {"multipart/form-data": {"schema": form}}
    return {"requestBody": {"required": True, "content": content}}


PROBLEM = "#/components/schemas/ProblemDocument"

_WORDS = {
    400: "The request can't be read",
    401: "The token is missing or wrong",
    403: "Pages of other sites may not ask",
    404: "There is no such thing",
    408: "What was to come didn't come in time",
    409: "It is there already, or its state forbids the step",
    413: "More was sent than may be",
    415: "A form was wanted",
    421: "The server isn't called so",
    422: "What was asked for can't be meant",
    500: "Nobody foresaw it; the log tells",
    503: "The library can't do it now",
    507: "There is no room for it",
}
