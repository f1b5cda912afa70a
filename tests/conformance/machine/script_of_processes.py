"""The chapter about a process that is changed while a thread runs on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hilo.work.bpmn.writing import write_bpmn
from hilo.work.template_rows import text_of
from hilo.work.template_rules import StepText
from hilo.work.version_moves import standings_of
from tests.conformance.machine.scripting import CURRENT, Script, opened, typed


def a_process_changes(s: Script, version: Any) -> None:
    by = s.people.administrator
    thread = opened(s, version, "first_of_kind")
    draft = s.both("work.drafting.begin_draft", version, once=True, by=by)
    after = text_of(draft).steps[-1].key
    step = StepText(key="", name="Pintar", area="production", target_minutes=480, after=(after,))
    s.both("work.drafting.add_draft_step", draft, step=step, once=True, seen=CURRENT, by=by)
    pintar = text_of(draft).steps[-1]
    becomes = replace(pintar, target_minutes=960)
    facts = {"key": "pintar", "seen": CURRENT, "by": by}
    s.both("work.drafting.change_draft_step", draft, once=True, becomes=becomes, **facts)
    s.both("work.drafting.move_draft_step", draft, once=True, to=1, **facts)
    s.both("work.drafting.remove_draft_step", draft, once=True, **facts)
    s.accepted("work.drafting.add_draft_step", draft, step=step, seen=CURRENT, by=by)
    s.both("work.drafting.draft_from_bpmn", write_bpmn(text_of(draft), {}), kind="service", by=by)
    s.both("work.drafting.begin_process", code="marcha", name="Marcha", kind="service", once=True, by=by)
    called = {"name": typed("Línea nueva"), "seen": CURRENT, "by": by}
    s.both("work.templates.rename_process", draft.template, **called)
    s.accepted("work.templates.publish_version", draft, seen=CURRENT, by=by)
    seen = standings_of([thread.pk])[thread.pk]
    s.both("work.moving_versions.move_to_version", thread, once=True, version=draft, seen=seen, by=by)
