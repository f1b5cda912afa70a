"""The sentences of findings, after the model sentences of the design. Each begins with a figure or a name, so
that it reads on after the place it is about."""

from __future__ import annotations

from datetime import UTC, datetime

from hilo.insight.findings.candidate import Candidate
from hilo.insight.findings.ground import Ground, Side
from hilo.insight.findings.shares import Spot
from hilo.insight.log import EventLog
from hilo.insight.speaking import Fact, Said, Share, _

__all__ = ["Candidate", "at_place", "day", "placed", "share", "spot_facts"]


def at_place(side: Side, value: int) -> Said | str:
    name = side.names[value]
    return (
        name
        if side.role in ("site", "customer")
        else _("%(column)s “%(value)s”", column=side.role, value=name)
    )


def placed(fact: Said, side: Side | None, value: int) -> Said:
    """The sentence, said of its segment where it has one."""
    if side is None:
        return fact
    return _("In %(scope)s: %(fact)s", scope=at_place(side, value), fact=fact)


def share(value: float) -> Share:
    """With a decimal where a whole percent would hide it."""
    return Share(value, 1 if value < 0.1 else 0)


def spot_facts(spot: Spot) -> dict[str, Fact]:
    return {"k": spot.k, "n": spot.n, "usual": share(spot.usual)}


def day(ground: Ground, hours: float) -> datetime:
    return moment(ground.log, hours)


def moment(log: EventLog, hours: float) -> datetime:
    micros = int(log.time.min()) + int(hours * 3_600_000_000)
    return datetime.fromtimestamp(micros / 1e6, UTC)
