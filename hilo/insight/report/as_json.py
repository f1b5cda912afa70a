"""The diagnosis as plain data, after docs/diagnose-json.md and schema.json beside this file."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from hilo.insight.report.wording import unit_of
from hilo.insight.results import (
    Charted,
    Conformance,
    Diagnosis,
    Durations,
    Finding,
    Group,
    Handovers,
    Lateness,
    LogFacts,
    Measures,
    Queue,
    StepTime,
    Taken,
    UnitPair,
)
from hilo.insight.speaking import speak

VERSION = 1

type Json = dict[str, Any]


def to_json(diagnosis: Diagnosis, lang: str) -> Json:
    """Sentences in ``lang``, everything else alike in every language; every number is finite."""
    measures = diagnosis.measures
    return {
        "version": VERSION,
        "lang": lang,
        "log": _log(diagnosis.log, lang),
        "mapping": {role.value: _taken(taken, lang) for role, taken in diagnosis.mapping.items()},
        **_flow(measures),
        **_between(measures),
        **_compared(measures, lang),
        "findings": [_finding(finding, lang) for finding in diagnosis.findings],
        "timings": {phase: finite(seconds) for phase, seconds in diagnosis.timings.items()},
    }


def json_text(diagnosis: Diagnosis, lang: str) -> str:
    """One line, fit for a file in UTF-8 whatever the log's names hold."""
    written = json.dumps(to_json(diagnosis, lang), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return written.encode("utf-8", "replace").decode()


def finite(value: float | None) -> float | None:
    """Six decimals: a microsecond of a second, a tenth of a second of a day."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), 6)


def _range(pair: Iterable[float] | None) -> list[float | None] | None:
    return None if pair is None else [finite(end) for end in pair]


def _log(log: LogFacts, lang: str) -> Json:
    return {
        "cases": log.cases,
        "events": log.events,
        "activities": log.activities,
        "people": log.people,
        "areas": log.areas,
        "sites": log.sites,
        "customers": log.customers,
        "from": log.begins.isoformat(),
        "to": log.ends.isoformat(),
        "files": [
            {"name": file.name, "format": file.format, "rows": file.rows, "refused": file.refused}
            for file in log.files
        ],
        "notes": [speak(note, lang) for note in log.notes],
    }


def _taken(taken: Taken, lang: str) -> Json:
    return {
        "column": taken.column,
        "certainty": finite(taken.certainty),
        "chosen": taken.chosen,
        "why": speak(taken.why, lang),
        "rivals": list(taken.rivals),
    }


def _flow(measures: Measures) -> Json:
    working = measures.working_durations
    return {
        "durations_days": _durations(measures.durations),
        "working_durations_days": _durations(working) if working else None,
        "variants": {
            "count": measures.variants.count,
            "top": [
                {"activities": list(one.activities), "count": one.count} for one in measures.variants.top
            ],
        },
        "directly_follows": [
            {"from": step.source, "to": step.target, **_counted(step.count, step.cases, step)}
            for step in measures.follows
        ],
        "starts": dict(measures.starts),
        "ends": dict(measures.ends),
        "rework": [{"activity": one.activity, "cases": one.cases} for one in measures.rework],
    }


def _durations(durations: Durations) -> Json:
    return {
        "mean": finite(durations.mean),
        "median": finite(durations.median),
        "p90": finite(durations.p90),
        "max": finite(durations.max),
    }


def _counted(count: int, cases: int, timed: Any) -> Json:
    return {
        "count": count,
        "cases": cases,
        "mean_h": finite(timed.mean_h),
        "median_h": finite(timed.median_h),
    }


def _between(measures: Measures) -> Json:
    return {
        "handovers": _handovers(measures.handovers),
        "handovers_people": _handovers(measures.handovers_people),
        "steps": [_step(step) for step in measures.steps],
        "areas": [_step(area) for area in measures.areas],
    }


def _handovers(handovers: Handovers | None) -> Json | None:
    if handovers is None:
        return None
    return {
        "count": handovers.count,
        "cases": handovers.cases,
        "ordered_pairs": handovers.ordered_pairs,
        "pairs": [_pair(pair) for pair in handovers.pairs],
        "ping_pong": {
            "count": handovers.ping_pong_count,
            "cases": handovers.ping_pong_cases,
            "pairs": [_pair(pair) for pair in handovers.ping_pong_pairs],
        },
        "returns": {"count": handovers.returns_count, "cases": handovers.returns_cases},
    }


def _pair(pair: UnitPair) -> Json:
    return {"from": pair.source, "to": pair.target, **_counted(pair.count, pair.cases, pair)}


def _step(step: StepTime) -> Json:
    return {
        "name": step.name,
        "count": step.count,
        "median_before_h": finite(step.median_before_h),
        "mean_before_h": finite(step.mean_before_h),
        "p90_before_h": finite(step.p90_before_h),
        "total_before_h": finite(step.total_before_h),
        "median_inside_h": finite(step.median_inside_h),
        "total_inside_h": finite(step.total_inside_h),
    }


def _compared(measures: Measures, lang: str) -> Json:
    return {
        "sites": _groups(measures.sites),
        "customers": _groups(measures.customers),
        "segments": {name: _groups(groups) for name, groups in measures.segments.items()},
        "charts": [_chart(chart, lang) for chart in measures.charts],
        "queue": _queue(measures.queue) if measures.queue else None,
        "lateness": _lateness(measures.lateness) if measures.lateness else None,
        "conformance": _conformance(measures.conformance, lang) if measures.conformance else None,
    }


def _groups(groups: Iterable[Group]) -> list[Json]:
    return [
        {
            "name": group.name,
            "cases": group.cases,
            "median_days": finite(group.median_days),
            "interval_days": _range(group.interval_days),
            "effect": finite(group.effect),
            "q": finite(group.q),
        }
        for group in groups
    ]


def _chart(chart: Charted, lang: str) -> Json:
    return {
        "name": speak(chart.name, lang),
        "starts": [start.isoformat() for start in chart.starts],
        "values": [finite(value) for value in chart.values],
        "centre": finite(chart.centre),
        "lower": finite(chart.lower),
        "upper": finite(chart.upper),
        "provisional": chart.is_provisional,
        "outside": [int(place) for place in chart.outside],
        "runs": [int(place) for place in chart.runs],
    }


def _queue(queue: Queue) -> Json:
    return {
        "starts": [start.isoformat() for start in queue.starts],
        "arrived": list(queue.arrived),
        "finished": list(queue.finished),
        "open": list(queue.open),
    }


def _lateness(lateness: Lateness) -> Json:
    return {
        "due": lateness.due,
        "late": lateness.late,
        "open_past_due": lateness.open_past_due,
        "share": finite(lateness.share),
        "interval": _range(lateness.interval),
        "median_late_h": finite(lateness.median_late_h),
    }


def _conformance(conformance: Conformance, lang: str) -> Json:
    return {
        "against": speak(conformance.against, lang),
        "conforming_cases": conformance.conforming_cases,
        "skipped": [{"activity": activity, "cases": n} for activity, n in conformance.skipped],
        "unexpected": [{"activity": activity, "cases": n} for activity, n in conformance.unexpected],
        "out_of_order": [
            {"first": first, "then": then, "cases": n} for first, then, n in conformance.out_of_order
        ],
    }


def _finding(finding: Finding, lang: str) -> Json:
    where: Mapping[str, str] = finding.where
    return {
        "kind": finding.kind.value,
        "where": dict(where),
        "cases": finding.cases,
        "effect": finite(finding.effect),
        "unit": unit_of(finding).value,
        "interval": _range(finding.interval),
        "n": finding.n,
        "cost_hours": finite(finding.cost_hours),
        "cost_hours_interval": _range(finding.cost_interval),
        "money": finite(finding.money),
        "text": speak(finding.text, lang),
        "on_monday": speak(finding.on_monday, lang),
        "evidence": list(finding.evidence),
    }
