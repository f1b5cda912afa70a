"""A draft edited step by step: each change is checked by the rules that its text would be (SPEC 3.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import TypedDict

from django.db.models import ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, record
from hilo.parties import texts
from hilo.parties.actor import Actor
from hilo.parties.permissions import require
from hilo.work.bpmn.reading import read_bpmn
from hilo.work.commands.templates import copy_as_draft, keep_as_draft
from hilo.work.events.templates import (
    TemplateDrafted,
    TemplateStepAdded,
    TemplateStepChanged,
    TemplateStepMoved,
    TemplateStepRemoved,
)
from hilo.work.models import ProcessTemplate, TemplateVersion, Thread
from hilo.work.template_rows import area_codes, text_of, write_steps
from hilo.work.template_rules import Fault, StepText, TemplateText, faults_of

_NO_DRAFT = gettext_lazy("Only a draft can be changed. Begin a draft from it.")
LONGEST_KEY = 40


# Beginning ------------------------------------------------------------------------------------------------


@command
def begin_process(
    *, code: str, name: str, kind: str, runs_per_order: bool = False, by: Actor, now: datetime
) -> TemplateVersion:
    """A process that was not there, with a first draft that has no step yet."""
    require(by, "template.manage")
    called = texts.line(name, field="name", most=120, missing=_("Give the process a name."))
    texts.one_of(kind, list(Thread.Kind.values), field="kind")
    wanted = texts.code(code or slugify(called)[:LONGEST_KEY], field="code")
    template, is_new = ProcessTemplate.objects.get_or_create(
        code=wanted, defaults={"name": called, "kind": kind, "runs_per_order": runs_per_order}
    )
    if not is_new:
        raise RuleViolation(
            _("“%(process)s” has that code already. Begin a draft of it, or choose another code.")
            % {"process": template.name},
            field="code",
        )
    draft = TemplateVersion.objects.create(template=template, number=1, created_at=now)
    record(TemplateDrafted(subject=Ref("template", template.pk), number=1), by=by, now=now)
    return draft


@command
def begin_draft(version: TemplateVersion, *, by: Actor, now: datetime) -> TemplateVersion:
    """A copy of any version, to be changed; what runs and what is published stay as they are."""
    require(by, "template.manage")
    template = ProcessTemplate.objects.select_for_update().get(pk=version.template_id)
    open_one = open_draft_of(template)
    if open_one is not None:
        raise RuleViolation(
            _("Version %(number)s is a draft already. Go on with it, or retire it first.")
            % {"number": open_one.number}
        )
    return copy_as_draft(version, by=by, now=now)


def open_draft_of(template: ProcessTemplate) -> TemplateVersion | None:
    """The newest draft that is newer than what is published."""
    published = template.versions.filter(state=TemplateVersion.State.PUBLISHED).first()
    newer = template.versions.filter(number__gt=published.number if published else 0)
    return newer.filter(state=TemplateVersion.State.DRAFT).order_by("-number").first()


@command
def draft_from_bpmn(
    content: bytes, *, kind: str, lanes: Mapping[str, str] | None = None, by: Actor, now: datetime
) -> TemplateVersion:
    """A new draft from a BPMN 2.0 file. ``lanes`` says whose a lane is that has no area's name, ``kind`` what
    kind of thread it is for when the file does not say.
    """
    require(by, "template.manage")
    read = read_bpmn(content, area_codes(now), lanes=lanes, kind=kind)
    return keep_as_draft(read.process, by=by, now=now)


# Step by step ---------------------------------------------------------------------------------------------


@command
def add_draft_step(
    draft: TemplateVersion, *, step: StepText, seen: int, by: Actor, now: datetime
) -> TemplateVersion:
    """A step at the end; without a key it gets one from its name, by which later versions know it."""
    key = step.key

    def change(process: TemplateText) -> TemplateText:
        nonlocal key
        key = step.key or _free_key(step.name, {each.key for each in process.steps})
        return replace(process, steps=(*process.steps, replace(step, key=key)))

    _rewrite(draft, change, lambda: key, seen=seen, by=by, now=now)
    record(TemplateStepAdded(**_about(draft), step=key), by=by, now=now)
    return draft


def _free_key(name: str, taken: set[str]) -> str:
    plain = slugify(name)[:LONGEST_KEY].strip("-_") or "paso"
    keys = (plain, *(f"{plain[: LONGEST_KEY - 4]}-{number}" for number in range(2, 999)))
    return next(key for key in keys if key not in taken)


@command
def change_draft_step(
    draft: TemplateVersion, *, key: str, becomes: StepText, seen: int, by: Actor, now: datetime
) -> TemplateVersion:
    """Everything but its key, by which a running thread finds its step in the new version."""

    def change(process: TemplateText) -> TemplateText:
        old = _step_of(process, key)
        new = replace(becomes, key=key)
        return replace(process, steps=tuple(new if each is old else each for each in process.steps))

    old, new = _rewrite(draft, change, lambda: key, seen=seen, by=by, now=now)
    one, other = _step_of(old, key), _step_of(new, key)
    changed = (each.name for each in fields(one) if getattr(one, each.name) != getattr(other, each.name))
    record(TemplateStepChanged(**_about(draft), step=key, fields=tuple(changed)), by=by, now=now)
    return draft


@command
def move_draft_step(
    draft: TemplateVersion, *, key: str, to: int, seen: int, by: Actor, now: datetime
) -> TemplateVersion:
    """Another place in the list, 1 the first: the order people read; when it runs is said by its links."""

    def change(process: TemplateText) -> TemplateText:
        moved = _step_of(process, key)
        others = [each for each in process.steps if each is not moved]
        if not 1 <= to <= len(process.steps) or process.steps[to - 1] is moved:
            raise RuleViolation(_("There is no other place there for this step."), field="to")
        return replace(process, steps=(*others[: to - 1], moved, *others[to - 1 :]))

    _rewrite(draft, change, lambda: key, seen=seen, by=by, now=now)
    record(TemplateStepMoved(**_about(draft), step=key, position=to), by=by, now=now)
    return draft


@command
def remove_draft_step(
    draft: TemplateVersion, *, key: str, seen: int, by: Actor, now: datetime
) -> TemplateVersion:
    """What came after it comes after what it waited for."""

    def change(process: TemplateText) -> TemplateText:
        gone = _step_of(process, key)
        left = (each for each in process.steps if each is not gone)
        return replace(process, steps=tuple(_bridged(each, gone) for each in left))

    _rewrite(draft, change, lambda: key, seen=seen, by=by, now=now)
    record(TemplateStepRemoved(**_about(draft), step=key), by=by, now=now)
    return draft


def _bridged(step: StepText, gone: StepText) -> StepText:
    if gone.key not in step.after:
        return step
    after = dict.fromkeys((*(each for each in step.after if each != gone.key), *gone.after))
    return replace(step, after=tuple(after))


def _step_of(process: TemplateText, key: str) -> StepText:
    found = next((each for each in process.steps if each.key == key), None)
    if found is None:
        raise RuleViolation(_("The draft no longer has this step. Look at it again."), field="key")
    return found


# All of them ----------------------------------------------------------------------------------------------


def _rewrite(
    draft: TemplateVersion,
    change: Callable[[TemplateText], TemplateText],
    key_of: Callable[[], str],
    *,
    seen: int,
    by: Actor,
    now: datetime,
) -> tuple[TemplateText, TemplateText]:
    """The row is locked first: on PostgreSQL the later of two then reads what the earlier one wrote."""
    require(by, "template.manage")
    TemplateVersion.objects.select_for_update().get(pk=draft.pk)
    old = text_of(draft)
    new, faults = faults_of(change(old), _every_area(old, now))
    _refuse_new_faults(faults, faults_of(old, _every_area(old, now))[1], key_of(), bool(new.steps))
    if new == old:
        raise RuleViolation(_("That is what it says already."))
    move(draft, only_if={"state": TemplateVersion.State.DRAFT}, refused=_NO_DRAFT, seen=seen)
    try:
        write_steps(draft, new.steps)
    except ProtectedError:
        raise RuleViolation(
            _("A search for causes points to this step of the draft. Leave it, and begin another draft.")
        ) from None
    return old, new


def _every_area(process: TemplateText, now: datetime) -> dict[str, str]:
    """An area that ended meanwhile does not keep the other steps from being changed; publishing does ask."""
    used = {code for step in process.steps for code in (step.area, *step.consulted, *step.informed)}
    return {**{code: code for code in used}, **area_codes(now)}


def _refuse_new_faults(after: list[Fault], before: list[Fault], key: str, has_steps: bool) -> None:
    old = {(fault.sentence, fault.step) for fault in before if fault.step != key}
    new = [fault for fault in after if (fault.sentence, fault.step) not in old]
    if not has_steps:  # an empty draft is how one begins
        new = [fault for fault in new if fault.step]
    if not new:
        return
    own = [fault for fault in new if fault.step == key] or new
    raise RuleViolation(own[0].as_sentence, field=own[0].field)


class _About(TypedDict):
    subject: Ref
    number: int


def _about(draft: TemplateVersion) -> _About:
    return _About(subject=Ref("template", draft.template_id), number=draft.number)
