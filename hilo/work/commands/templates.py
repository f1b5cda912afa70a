"""Processes: drafted from text, published, retired; what a kind of thread is meant to run (SPEC 3.1, 3.2)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, record, seal
from hilo.parties import texts
from hilo.parties.actor import Actor
from hilo.parties.changing import change
from hilo.parties.permissions import require
from hilo.unchanged import Remembered
from hilo.work.events.templates import (
    TemplateAmended,
    TemplateDrafted,
    TemplatePublished,
    TemplateRenamed,
    TemplateRetired,
)
from hilo.work.models import ProcessTemplate, Step, StepLink, TemplateVersion
from hilo.work.sides import require_in_force
from hilo.work.template_rows import area_codes, text_of, write_steps
from hilo.work.template_rules import MOST_LINES, without_place
from hilo.work.template_text import FaultyTemplate, TemplateText, parse_template, write_template

_NO_DRAFT = gettext_lazy("Only a draft can be changed. Write the change as a new draft.")
_NO_PROCESS = gettext_lazy("This process is no longer there.")
SEEDS = Path(__file__).resolve().parent.parent / "templates_seed"


@command
def draft_template(yaml_text: str, *, by: Actor, now: datetime) -> TemplateVersion:
    """A new draft version; a code not seen before begins a new process. Running threads do not notice."""
    require(by, "template.manage")
    return keep_as_draft(parse_template(yaml_text, area_codes(now)), by=by, now=now)


def keep_as_draft(read: TemplateText, *, by: Actor, now: datetime) -> TemplateVersion:
    """Part of a command that read a process from a text of any kind."""
    template = _template_of(read, by=by, now=now)
    number = (template.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = TemplateVersion.objects.create(template=template, number=number, created_at=now)
    write_steps(version, read.steps)
    record(TemplateDrafted(subject=Ref("template", template.pk), number=number), by=by, now=now)
    return version


def _template_of(read: TemplateText, *, by: Actor, now: datetime) -> ProcessTemplate:
    template, is_new = ProcessTemplate.objects.get_or_create(
        code=read.code,
        defaults={"name": read.name, "kind": read.kind, "runs_per_order": read.runs_per_order},
    )
    if not is_new and (template.kind, template.runs_per_order) != (read.kind, read.runs_per_order):
        raise FaultyTemplate(
            [
                _("“%(code)s” is a process of another kind: give this one a code of its own.")
                % {"code": read.code}
            ]
        )
    if template.name != read.name:
        _rename(template, read.name, seen=None, by=by, now=now)
    return template


@command(may_do_nothing=True)
def rename_process(template: ProcessTemplate, *, name: str, seen: int, by: Actor, now: datetime) -> None:
    """In all its versions, for what runs on it too: history names it by number, a screen by today's name."""
    require(by, "template.manage")
    called = texts.line(name, field="name", most=120, missing=_("Give the process a name."))
    _rename(template, called, seen=seen, by=by, now=now)


def _rename(template: ProcessTemplate, name: str, *, seen: int | None, by: Actor, now: datetime) -> None:
    template.refresh_from_db()
    old = template.name
    if change(template, {"name": name}, only_if={}, refused=_NO_PROCESS, seen=seen):
        renamed = TemplateRenamed(subject=Ref("template", template.pk), old=seal(old), new=seal(name))
        record(renamed, by=by, now=now)


AMENDED = ("needs", "exit_checklist", "advice_hints")


@command
def amend_draft(
    template: ProcessTemplate, *, step_key: str, where: str, line: str, key: str, by: Actor, now: datetime
) -> TemplateVersion:
    """Add one line to a step of the next draft; without a draft, one is copied from what is published.

    Whoever learns something proposes it here; publishing stays with the administrator. In ``needs`` the line
    stands under ``key``, required: a handoff without it, or without saying why, cannot be offered.
    """
    require(by, "template.propose")
    ProcessTemplate.objects.select_for_update().get(pk=template.pk)
    words = texts.line(line, field="text", most=200, missing=_("Say in one line what to look at."))
    texts.one_of(where, list(AMENDED), field="where")
    draft = _next_draft(template, by=by, now=now)
    step = draft.steps.filter(key=step_key).first()
    if step is None:
        raise RuleViolation(
            _("The next draft of “%(process)s” no longer has this step. Choose another one.")
            % {"process": template.name},
            field="step_key",
        )
    lines = [
        *getattr(step, where),
        {"key": key, "text": words, "required": True} if where == "needs" else words,
    ]
    _refuse_lines(step, where, words, key)
    Step.objects.filter(pk=step.pk).update(**{where: lines})
    move(draft, only_if={"state": TemplateVersion.State.DRAFT}, refused=_NO_DRAFT)
    record(
        TemplateAmended(
            subject=Ref("template", template.pk), number=draft.number, step=step.key, where=where, key=key
        ),
        by=by,
        now=now,
    )
    return draft


def _refuse_lines(step: Step, where: str, words: str, key: str) -> None:
    lines = getattr(step, where)
    said = [each["text"] if where == "needs" else each for each in lines]
    if words.casefold() in (each.casefold() for each in said):
        raise RuleViolation(_("This step has that line already."), field="text")
    if where == "needs" and key in (each["key"] for each in lines):
        raise RuleViolation(_("This step has a line under that code already."), field="text")
    if len(lines) >= MOST_LINES:
        raise RuleViolation(
            _("This list has %(count)s lines: nobody reads more. Take one out first.")
            % {"count": len(lines)},
            field="text",
        )


def _next_draft(template: ProcessTemplate, *, by: Actor, now: datetime) -> TemplateVersion:
    """The newest draft not older than what is published, or a copy of that."""
    published = template.versions.filter(state=TemplateVersion.State.PUBLISHED).first()
    drafts = template.versions.filter(
        state=TemplateVersion.State.DRAFT, number__gt=published.number if published else 0
    )
    draft = drafts.order_by("-number").first()
    if draft is not None:
        return draft
    if published is None:
        raise RuleViolation(_("This process is retired. Choose the one that runs now."), field="template")
    return copy_as_draft(published, by=by, now=now)


def copy_as_draft(published: TemplateVersion, *, by: Actor, now: datetime) -> TemplateVersion:
    """Row by row: an area that ended meanwhile does not keep a lesson from being written down."""
    template = published.template
    number = (template.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = TemplateVersion.objects.create(template=template, number=number, created_at=now)
    made: dict[int, Step] = {}
    for step in published.steps.all():
        old_pk = step.pk
        step.pk, step.template_version = None, version
        step._state.adding = True
        step.save()
        made[old_pk] = step
    links = StepLink.objects.filter(before__template_version=published)
    StepLink.objects.bulk_create(
        StepLink(before=made[link.before_id], after=made[link.after_id]) for link in links
    )
    record(TemplateDrafted(subject=Ref("template", template.pk), number=number), by=by, now=now)
    return version


@command
def publish_version(version: TemplateVersion, *, seen: int, by: Actor, now: datetime) -> None:
    """New threads run on it from now on; the version published before retires."""
    require(by, "template.manage")
    _refuse_unready(version, now)
    ProcessTemplate.objects.select_for_update().get(pk=version.template_id)
    before = version.template.versions.filter(state=TemplateVersion.State.PUBLISHED).first()
    if before is not None and before.pk != version.pk:
        _retire(before, seen=None)
    move(
        version,
        only_if={"state": TemplateVersion.State.DRAFT},
        refused=gettext_lazy("Only a draft can be published. Write the change as a new draft."),
        seen=seen,
        state=TemplateVersion.State.PUBLISHED,
        published_at=now,
    )
    record(
        TemplatePublished(
            subject=Ref("template", version.template_id),
            number=version.number,
            retired=before.number if before else None,
        ),
        by=by,
        now=now,
    )


def _refuse_unready(version: TemplateVersion, now: datetime) -> None:
    steps = list(version.steps.select_related("area"))
    if not steps:
        raise RuleViolation(_("It has no step yet. Add its first one."))
    for step in steps:
        require_in_force(step.area, now=now)
    if faults := without_place(text_of(version)):
        raise RuleViolation(
            "\n".join(f"{fault.sentence[:1].upper()}{fault.sentence[1:]}" for fault in faults)
        )


@command
def retire_template(version: TemplateVersion, *, seen: int, by: Actor, now: datetime) -> None:
    """No new thread runs on it; those that do go on."""
    require(by, "template.manage")
    _retire(version, seen=seen)
    record(
        TemplateRetired(subject=Ref("template", version.template_id), number=version.number), by=by, now=now
    )


def _retire(version: TemplateVersion, *, seen: int | None) -> None:
    move(
        version,
        only_if={"state__in": [TemplateVersion.State.DRAFT, TemplateVersion.State.PUBLISHED]},
        refused=gettext_lazy("This version has retired already."),
        seen=seen,
        state=TemplateVersion.State.RETIRED,
    )


def export_template(version: TemplateVersion) -> str:
    """The version as text; drafting it again gives the same steps."""
    return write_template(text_of(version))


def published_version(kind: str) -> TemplateVersion | None:
    """What a new thread of this kind runs on; None: its owner adds the steps by hand."""
    return next(iter(_published(kind=str(kind))), None)


_published = Remembered(
    lambda *, kind: (
        TemplateVersion.objects.filter(template__kind=kind, state=TemplateVersion.State.PUBLISHED)
        .select_related("template")
        .order_by("-published_at", "-pk")[:1]
    )
)


@command(may_do_nothing=True)
def seed_templates(*, by: Actor, now: datetime) -> list[TemplateVersion]:
    """Publish the processes that come with Hilo and are not there yet, where the company has their areas."""
    require(by, "template.manage")
    known = set(ProcessTemplate.objects.values_list("code", flat=True))
    areas = area_codes(now)
    seeded = []
    for path in sorted(SEEDS.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        if path.stem not in known and _has_its_areas(text, areas):
            version = draft_template(text, by=by, now=now)
            publish_version(version, seen=version.version, by=by, now=now)
            seeded.append(version)
    return seeded


def _has_its_areas(text: str, areas: dict[str, str]) -> bool:
    """A company without, say, its own production writes its own process instead."""
    try:
        parse_template(text, areas)
    except FaultyTemplate:
        return False
    return True
