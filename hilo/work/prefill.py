"""What a handoff's list can fill in by itself, so that nobody types what the thread already knows (SPEC 4.2).

A need of a template names its source (``prefill: order``). A source answers None while the thread does not
know it yet; then the giver completes the line by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hilo.work.models import DocumentVersion, Promise, StepRun


@dataclass(frozen=True, slots=True)
class Prefilled:
    document_version: DocumentVersion | None = None


PREFILLS: dict[str, Callable[[StepRun], Prefilled | None]] = {}


def prefill[F: Callable[[StepRun], Prefilled | None]](code: str) -> Callable[[F], F]:
    """Register a source of answers under the code that templates use."""

    def register(source: F) -> F:
        PREFILLS[code] = source
        return source

    return register


@prefill("order")
def _order(step_run: StepRun) -> Prefilled | None:
    return Prefilled() if step_run.work_item.order_id else None


@prefill("deadline")
def _deadline(step_run: StepRun) -> Prefilled | None:
    """Every offer proposes a date."""
    return Prefilled()


@prefill("previous_step")
def _previous_step(step_run: StepRun) -> Prefilled | None:
    """What the step before has done; known as soon as this one may begin."""
    return Prefilled() if step_run.links_before.exists() else None


@prefill("promises")
def _promises(step_run: StepRun) -> Prefilled | None:
    return Prefilled() if step_run.thread.promises.filter(state=Promise.State.OPEN).exists() else None


@prefill("requirements")
def _requirements(step_run: StepRun) -> Prefilled | None:
    return Prefilled() if step_run.thread.requirements.filter(withdrawn_at__isnull=True).exists() else None


@prefill("purpose")
def _purpose(step_run: StepRun) -> Prefilled | None:
    return Prefilled() if step_run.thread.purpose else None


@prefill("contacts")
def _contacts(step_run: StepRun) -> Prefilled | None:
    people = step_run.thread.customer.contacts.filter(left_at__isnull=True, erased_at__isnull=True)
    return Prefilled() if people.exists() else None


@prefill("approved_document")
def _approved_document(step_run: StepRun) -> Prefilled | None:
    """The version the customer approved last."""
    approved = DocumentVersion.objects.filter(document__thread=step_run.thread_id, approval__isnull=False)
    latest = approved.order_by("-approval__approved_at", "-pk").first()
    return Prefilled(latest) if latest else None
