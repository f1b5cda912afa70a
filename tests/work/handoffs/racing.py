"""What each process of the race does; see test_race."""

from __future__ import annotations

from datetime import datetime

from hilo.parties.actor import actor_for
from hilo.parties.models import Person
from hilo.work.commands.handoffs import accept_handoff, accept_with_conditions, return_handoff
from hilo.work.models import Handoff


def answer(handoff: int, person: int, seen: int, how: str, now: str) -> str:
    moment = datetime.fromisoformat(now)
    row = Handoff.objects.get(pk=handoff)
    by = actor_for(Person.objects.get(pk=person), now=moment, door="web")
    if how == "accept":
        accept_handoff(row, read_back="Hecho el lunes", seen=seen, by=by, now=moment)
    elif how == "return":
        return_handoff(row, reason="not_ours", comment="No es nuestro", seen=seen, by=by, now=moment)
    else:
        due = row.proposed_due.replace(day=row.proposed_due.day - 1)
        accept_with_conditions(
            row, due=due, conditions="Antes", read_back="Antes", seen=seen, by=by, now=moment
        )
    return how
