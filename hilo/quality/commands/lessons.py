"""What was learned goes where the next person needs it: into the next draft of a process (SPEC 7.7)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from hilo.ledger.command import command
from hilo.ledger.record import Ref, Related, record, seal
from hilo.parties.actor import Actor
from hilo.parties.texts import one_of
from hilo.quality.analysing import place_of_analysis, require_on_analysis
from hilo.quality.blameless import customers_of, impersonal_line
from hilo.quality.events.actions import LessonAdded
from hilo.quality.models import Analysis, Lesson
from hilo.work.commands.templates import amend_draft
from hilo.work.events.place import Place
from hilo.work.models import ProcessTemplate
from hilo.work.numbering import next_code

_COLUMNS = {
    Lesson.Where.HANDOFF: "needs",
    Lesson.Where.EXIT: "exit_checklist",
    Lesson.Where.ADVICE: "advice_hints",
}


@command
def add_lesson(
    analysis: Analysis,
    *,
    template: ProcessTemplate,
    step_key: str,
    where: str,
    text: str,
    by: Actor,
    now: datetime,
) -> Lesson:
    """One line in the next draft; threads under way do not notice, and an administrator publishes it."""
    require_on_analysis(by, analysis)
    place = Lesson.Where(one_of(where, list(Lesson.Where.values), field="where"))
    words = impersonal_line(
        text,
        field="text",
        most=200,
        missing=_("Say in one line what to look at."),
        customers=customers_of(analysis),
    )
    key = f"leccion-{next_code(now.year, 'lesson')}"
    draft = amend_draft(
        template, step_key=step_key, where=_COLUMNS[place], line=words, key=key, by=by, now=now
    )
    lesson = Lesson.objects.create(
        analysis=analysis,
        where=place,
        template=template,
        step_key=step_key,
        key=key,
        text=words,
        draft=draft,
        author=by.one,
        at=now,
    )
    record(
        LessonAdded(
            **_place(lesson),
            template=template.code,
            step=step_key,
            where=place.value,
            key=key,
            draft=draft.number,
            text=seal(words),
        ),
        by=by,
        now=now,
    )
    return lesson


def _place(lesson: Lesson) -> Place:
    place = place_of_analysis(lesson.analysis, "lesson", lesson.pk)
    template = Related("template", lesson.template_id, "template")
    return Place(**{**place, "subject": Ref("lesson", lesson.pk), "related": (*place["related"], template)})
