"""The page of a cause: begun, marked, asked why, concluded, prevented; refusals beside what was typed."""

from __future__ import annotations

import pytest
from django.test import Client

from hilo.parties.actor import system
from hilo.parties.models import Person
from hilo.quality.commands.causes import add_why
from hilo.quality.models import Analysis, Lesson, Why
from hilo.work.commands.threads import make_confidential
from hilo.work.models import StepRun, TemplateVersion, Thread
from tests.factories.causes import an_analysis, concluded, the_cause, the_step
from tests.factories.parties import a_person, give_authority
from tests.factories.work import House, a_house
from tests.web.causes.scene import Scene, a_case_of_the_line, a_scene, mark_all, named
from tests.web.clock import Clock, clock, no_rate_limits  # noqa: F401
from tests.web.signed_in import as_

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def house() -> House:
    return named(a_house())


@pytest.fixture
def scene() -> Scene:
    return a_scene()


def without_analysis(house: House):  # type: ignore[no-untyped-def]
    """Of low severity, so that no search begins by itself."""
    from tests.factories.quality import make_case
    from tests.factories.work import two_steps

    return make_case(house, two_steps(house), impact="low", urgency="low")


def path_of(case) -> str:  # type: ignore[no-untyped-def]
    return f"/casos/{case.code}/causa/"


# Beginning ------------------------------------------------------------------------------------------------


def test_before_anybody_looks_it_says_so_and_offers_to_begin(house: House) -> None:
    case = without_analysis(house)
    page = as_(house.person("sales")).get(path_of(case)).content.decode()
    assert "Aún no se ha buscado la causa de este caso" in page
    assert "Empezar el análisis" in page
    assert as_(house.person("sales")).get(f"{path_of(case)}8d/").status_code == 302


def test_it_begins_with_what_happened(house: House) -> None:
    case = without_analysis(house)
    client = as_(house.person("sales"))
    answer = client.post(f"{path_of(case)}empezar/", {"what_happened": "Da 15.200 y se prometieron 18.000"})
    assert (answer.status_code, answer.headers["Location"]) == (302, path_of(case))
    assert Analysis.objects.get().what_happened == "Da 15.200 y se prometieron 18.000"


def test_naming_somebody_when_beginning_is_refused_beside_the_field_and_kept(house: House) -> None:
    case = without_analysis(house)
    typed = "Óscar Pueyo olvidó el plano"
    answer = as_(house.person("sales")).post(f"{path_of(case)}empezar/", {"what_happened": typed})
    assert answer.status_code == 422
    assert typed in answer.content.decode()
    assert 'id="id_what_happened_error"' in answer.content.decode()
    assert not Analysis.objects.exists()


def test_another_case_joins_an_analysis_under_way(scene: Scene) -> None:
    other = without_analysis(scene.house)
    client = as_(scene.seller)
    page = client.get(path_of(other)).content.decode()
    assert "¿Es el mismo fallo?" in page
    answer = client.post(f"{path_of(other)}unir/", {"analysis": scene.analysis.pk})
    assert answer.status_code == 302
    assert other.code in client.get(scene.path).content.decode()
    assert client.post(f"{path_of(other)}unir/", {"analysis": ""}).status_code == 422


# The page -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "title"),
    [("es", "¿Qué parte del proceso lo permitió?"), ("en", "What part of the process allowed it?")],
)
def test_the_page_stands_in_both_languages(scene: Scene, language: str, title: str) -> None:
    Person.objects.filter(pk=scene.seller.pk).update(language=language)
    client = as_(scene.seller)
    for path in (scene.path, f"{scene.path}8d/"):
        assert title in client.get(path).content.decode()


def test_the_line_shows_its_three_marks_and_the_handoff_as_a_place(scene: Scene) -> None:
    page = as_(scene.seller).get(scene.path).content.decode()
    assert "Se perdió en el traspaso de Comercial a Oficina técnica" in page
    for said in (
        "Traspaso a Oficina técnica",
        "Aquí se perdió",
        "Aquí se pudo ver",
        "Aquí lo vio el cliente",
    ):
        assert said in page
    for mark in ("q-lost", "q-visible", "q-seen"):
        assert page.count(f'class="{mark}') >= 2  # drawn, and in the list for phones


def test_missing_evidence_is_asked_for_and_the_root_is_marked(scene: Scene) -> None:
    page = as_(scene.seller).get(scene.path).content.decode()
    assert page.count("Falta la prueba") == 1
    assert "Causa raíz: se puede cambiar" in page


def test_other_threads_that_run_through_the_place_are_named(scene: Scene) -> None:
    page = as_(scene.seller).get(scene.path).content.decode()
    assert "Bodegas Albarín</bdi>, Línea 1" in page
    assert "Aún no ha llegado a «Diseño»: se está a tiempo." in page


def test_long_words_and_foreign_letters_stand(house: House) -> None:
    case = a_case_of_the_line(house, title=("شركة <b>التعبئة</b> 🍾 " * 9)[:200])
    analysis = an_analysis(house, case)
    add_why(analysis, branch="A", text="X" * 300, evidence="Y" * 300, by=house.actor("sales"), now=house.at)
    page = as_(house.person("sales")).get(path_of(case)).content.decode()
    assert "X" * 300 in page
    assert "<b>التعبئة</b>" not in page


# Whys -----------------------------------------------------------------------------------------------------


def add(client: Client, analysis: Analysis, letter: str, text: str, **more: str):  # type: ignore[no-untyped-def]
    given = {"branch": letter, f"why-{letter}-text": text, f"why-{letter}-evidence": "", **more}
    return client.post(f"/causas/{analysis.pk}/porques/", given)


def test_an_answer_goes_under_the_deepest_of_its_branch(scene: Scene) -> None:
    answer = add(as_(scene.seller), scene.analysis, "B", "Nadie dice quién pide las muestras")
    assert answer.status_code == 302
    added = Why.objects.latest("pk")
    assert (added.branch, added.depth, added.parent.text[:9]) == ("B", 3, "El guion ")  # type: ignore[union-attr]


def test_a_further_branch_is_opened(scene: Scene) -> None:
    client = as_(scene.seller)
    assert "Abrir otra rama" in client.get(scene.path).content.decode()
    assert add(client, scene.analysis, "C", "El catálogo no lo dice").status_code == 302
    assert "C. ¿Por qué más pudo pasar?" in client.get(scene.path).content.decode()


def test_a_name_brings_a_suggestion_and_not_an_error(scene: Scene) -> None:
    client = as_(scene.seller)
    typed = "Óscar no pidió las muestras al cliente"
    answer = add(client, scene.analysis, "B", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert typed in page
    assert "Aquí buscamos el hueco, no a la persona («Óscar»)" in page
    proposal = "No se pidieron las muestras al cliente"
    assert f'name="instead" value="{proposal}"' in page
    assert 'class="h-error"' not in page
    assert add(client, scene.analysis, "B", typed, instead=proposal).status_code == 302
    assert Why.objects.latest("pk").text == proposal


def test_an_empty_answer_is_refused_beside_its_own_branch(scene: Scene) -> None:
    answer = add(as_(scene.seller), scene.analysis, "B", "", **{"why-B-evidence": "acta del 2 sep"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_why-B-text_error"' in page
    assert 'id="id_why-A-text_error"' not in page
    assert "acta del 2 sep" in page


def test_evidence_is_added_then_the_root_marked_and_taken_off(scene: Scene) -> None:
    client = as_(scene.seller)
    why = Why.objects.get(branch="B", depth=2)
    refused = client.post(f"/porques/{why.pk}/raiz/", {"seen": why.version})
    assert refused.status_code == 422
    assert "necesita su prueba" in refused.content.decode() or "evidence" in refused.content.decode()
    change = {"text": why.text, "evidence": "guion de prueba, rev. C", "seen": why.version}
    assert client.post(f"/porques/{why.pk}/", change).status_code == 302
    for expected in (True, False):
        why.refresh_from_db()
        assert client.post(f"/porques/{why.pk}/raiz/", {"seen": why.version}).status_code == 302
        why.refresh_from_db()
        assert why.is_root is expected


def test_the_last_answer_can_be_taken_away(scene: Scene) -> None:
    why = Why.objects.get(branch="B", depth=2)
    answer = as_(scene.seller).post(f"/porques/{why.pk}/quitar/", {"seen": why.version})
    assert answer.status_code == 302
    assert why.text not in as_(scene.seller).get(scene.path).content.decode()


def test_a_stale_change_keeps_what_was_typed(scene: Scene) -> None:
    why = Why.objects.get(branch="B", depth=2)
    client = as_(scene.seller)
    first = {"text": "El guion no lo exige", "evidence": "", "seen": why.version}
    assert client.post(f"/porques/{why.pk}/", first).status_code == 302
    second = client.post(f"/porques/{why.pk}/", {**first, "text": "El guion calla"})
    assert second.status_code == 409
    assert "El guion calla" in second.content.decode()
    assert "Mientras escribías" in second.content.decode()


# Where ----------------------------------------------------------------------------------------------------


def test_the_place_is_marked_on_one_form_all_or_none(house: House) -> None:
    case = a_case_of_the_line(house)
    analysis = an_analysis(house, case)
    client = as_(house.person("sales"))
    path = f"/causas/{analysis.pk}/lugar/"
    assert client.get(path).status_code == 200
    analysis.refresh_from_db()
    given = {
        "seen": analysis.version,
        "lost": the_step(case.thread, "design").pk,
        "lost_at_entry": "on",
        "lost_from_area": house.area("sales").pk,
        "lost_on": "2026-03-16",
        "visible": the_step(case.thread, "prueba").pk,
        "visible_on": "2027-09-02",
        "seen_by_customer": "",
        "seen_on": "",
    }
    refused = client.post(path, given)
    assert refused.status_code == 422
    analysis.refresh_from_db()
    assert analysis.lost_at is None
    assert client.post(path, {**given, "visible_on": "2026-09-02"}).status_code == 302
    analysis.refresh_from_db()
    assert (analysis.lost_at_entry, analysis.lost_from_area) == (True, house.area("sales"))
    assert analysis.visible_at == the_step(case.thread, "prueba")


def test_the_team_is_areas(scene: Scene) -> None:
    areas = [scene.house.area("sales").pk, scene.house.area("logistics").pk]
    scene.analysis.refresh_from_db()
    answer = as_(scene.seller).post(
        f"/causas/{scene.analysis.pk}/equipo/", {"areas": areas, "seen": scene.analysis.version}
    )
    assert answer.status_code == 302
    assert set(scene.analysis.team.values_list("area", flat=True)) == set(areas)


# Concluding and preventing --------------------------------------------------------------------------------


def test_concluding_counts_in_the_catalogue_and_can_be_looked_at_again(scene: Scene) -> None:
    client, analysis = as_(scene.seller), scene.analysis
    analysis.refresh_from_db()
    given = {
        "seen": analysis.version,
        "cause": the_cause().pk,
        "conclusion": "El dato del tapón se perdió en el traspaso: la lista no lo pregunta",
    }
    assert client.post(f"/causas/{analysis.pk}/concluir/", given).status_code == 302
    page = client.get(scene.path).content.decode()
    assert given["conclusion"] in page
    assert "Es la primera vez en 12 meses" in page
    assert "Añadir la respuesta" not in page
    analysis.refresh_from_db()
    again = client.post(
        f"/causas/{analysis.pk}/reabrir/", {"reason": "Otro caso enseña más", "seen": analysis.version}
    )
    assert again.status_code == 302
    assert "Añadir la respuesta" in client.get(scene.path).content.decode()


def test_money_behind_the_cause_is_for_whom_it_is_shown_to(scene: Scene) -> None:
    concluded(scene.house, scene.analysis, the_step(scene.thread))
    sees, does_not = scene.seller, scene.house.person("production")
    assert "412.000" in as_(sees).get(scene.path).content.decode()
    assert "412.000" not in as_(does_not).get(scene.path).content.decode()


def test_a_conclusion_without_root_or_cause_is_refused_and_kept(house: House) -> None:
    case = a_case_of_the_line(house)
    analysis = an_analysis(house, case)
    mark_all(house, case, analysis)
    analysis.refresh_from_db()
    client = as_(house.person("sales"))
    words = {"conclusion": "La lista no lo pregunta", "seen": analysis.version}
    no_cause = client.post(f"/causas/{analysis.pk}/concluir/", words)
    assert no_cause.status_code == 422
    assert "Elige la causa" in no_cause.content.decode()
    no_root = client.post(f"/causas/{analysis.pk}/concluir/", {**words, "cause": the_cause().pk})
    assert no_root.status_code == 422
    assert "La lista no lo pregunta" in no_root.content.decode()
    assert "checked><span>Se perdió información en un traspaso" in no_root.content.decode()


def test_one_click_adds_the_line_to_the_next_draft(scene: Scene) -> None:
    client, step = as_(scene.seller), the_step(scene.thread)
    assert "Añadir la línea al borrador v2" in client.get(scene.path).content.decode()
    given = {"text": "Tapón: tipo y diámetro, uno por formato", "where": "needs", "step": step.pk}
    assert client.post(f"/causas/{scene.analysis.pk}/leccion/", given).status_code == 302
    draft = TemplateVersion.objects.get(number=2, template__code="linea-nueva")
    assert draft.state == "draft"
    assert given["text"] in [need["text"] for need in draft.steps.get(key="design").needs]
    page = client.get(scene.path).content.decode()
    assert f"Nueva · sale de {scene.case.code}" in page
    assert "Ver el borrador v2" in page
    assert Lesson.objects.count() == 1


def test_a_line_that_names_somebody_is_refused_beside_its_field(scene: Scene) -> None:
    given = {"text": "Preguntar a Óscar Pueyo", "where": "needs", "step": the_step(scene.thread).pk}
    answer = as_(scene.seller).post(f"/causas/{scene.analysis.pk}/leccion/", given)
    assert answer.status_code == 422
    assert "Preguntar a Óscar Pueyo" in answer.content.decode()
    assert 'id="id_text_error"' in answer.content.decode()
    assert not Lesson.objects.exists()


def test_8d_tells_the_same_facts_in_its_order(scene: Scene) -> None:
    page = as_(scene.seller).get(f"{scene.path}8d/").content.decode()
    places = [page.index(f">{code}</b>") for code in ("D0", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8")]
    assert places == sorted(places)
    assert "Acuse de recibo a los 45 min" in page
    assert "Falta la rama B" in page
    assert "data-prints" in page


# Who may --------------------------------------------------------------------------------------------------


def test_another_delegation_reads_and_cannot_act(scene: Scene) -> None:
    house = scene.house
    elsewhere = a_person(area=house.area("logistics"), delegation=house.company.sevilla, now=house.at)
    client = as_(elsewhere)
    page = client.get(scene.path).content.decode()
    assert "La lista del traspaso no pregunta" in page
    for absent in ("Añadir la respuesta", "Añadir la línea al borrador", "Dar el análisis por concluido"):
        assert absent not in page
    assert add(client, scene.analysis, "B", "No se pidió").status_code == 403


def test_an_auditor_reads(scene: Scene) -> None:
    house = scene.house
    auditor = give_authority(
        a_person(area=house.area("management"), delegation=house.company.zaragoza, now=house.at), auditor=True
    )
    assert as_(auditor).get(f"{scene.path}8d/").status_code == 200


def test_a_confidential_thread_does_not_exist_for_others(scene: Scene) -> None:
    house, thread = scene.house, Thread.objects.get(pk=scene.thread.pk)
    make_confidential(thread, readers=[scene.seller], seen=thread.version, by=system(), now=house.at)
    outsider = as_(house.person("logistics"))
    for path in (scene.path, f"{scene.path}8d/", f"/causas/{scene.analysis.pk}/lugar/"):
        assert outsider.get(path).status_code == 404
    assert as_(scene.seller).get(scene.path).status_code == 200


def test_what_does_not_exist_is_a_plain_404(house: House) -> None:
    client = as_(house.person("sales"))
    huge = 10**30
    for path in (
        "/casos/R-2026-9999/causa/",
        f"/causas/{huge}/lugar/",
        f"/porques/{huge}/",
        f"/acciones/{huge}/",
    ):
        assert client.get(path).status_code == 404


def test_no_form_of_this_family_has_a_field_for_a_culprit() -> None:
    """People stand in two fields alone: who does an action and who else checks it."""
    from django import forms

    from hilo.web.causes import forms as ours

    people = {
        name
        for form in vars(ours).values()
        if isinstance(form, type) and issubclass(form, forms.Form)
        for name, field in form.base_fields.items()  # type: ignore[attr-defined]
        if isinstance(field, forms.ModelChoiceField) and field.queryset.model is Person
    }
    assert people == {"owner", "checker"}


# What proves an answer and stands in Hilo -----------------------------------------------------------------


def test_an_answer_leads_to_what_proves_it(scene: Scene) -> None:
    client, analysis = as_(scene.seller), scene.analysis
    answer = analysis.whys.filter(removed_at__isnull=True).order_by("pk")[0]
    here = scene.case.thread
    step = StepRun.objects.filter(thread=here).order_by("pk")[0]
    page = client.get(f"/porques/{answer.pk}/").content.decode()
    assert f'value="step_run:{step.pk}"' in page
    given = {"seen": answer.version, "text": answer.text, "evidence": "", "thing": f"step_run:{step.pk}"}
    assert client.post(f"/porques/{answer.pk}/", given).status_code == 302
    answer.refresh_from_db()
    assert (answer.evidence, answer.evidence_type, answer.evidence_id) == (step.name, "step_run", step.pk)
    led = client.get(f"/porques/{answer.pk}/prueba/")
    assert led.headers["Location"] == f"/hilos/{here.code}/#step_run-{step.pk}"


def test_nothing_of_another_thread_proves_an_answer(scene: Scene) -> None:
    client, analysis = as_(scene.seller), scene.analysis
    answer = analysis.whys.filter(removed_at__isnull=True).order_by("pk")[0]
    foreign = StepRun.objects.exclude(thread=scene.case.thread).order_by("pk").first()
    pk = foreign.pk if foreign else 987_654
    given = {"seen": answer.version, "text": answer.text, "evidence": "x", "thing": f"step_run:{pk}"}
    refused = client.post(f"/porques/{answer.pk}/", given)
    assert refused.status_code == 422 and "Elige como prueba algo de este hilo." in refused.content.decode()
    answer.refresh_from_db()
    assert answer.evidence_id is None
    assert client.get(f"/porques/{answer.pk}/prueba/").status_code == 404
