"""One cause, one finding: of those that say the same of the same place, the one that says most stays."""

from __future__ import annotations

from collections.abc import Sequence

from hilo.insight.findings.candidate import Candidate
from hilo.insight.results import Kind

AT_BORDERS = (Kind.BORDER_WAIT, Kind.SITE_DIFFERENCE)
SLOW_ALL_OVER = (Kind.SITE_DIFFERENCE, Kind.CUSTOMER_DIFFERENCE, Kind.DRIFT)
OF_PARTS = (Kind.BORDER_WAIT, Kind.SLOW_STEP, Kind.SITE_DIFFERENCE)


def merged(candidates: Sequence[Candidate]) -> list[Candidate]:
    return [
        found
        for found in candidates
        if not any(other is not found and _says_more(other, found) for other in candidates)
    ]


def _says_more(other: Candidate, found: Candidate) -> bool:
    return (
        _slower_since_a_week(other, found)
        or _slow_in_all_it_does(other, found)
        or _waits_in_a_queue_that_grows(other, found)
        or _grows_because_work_is_slower(other, found)
        or _same_border(other, found)
        or _same_step(other, found)
    )


def _slower_since_a_week(other: Candidate, found: Candidate) -> bool:
    is_site = found.kind == Kind.SITE_DIFFERENCE and not found.about
    return is_site and other.kind == Kind.DRIFT and other.segment == found.segment


def _slow_in_all_it_does(other: Candidate, found: Candidate) -> bool:
    is_slow = other.kind in SLOW_ALL_OVER and not other.about
    return is_slow and found.kind in OF_PARTS and bool(found.about) and other.segment == found.segment


def _waits_in_a_queue_that_grows(other: Candidate, found: Candidate) -> bool:
    """A whole queue covers its segments, and a segment's queue whatever mixes it with the rest."""
    if other.kind != Kind.GROWING_BACKLOG or found.kind not in AT_BORDERS:
        return False
    covers = None in (other.segment, found.segment) or other.segment == found.segment
    return found.about.get("to") == other.about["area"] and covers


def _grows_because_work_is_slower(other: Candidate, found: Candidate) -> bool:
    """What takes longer than it did fills the area that does it; that is no lack of hands."""
    if found.kind != Kind.GROWING_BACKLOG or other.segment not in (None, found.segment):
        return False
    return other.kind == Kind.DRIFT or (
        other.kind == Kind.SLOW_STEP and other.segment is None and other.inside == found.about["area"]
    )


def _same_border(other: Candidate, found: Candidate) -> bool:
    if {found.kind, other.kind} != set(AT_BORDERS) or found.where != other.where:
        return False
    return (other.cost, other.kind == Kind.BORDER_WAIT) > (found.cost, found.kind == Kind.BORDER_WAIT)


def _same_step(other: Candidate, found: Candidate) -> bool:
    is_slow = found.kind == other.kind == Kind.SLOW_STEP
    return is_slow and found.about == other.about and other.cost > found.cost
