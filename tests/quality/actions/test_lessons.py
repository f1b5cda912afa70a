"""A lesson is a line of the next draft; published, it stops an incomplete handoff and leads to its case."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.quality.commands.lessons import add_lesson
from hilo.quality.models import Analysis, Lesson
from hilo.quality.queries.lessons import is_in_force, lessons_at, lessons_by_key
from hilo.work.commands.handoffs import accept_handoff, fill_item, offer_handoff
from hilo.work.commands.step_runs import finish_step
from hilo.work.commands.templates import (
    amend_draft,
    draft_template,
    export_template,
    publish_version,
    retire_template,
)
from hilo.work.commands.threads import make_confidential
from hilo.work.models import Handoff, ProcessTemplate, StepLink, TemplateVersion
from tests.factories.causes import an_analysis
from tests.factories.parties import a_person, acting
from tests.factories.work import House, a_thread, open_handoff, step
from tests.web.signed_in import as_

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
CAP = "Tapón: tipo y diámetro, uno por formato"


@pytest.fixture
def analysis(house: House) -> Analysis:
    return an_analysis(house)


@pytest.fixture
def template(analysis: Analysis) -> ProcessTemplate:
    return ProcessTemplate.objects.get(code="two-steps")


def a_lesson(house: House, analysis: Analysis, *, where: str = "needs", text: str = CAP) -> Lesson:
    template = ProcessTemplate.objects.get(code="two-steps")
    return add_lesson(
        analysis, template=template, step_key="design", where=where, text=text,
        by=house.actor("sales"), now=house.at,
    )  # fmt: skip


def published(house: House, lesson: Lesson) -> TemplateVersion:
    draft = lesson.draft
    draft.refresh_from_db()
    publish_version(draft, seen=draft.version, by=acting(house.company.administrator), now=house.at)
    return draft


def at_the_border(house: House, version: TemplateVersion) -> Handoff:
    """A thread whose selling is done: the handoff into the design is being prepared."""
    thread = a_thread(house, version)
    selling = step(thread, "sell")
    finish_step(selling, seen=selling.version, by=house.actor("sales"), now=house.at)
    return open_handoff(step(thread, "design"))


def test_the_line_stops_the_next_incomplete_handoff_and_leads_to_its_story(
    house: House, analysis: Analysis
) -> None:
    lesson = a_lesson(house, analysis)
    version = published(house, lesson)
    handoff, by = at_the_border(house, version), house.actor("sales")
    for item in handoff.items.exclude(key=lesson.key):
        fill_item(item, state="explained", explanation="Llega el jueves", by=by, now=house.at)
    offering: dict[str, Any] = {
        "ask": "Proyecto", "proposed_due": house.at.replace(day=30), "seen": handoff.version,
        "by": by, "now": house.at,
    }  # fmt: skip
    with pytest.raises(RuleViolation, match="still needs: Tapón: tipo y diámetro") as refused:
        offer_handoff(handoff, **offering)
    assert refused.value.field == "items"
    handoff.refresh_from_db()
    assert handoff.state == Handoff.State.DRAFT
    line = handoff.items.get(key=lesson.key)
    story = lessons_by_key([item.key for item in handoff.items.all()], by)[line.key]
    assert (story.case_code, story.text) == (analysis.analysed.get().case.code, CAP)
    fill_item(line, state="complete", by=by, now=house.at)
    offer_handoff(handoff, **offering)
    accept_handoff(
        handoff, read_back="Con tapón de 38", seen=handoff.version, by=house.actor("technical"), now=house.at
    )
    assert handoff.state == Handoff.State.ACCEPTED


def test_an_explained_gap_is_enough(house: House, analysis: Analysis) -> None:
    handoff = at_the_border(house, published(house, a_lesson(house, analysis)))
    for item in handoff.items.filter(state="missing"):
        fill_item(item, state="explained", explanation="El cliente lo manda el lunes",
                  by=house.actor("sales"), now=house.at)  # fmt: skip
    offer_handoff(
        handoff, ask="Proyecto", proposed_due=house.at.replace(day=30), seen=handoff.version,
        by=house.actor("sales"), now=house.at,
    )  # fmt: skip
    assert handoff.state == Handoff.State.OFFERED


def test_threads_under_way_stay_on_their_version(house: House, analysis: Analysis) -> None:
    before = TemplateVersion.objects.get(template__code="two-steps")
    running = at_the_border(house, before)
    lesson = a_lesson(house, analysis)
    published(house, lesson)
    assert not running.items.filter(key=lesson.key).exists()


def test_without_a_draft_the_published_version_is_copied_whole(
    house: House, analysis: Analysis, template: ProcessTemplate
) -> None:
    before = template.versions.get()
    lesson = a_lesson(house, analysis)
    draft = lesson.draft
    assert (draft.number, draft.state) == (2, "draft")
    old, new = export_template(before), export_template(draft)
    line = f"  - key: {lesson.key}\n    text: 'Tapón: tipo y diámetro, uno por formato'\n"
    assert new != old and new.replace(line, "") == old
    links = StepLink.objects.filter(before__template_version=draft)
    assert [(link.before.key, link.after.key) for link in links] == [("sell", "design")]
    kinds = LedgerEvent.objects.filter(subject_type="template").order_by("seq").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["template.drafted", "template.amended"]


def test_lessons_gather_in_one_draft_until_it_is_published(house: House, analysis: Analysis) -> None:
    one = a_lesson(house, analysis)
    other = a_lesson(house, analysis, where="exit_checklist", text="Prueba con los envases reales")
    hint = a_lesson(house, analysis, where="advice", text="Preguntar por el formato mínimo")
    assert one.draft == other.draft == hint.draft
    assert not is_in_force(one)
    version = published(house, one)
    assert all(is_in_force(lesson) for lesson in (one, other, hint))
    design = version.steps.get(key="design")
    assert design.exit_checklist == ["Prueba con los envases reales"]
    assert design.advice_hints == ["Preguntar por el formato mínimo"]
    assert design.needs[-1] == {"key": one.key, "text": CAP, "required": True}
    again = a_lesson(house, analysis, text="Plano de la nave")
    assert again.draft.number == version.number + 1
    template = ProcessTemplate.objects.get(code="two-steps")
    stories = lessons_at(template, "design", "advice", house.actor("technical"))
    assert stories["Preguntar por el formato mínimo"].lesson_id == hint.pk


def test_hints_survive_export_and_import(house: House, analysis: Analysis) -> None:
    hint = a_lesson(house, analysis, where="advice", text="Preguntar por el formato mínimo")
    text = export_template(hint.draft)
    assert "advice_hints:\n  - Preguntar por el formato mínimo" in text
    again = draft_template(text, by=system(), now=house.at)
    assert again.steps.get(key="design").advice_hints == ["Preguntar por el formato mínimo"]
    assert export_template(again) == text


def test_a_line_is_not_said_twice(house: House, analysis: Analysis) -> None:
    a_lesson(house, analysis)
    with pytest.raises(RuleViolation, match="has that line already") as refused:
        a_lesson(house, analysis, text=CAP.upper())
    assert refused.value.field == "text"
    assert Lesson.objects.count() == 1


def test_a_step_that_is_gone_and_a_retired_process_say_so(
    house: House, analysis: Analysis, template: ProcessTemplate
) -> None:
    facts = {"where": "needs", "line": "x", "key": "leccion-9", "by": system(), "now": house.at}
    with pytest.raises(RuleViolation, match="no longer has this step"):
        amend_draft(template, step_key="nowhere", **facts)  # type: ignore[arg-type]
    with pytest.raises(RuleViolation, match="one of the options"):
        add_lesson(analysis, template=template, step_key="design", where="informed", text="x",
                   by=house.actor("sales"), now=house.at)  # fmt: skip
    version = template.versions.get()
    retire_template(version, seen=version.version, by=system(), now=house.at)
    with pytest.raises(RuleViolation, match="is retired"):
        amend_draft(template, step_key="design", **facts)  # type: ignore[arg-type]


def test_publishing_stays_with_the_administrator(house: House, analysis: Analysis) -> None:
    draft = a_lesson(house, analysis).draft
    draft.refresh_from_db()
    with pytest.raises(NotAllowed):
        publish_version(draft, seen=draft.version, by=house.actor("sales"), now=house.at)


def test_the_story_of_a_confidential_thread_is_nobody_elses(house: House, analysis: Analysis) -> None:
    lesson, thread = a_lesson(house, analysis), analysis.analysed.get().case.thread
    make_confidential(
        thread, readers=[house.person("sales")], seen=thread.version, by=house.head("sales"), now=house.at
    )
    assert lessons_by_key([lesson.key], house.actor("technical")) == {}
    assert set(lessons_by_key([lesson.key], house.actor("sales"))) == {lesson.key}


def test_a_lesson_names_nobody(house: House, analysis: Analysis) -> None:
    a_person("Nuria Lahoz", area=house.area("sales"), delegation=house.company.zaragoza)
    with pytest.raises(RuleViolation, match="not for the person"):
        a_lesson(house, analysis, text="Preguntar a Nuria")
    assert Lesson.objects.count() == 0 and TemplateVersion.objects.count() == 1


def test_the_page_of_the_handoff_leads_to_the_story(house: House, analysis: Analysis) -> None:
    lesson = a_lesson(house, analysis)
    handoff = at_the_border(house, published(house, lesson))
    with time_machine.travel(house.at, tick=False):
        page = as_(house.person("sales")).get(f"/traspasos/{handoff.pk}/").content.decode()
    assert f"/casos/{analysis.analysed.get().case.code}/" in page
    assert "Por qué lo pedimos" in page


def test_what_a_step_must_show_at_its_end_stands_where_it_is_ended_with_its_story(
    house: House, analysis: Analysis
) -> None:
    lesson = a_lesson(house, analysis, where=Lesson.Where.EXIT, text="El cliente ha visto el plano")
    thread = at_the_border(house, published(house, lesson)).thread
    ending = step(thread, "design")
    address = f"/hilos/{thread.code}/pasos/{ending.pk}/hecho/"
    with time_machine.travel(house.at, tick=False):
        page = as_(house.person("technical")).get(address).content.decode()
    code = analysis.analysed.get().case.code
    assert "El cliente ha visto el plano" in page and f"/casos/{code}/" in page
