"""Runs one command and judges the outcome: accepted with a trace in the ledger, or refused without any."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction

from hilo.errors import RuleViolation
from hilo.ledger.command import COMMANDS
from hilo.ledger.models import LedgerEvent
from hilo.ledger.registry import EVENT_KINDS
from tests.conformance import invariants
from tests.conformance.invariants import InvariantBroken
from tests.conformance.machine.fingerprint import fingerprint


@dataclass
class Coverage:
    """How often each command was accepted and refused, and which kinds of event each recorded."""

    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    recorded: dict[str, set[str]] = field(default_factory=dict)

    @property
    def never_accepted(self) -> set[str]:
        return set(COMMANDS) - set(self.accepted)

    @property
    def never_refused(self) -> set[str]:
        return set(COMMANDS) - set(self.refused)


@dataclass
class Refused:
    """Told apart from what a command returns."""

    sentence: str


class Driver:
    """``checking`` is off only where the database is being prepared."""

    def __init__(self, coverage: Coverage | None = None, *, checking: bool = True) -> None:
        self.coverage = coverage or Coverage()
        self.checking = checking

    def run(self, name: str, /, *args: object, **facts: object) -> object:
        """What the command returned, or ``Refused``; anything else a command raises is a fault of Hilo's."""
        before, newest = fingerprint(), _newest_event()
        try:
            with transaction.atomic():
                result = COMMANDS[name].function(*args, **facts)
        except RuleViolation as refusal:
            self._refused(name, refusal, changed=fingerprint() != before)
            return Refused(str(refusal))
        self._accepted(name, newest, changed=fingerprint() != before)
        if self.checking:
            invariants.check(facts["now"] if "now" in facts else args[-1])
        return result

    def _refused(self, name: str, refusal: RuleViolation, *, changed: bool) -> None:
        self.coverage.refused[name] += 1
        if changed:
            raise InvariantBroken([f"{name} was refused and changed something"])
        if not str(refusal).rstrip().endswith((".", "?")):
            raise InvariantBroken([f"{name} was refused without a sentence: {refusal}"])

    def _accepted(self, name: str, newest: int, *, changed: bool) -> None:
        kinds = set(LedgerEvent.objects.filter(id__gt=newest).values_list("kind", flat=True))
        if unknown := kinds - set(EVENT_KINDS):
            raise InvariantBroken([f"{name} recorded {sorted(unknown)}, which nobody registered"])
        if not kinds and (changed or not COMMANDS[name].may_do_nothing):
            raise InvariantBroken([f"{name} was accepted and left no history"])
        if kinds:
            self.coverage.accepted[name] += 1
            self.coverage.recorded.setdefault(name, set()).update(kinds)


def _newest_event() -> int:
    return LedgerEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
