"""What a why can point at in Hilo: it stands on a thread of the analysis, or it would show elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Model
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.quality.models import Case
from hilo.work.models import Document, Handoff, Note, Promise, StepRun, Update

EVIDENCE: dict[str, type[Model]] = {
    "document": Document,
    "handoff": Handoff,
    "note": Note,
    "promise": Promise,
    "step_run": StepRun,
    "update": Update,
}


def refuse_foreign_evidence(kind: str, pk: int | None, cases: Sequence[Case]) -> None:
    if not kind and pk is None:
        return
    model = EVIDENCE.get(kind)
    threads = {case.thread_id for case in cases}
    if model is None or not model._default_manager.filter(pk=pk, thread__in=threads).exists():
        raise RuleViolation(_("Choose something of this thread as evidence."), field="evidence")
