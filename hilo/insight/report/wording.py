"""The words of a report that more than one of its parts uses: kinds of findings, places, certainty."""

from __future__ import annotations

from enum import StrEnum

from hilo.insight.raw import Role
from hilo.insight.results import FEW, Finding, Kind, LogFacts, Unit
from hilo.insight.speaking import Said, _

_HOURS = (Kind.SLOW_STEP, Kind.SITE_DIFFERENCE, Kind.CUSTOMER_DIFFERENCE)
FEW_CASES = FEW  # below it no ranking, below HIDDEN no figure at all
HIDDEN = 5


def unit_of(finding: Finding) -> Unit:
    if finding.unit is not None:
        return finding.unit
    if finding.kind is Kind.DRIFT:
        return Unit.RATIO
    return Unit.HOURS if finding.kind in _HOURS else Unit.SHARE


KINDS: dict[Kind, Said] = {
    Kind.PING_PONG: _("Back and forth"),
    Kind.BORDER_WAIT: _("Waiting at the border"),
    Kind.SLOW_STEP: _("Slow step"),
    Kind.REWORK: _("Rework"),
    Kind.SKIPPED_STEP: _("Skipped step"),
    Kind.SITE_DIFFERENCE: _("Difference between sites"),
    Kind.CUSTOMER_DIFFERENCE: _("Difference between customers"),
    Kind.SILENCE: _("Silence"),
    Kind.INVOICED_OVER_OPEN_CASE: _("Invoiced over an open case"),
    Kind.LATE: _("Late"),
    Kind.UNFINISHED: _("Left unfinished"),
    Kind.GROWING_BACKLOG: _("Growing queue"),
    Kind.DRIFT: _("Change over time"),
}

ROLES: dict[Role, Said] = {
    Role.CASE: _("Case"),
    Role.ACTIVITY: _("Activity"),
    Role.TIME: _("Time"),
    Role.START: _("Start of the activity"),
    Role.PERSON: _("Person"),
    Role.AREA: _("Area"),
    Role.SITE: _("Site"),
    Role.CUSTOMER: _("Customer"),
    Role.DUE: _("Due date"),
    Role.AMOUNT: _("Amount"),
    Role.LIFECYCLE: _("Start and end mark"),
}

# What a finding of each kind cannot do without. Kinds that are not here need no column of their own.
NEEDS: dict[Kind, Role] = {
    Kind.PING_PONG: Role.AREA,
    Kind.BORDER_WAIT: Role.AREA,
    Kind.SITE_DIFFERENCE: Role.SITE,
    Kind.CUSTOMER_DIFFERENCE: Role.CUSTOMER,
    Kind.LATE: Role.DUE,
}

_WHERE: dict[str, Said] = {
    "from": _("Hands over"),
    "to": _("Receives"),
    "activity": _("Activity"),
    "area": _("Area"),
    "site": _("Site"),
    "customer": _("Customer"),
    "segment": _("Segment"),
    "value": _("Value"),
    "since": _("Since"),
}


def label_of(place: str) -> Said:
    """What a key of ``where`` is called; a segment's key is the log's own column name."""
    return _WHERE.get(place) or _("%(column)s", column=place)


class Certainty(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


CERTAINTIES: dict[Certainty, Said] = {
    Certainty.HIGH: _("High certainty"),
    Certainty.MEDIUM: _("Medium certainty"),
    Certainty.LOW: _("Low certainty"),
}


def certainty_of(finding: Finding) -> Certainty:
    """By how wide the 95 % interval is beside the effect, and by how many cases stand behind it."""
    nothing = 1.0 if unit_of(finding) is Unit.RATIO else 0.0
    low, high = finding.interval
    effect = finding.effect - nothing
    if not effect or low <= nothing <= high:
        return Certainty.LOW
    half = (high - low) / 2 / abs(effect)
    if finding.cases < FEW_CASES:
        return Certainty.LOW if half > 0.5 else Certainty.MEDIUM
    if half <= 0.25:
        return Certainty.HIGH
    return Certainty.MEDIUM if half <= 0.6 else Certainty.LOW


def size_of(log: LogFacts) -> Said:
    return _(
        "%(events)s events, %(cases)s cases · %(begins)s – %(ends)s",
        events=log.events,
        cases=log.cases,
        begins=log.begins,
        ends=log.ends,
    )


def measured_of(finding: Finding) -> Said:
    """What the finding's effect, and the interval beside it, is a figure of."""
    if finding.kind in _MEASURED:
        return _MEASURED[finding.kind]
    return _("of the cases") if unit_of(finding) is Unit.SHARE else _("at the median")


_MEASURED: dict[Kind, Said] = {
    Kind.PING_PONG: _("come back"),
    Kind.BORDER_WAIT: _("are forgotten"),
    Kind.LATE: _("are late"),
    Kind.GROWING_BACKLOG: _("in the queue"),
    Kind.DRIFT: _("against before"),
}


def subject_of(finding: Finding) -> Said:
    """The finding as a few words that a sentence can speak about."""
    where = finding.where
    if finding.subject is not None:
        return finding.subject
    if (source := where.get("from")) and (target := where.get("to")):
        border = _between_areas(finding.kind, source, target)
        rest = next((value for key, value in where.items() if key not in ("from", "to")), None)
        return _("%(what)s, in %(place)s", what=border, place=rest) if rest else border
    if finding.kind in _OF_PLACE and where:
        key, place = _telling_place(finding)
        return _OF_PLACE[finding.kind](key, place)
    return _ALONE[finding.kind]


def _between_areas(kind: Kind, source: str, target: str) -> Said:
    if kind is Kind.PING_PONG:
        return _("work going back and forth between %(a)s and %(b)s", a=source, b=target)
    if kind is Kind.BORDER_WAIT:
        return _("handovers from %(a)s to %(b)s", a=source, b=target)
    if kind is Kind.SITE_DIFFERENCE:
        return _("the extra wait from %(a)s to %(b)s", a=source, b=target)
    return _("%(kind)s from %(a)s to %(b)s", kind=_ALONE[kind], a=source, b=target)


def _telling_place(finding: Finding) -> tuple[str, str]:
    """A difference is told by who differs; anything else by the step it happens at."""
    first = {
        Kind.SITE_DIFFERENCE: ("site",),
        Kind.CUSTOMER_DIFFERENCE: ("customer",),
    }.get(finding.kind, ("activity", "area", "site", "customer"))
    for key in first:
        if key in finding.where:
            return key, finding.where[key]
    return next(iter(finding.where.items()))


_OF_PLACE = {
    Kind.PING_PONG: lambda key, place: _("work going back and forth in %(place)s", place=place),
    Kind.BORDER_WAIT: lambda key, place: _("handovers to %(place)s", place=place),
    Kind.SLOW_STEP: lambda key, place: _("the step “%(place)s”", place=place),
    Kind.REWORK: lambda key, place: _("doing “%(place)s” more than once", place=place),
    Kind.SKIPPED_STEP: lambda key, place: _("skipping “%(place)s”", place=place),
    Kind.SITE_DIFFERENCE: lambda key, place: _("the extra wait at %(place)s", place=place),
    Kind.CUSTOMER_DIFFERENCE: lambda key, place: _("the extra wait of %(place)s", place=place),
    Kind.SILENCE: lambda key, place: _("silence at “%(place)s”", place=place),
    Kind.UNFINISHED: lambda key, place: _("cases left unfinished in %(place)s", place=place),
    Kind.LATE: lambda key, place: _("what is delivered late in %(place)s", place=place),
    Kind.GROWING_BACKLOG: lambda key, place: _("the queue that grows in %(place)s", place=place),
    Kind.DRIFT: lambda key, place: _("the change in how the work runs in %(place)s", place=place),
    Kind.INVOICED_OVER_OPEN_CASE: lambda key, place: _(
        "invoices sent over an open case in %(place)s", place=place
    ),
}

_ALONE: dict[Kind, Said] = {
    Kind.PING_PONG: _("work going back and forth"),
    Kind.BORDER_WAIT: _("handovers between areas"),
    Kind.SLOW_STEP: _("a slow step"),
    Kind.REWORK: _("work done more than once"),
    Kind.SKIPPED_STEP: _("a skipped step"),
    Kind.SITE_DIFFERENCE: _("the difference between sites"),
    Kind.CUSTOMER_DIFFERENCE: _("the difference between customers"),
    Kind.SILENCE: _("silence towards the customer"),
    Kind.INVOICED_OVER_OPEN_CASE: _("invoices sent over an open case"),
    Kind.LATE: _("what is delivered late"),
    Kind.UNFINISHED: _("cases left unfinished"),
    Kind.GROWING_BACKLOG: _("a queue that grows"),
    Kind.DRIFT: _("a change in how the work runs"),
}
