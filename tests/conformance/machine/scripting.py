"""Says one command after the other, by people who read the page a moment ago."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.db.models import Model

from hilo.parties.actor import Actor, actor_for
from hilo.parties.models import Person
from hilo.quality.jobs.clocks import run_case_clocks
from hilo.work.jobs.clocks import run_clocks
from hilo.work.models import (
    Thread,
)
from tests.conformance import invariants
from tests.conformance.machine.driver import Driver, Refused
from tests.conformance.machine.world import MARK, Cast
from tests.factories.parties import NOW

CURRENT = object()  # "the version as it is now", of the first argument
PASSWORD, NEXT_PASSWORD = "cabo-suelto-y-nudo", "otro-nudo-marinero"


def typed(text: str) -> str:
    return f"{text} {MARK}"


class Script:
    def __init__(self, driver: Driver, people: Cast) -> None:
        self.driver, self.people, self.now = driver, people, NOW + timedelta(hours=1)

    def actor(self, person: Person) -> Actor:
        return actor_for(Person.objects.get(pk=person.pk), now=self.now, door="web")

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def ahead(self, days: float = 5) -> Any:
        return self.now + timedelta(days=days)

    def _run(self, name: str, args: tuple[object, ...], facts: dict[str, object]) -> object:
        self.later(minutes=1)
        for row in args:
            if isinstance(row, Model):  # what a page shows was read a moment ago
                row.refresh_from_db()
        given: dict[str, object] = {"now": self.now, **facts}
        if given.get("seen") is CURRENT:
            row: Any = args[0]
            given["seen"] = type(row)._default_manager.values_list("version", flat=True).get(pk=row.pk)
        if isinstance(given.get("by"), Person):
            given["by"] = self.actor(cast(Person, given["by"]))
        return self.driver.run(name, *args, **given)

    def refused(self, name: str, /, *args: object, **facts: object) -> None:
        outcome = self._run(name, args, facts)
        assert isinstance(outcome, Refused), f"{name} should have been refused"

    def accepted(self, name: str, /, *args: object, **facts: object) -> Any:
        outcome = self._run(name, args, facts)
        assert not isinstance(outcome, Refused), f"{name}: {outcome}"
        return outcome

    def both(self, name: str, /, *args: object, once: bool = False, **facts: object) -> Any:
        """Refused to the auditor, accepted from whose it is; ``once``: and refused when sent again."""
        self.refused(name, *args, **{**facts, "by": self.people.auditor})
        result = self.accepted(name, *args, **facts)
        if once:
            self.refused(name, *args, **facts)
        return result

    def time_passes(self, **delta: float) -> None:
        self.later(**delta)
        run_clocks(self.now)
        run_case_clocks(self.now)
        invariants.check(self.now, clock_ran=True)


def opened(s: Script, version: Any, kind: str, customer: Any = None) -> Thread:
    p = s.people
    facts = {"customer": customer or p.customer, "title": typed(kind), "kind": kind, "owner": p.seller}
    thread = s.accepted("work.threads.open_thread", template_version=version, by=p.seller, **facts)
    return cast(Thread, thread)
