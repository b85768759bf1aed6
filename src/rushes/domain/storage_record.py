"""Disk use, clean-up and quotas as plain records for JSON."""

from __future__ import annotations

from rushes.domain.quota import Quota
from rushes.domain.retention import Cleaned, CleanUpPlan, SavedPolicy
from rushes.domain.storage import Portion, StorageUse
from rushes.domain.times import to_iso

Record = dict[str, object]


def use_record(use: StorageUse) -> Record:
    """Disk use; everything is in bytes. ``linked`` is in no other number."""
    return {
        "total_bytes": use.total,
        "audio_bytes": use.audio,
        "free_bytes": use.free,
        "kinds": {kind.value: size for kind, size in use.kinds},
        "profiles": [
            {
                **portion_record(one),
                "trash_bytes": one.trash,
                "sample_bytes": one.samples,
                "quota_bytes": one.quota,
            }
            for one in use.profiles
        ],
        "engines": [portion_record(one) for one in use.engines],
        "months": [portion_record(one) for one in use.months],
        "linked": {"generations": use.linked.generations, "bytes": use.linked.bytes},
    }


def portion_record(portion: Portion) -> Record:
    """Some generations and the bytes of their files."""
    return {
        "key": portion.key,
        "label": portion.label,
        "generations": portion.generations,
        "bytes": portion.bytes,
    }


def clean_up_record(plan: CleanUpPlan, done: Cleaned | None) -> Record:
    """A clean-up: what goes and why; ``done`` is None where it was only planned.

    ``bytes`` come back when the trash is emptied, ``freed_bytes`` at once.
    """
    return {
        "dry_run": done is None,
        "done": list(plan.ids if done is None else done.ids),
        "bytes": plan.bytes if done is None else done.bytes,
        "purged": list(plan.purged.ids if done is None else done.purged),
        "freed_bytes": plan.purged.bytes if done is None else done.freed,
        "left": 0 if done is None else done.left,
        "still_over_bytes": plan.still_over,
        "parts": [
            {"reasons": list(part.reasons), "generations": len(part.ids), "bytes": part.bytes}
            for part in plan.parts
        ],
        "profiles": [portion_record(portion) for portion in plan.profiles],
        "failed": [],
    }


def policy_record(kept: SavedPolicy | None) -> Record:
    """The policy that a library keeps; ``policy`` is None where it keeps none."""
    if kept is None:
        return {"policy": None, "on": False, "last": None}
    run = kept.last
    last = None
    if run is not None:
        last = {
            "at": to_iso(run.at),
            "moved": run.moved,
            "bytes": run.bytes,
            "purged": run.purged,
            "freed_bytes": run.freed,
            "error": run.error,
        }
    return {"policy": kept.policy.record(), "on": kept.on, "last": last}


def quota_record(quota: Quota) -> Record:
    """A quota and what is used of it, in bytes."""
    return {
        "profile_id": quota.profile_id,
        "profile": quota.profile,
        "bytes": quota.bytes,
        "used": quota.used,
        "over": quota.is_over,
    }
