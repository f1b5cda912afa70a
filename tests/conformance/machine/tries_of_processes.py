"""Drafts changed step by step, processes as BPMN, running work moved to another version."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q

from hilo.work.bpmn.writing import write_bpmn
from hilo.work.models import ProcessTemplate, TemplateVersion, Thread
from hilo.work.template_rows import text_of
from hilo.work.template_rules import StepText
from hilo.work.version_moves import movable_items, standings_of
from tests.conformance.machine.world import Call, World, tries

DRAFT = Q(state="draft")


@tries("work.drafting.begin_process")
def begin_process(w: World) -> Call:
    code = w.pick.one(("alta", "puesta-en-marcha", "Ñ", "branches"))
    return w.call(code=code, name=w.words("Alta"), kind=w.pick.one(("service", "x")), by=w.administrator())


@tries("work.templates.rename_process")
def rename_process(w: World) -> Call:
    template = w.row(ProcessTemplate.objects.all())
    return w.call(template, name=w.words("Puesta en marcha"), seen=w.seen(template), by=w.administrator())


@tries("work.drafting.begin_draft")
def begin_draft(w: World) -> Call:
    return w.call(w.row(TemplateVersion.objects.all()), by=w.administrator())


@tries("work.drafting.draft_from_bpmn")
def draft_from_bpmn(w: World) -> Call:
    version = w.row(TemplateVersion.objects.all())
    content = write_bpmn(text_of(version), {}) if w.pick.in_ten(7) else b"<process/>"
    return w.call(content, kind="service", by=w.administrator())


@tries("work.drafting.add_draft_step")
def add_draft_step(w: World) -> Call:
    draft = w.row(TemplateVersion.objects.all(), DRAFT)
    keys = [step.key for step in text_of(draft).steps]
    after = (w.pick.one(keys),) if keys and w.pick.in_ten(7) else ()
    name = f"Paso {draft.version}" if w.pick.in_ten(8) else ""
    step = StepText(key="", name=name, area=w.area().code, target_minutes=480, after=after)
    return w.call(draft, step=step, seen=w.seen(draft), by=w.administrator())


@tries("work.drafting.change_draft_step")
def change_draft_step(w: World) -> Call:
    draft = w.row(TemplateVersion.objects.all(), DRAFT & Q(steps__isnull=False))
    steps = text_of(draft).steps
    one = w.pick.one(steps) if steps else StepText(key="x", name="x", area="x", target_minutes=1)
    after = one.after if w.pick.in_ten(5) or not steps else (w.pick.one(steps).key,)
    becomes = replace(one, name=f"{one.name} bis"[-100:], after=after)
    return w.call(draft, key=one.key, becomes=becomes, seen=w.seen(draft), by=w.administrator())


@tries("work.drafting.move_draft_step")
def move_draft_step(w: World) -> Call:
    draft, key = _step(w)
    return w.call(draft, key=key, to=w.pick.one((1, 2, 3, 9)), seen=w.seen(draft), by=w.administrator())


@tries("work.drafting.remove_draft_step")
def remove_draft_step(w: World) -> Call:
    draft, key = _step(w)
    return w.call(draft, key=key, seen=w.seen(draft), by=w.administrator())


def _step(w: World) -> tuple[TemplateVersion, str]:
    draft = w.row(TemplateVersion.objects.all(), DRAFT & Q(steps__isnull=False))
    keys = [step.key for step in text_of(draft).steps]
    return draft, w.pick.one(keys) if keys else "gone"


@tries("work.moving_versions.move_to_version")
def move_to_version(w: World) -> Call:
    version = w.row(TemplateVersion.objects.all(), Q(state="published"))
    movable = movable_items(version).filter(thread__state="open").values("thread")
    thread = w.row(Thread.objects.all(), Q(pk__in=movable))
    seen = standings_of([thread.pk])[thread.pk] - (not w.pick.in_ten(8))
    return w.call(thread, version=version, seen=seen, by=w.administrator())
