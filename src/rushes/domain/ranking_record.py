"""A stored comparison as a plain record for JSON."""

from __future__ import annotations

from rushes.domain.judging import Judging
from rushes.domain.record import Record
from rushes.domain.times import to_iso


def judging_record(judging: Judging) -> Record:
    """A comparison; ``order``, ``winner``, ``kept`` and ``asks`` are places, sides bear theirs.

    ``order`` has groups of equal places, the best first, and is null until it stands; ``chance``
    is the probability that its first is the best, where one answer in ten is wrong. ``most`` is
    how many decisions it takes at most. Times are ISO 8601 with Z.
    """
    ranking = judging.ranking
    standing = ranking.standing
    asks = standing.asks
    decided, kept = judging.decided_at, judging.kept_at
    return {
        "id": judging.id,
        "mode": ranking.mode.value,
        "blind": ranking.blind,
        "makes_sure": ranking.makes_sure,
        "is_open": judging.is_open,
        "created_at": to_iso(judging.created_at),
        "decided_at": None if decided is None else to_iso(decided),
        "kept_at": None if kept is None else to_iso(kept),
        "sides": [
            {
                "place": place,
                "generation_id": side.generation_id,
                "version_id": side.version_id,
                "state": state.value,
            }
            for place, (side, state) in enumerate(zip(ranking.sides, judging.states, strict=True))
        ],
        "decisions": [
            {"one": each.one, "other": each.other, "outcome": each.outcome.name.lower()}
            for each in ranking.decisions
        ],
        "most": standing.most,
        "asks": None if asks is None else [asks.one, asks.other],
        "order": [list(group) for group in standing.order] if ranking.stands else None,
        "winner": ranking.winner,
        "chance": standing.chance,
        "kept": judging.kept_place,
    }
