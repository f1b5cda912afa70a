"""The story behind a line: whoever meets a lesson finds the case it comes from (SPEC 7.7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from hilo.parties.actor import Actor
from hilo.quality.analysing import analyses_visible_to
from hilo.quality.models import Analysis, Case, Lesson
from hilo.work.models import ProcessTemplate, Step, TemplateVersion

_COLUMNS = {Lesson.Where.HANDOFF: "needs", Lesson.Where.EXIT: "exit_checklist"}


@dataclass(frozen=True, slots=True)
class Story:
    """``case_code`` leads to the case; it is the first one of the analysis."""

    lesson_id: int
    text: str
    case_id: int
    case_code: str
    analysis_id: int
    conclusion: str


def lessons_by_key(keys: Collection[str], actor: Actor) -> dict[str, Story]:
    """Of the lines under these keys, the stories that the actor may read. Two queries, however many."""
    return {lesson.key: story for lesson, story in _stories(Lesson.objects.filter(key__in=list(keys)), actor)}


def lessons_at(template: ProcessTemplate, step_key: str, where: str, actor: Actor) -> dict[str, Story]:
    """By their text: exit criteria and hints for advice have no key of their own."""
    rows = Lesson.objects.filter(template=template, step_key=step_key, where=where)
    return {lesson.text: story for lesson, story in _stories(rows, actor)}


def _stories(lessons: Iterable[Lesson], actor: Actor) -> Iterable[tuple[Lesson, Story]]:
    found = list(lessons)
    if not found:
        return
    visible: dict[int, Analysis] = (
        analyses_visible_to(actor)
        .prefetch_related("analysed__case")
        .in_bulk([each.analysis_id for each in found])
    )
    for lesson in found:
        analysis = visible.get(lesson.analysis_id)
        if analysis is not None:
            yield lesson, _story(lesson, analysis, first_case(analysis))


def first_case(analysis: Analysis) -> Case:
    """Of an analysis whose ``analysed__case`` is fetched already."""
    return min(analysis.analysed.all(), key=lambda each: each.pk).case


def _story(lesson: Lesson, analysis: Analysis, case: Case) -> Story:
    return Story(lesson.pk, lesson.text, case.pk, case.code, analysis.pk, analysis.conclusion)


def is_in_force(lesson: Lesson) -> bool:
    """Whether the version published today has the line: a lesson in a forgotten draft prevents nothing."""
    step = Step.objects.filter(
        template_version__template=lesson.template_id,
        template_version__state=TemplateVersion.State.PUBLISHED,
        key=lesson.step_key,
    ).first()
    if step is None:
        return False
    lines = getattr(step, _COLUMNS.get(Lesson.Where(lesson.where), "advice_hints"))
    if lesson.where == Lesson.Where.HANDOFF:
        return any(each["key"] == lesson.key for each in lines)
    return lesson.text in lines
