"""One case: what it shows in each state, what telling refuses, and where each act leads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hilo.parties.models import Person
from hilo.quality.models import Case, CaseUpdate, ClockPause
from hilo.quality.news import prefilled_news
from hilo.work.models import Thread, Update
from tests.factories.parties import a_person
from tests.web.cases.scenes import Week
from tests.web.signed_in import as_

pytestmark = pytest.mark.django_db


def page(client: Client, code: str, more: str = "") -> str:
    response = client.get(f"/casos/{code}/{more}")
    assert response.status_code == 200
    return response.content.decode()


def test_what_they_want_stands_as_a_quote_with_both_clocks_and_the_way_on(week: Week) -> None:
    html = page(as_(week.house.person("sales")), week.complaint.code)
    assert "«Las 18.000 botellas por hora que firmamos" in html
    assert "Le toca a Logística" in html and "Sin aceptar desde" in html
    assert 'class="h-clock"' in html and 'class="h-leaf is-late"' in html
    assert "Este reloj no se pausa nunca." in html
    assert "turno de apoyo los sábados" in html
    assert "F-2026-0412" in html  # sales sees money
    assert "Un técnico nuestro en su planta" in html
    assert f"/hilos/{week.complaint.thread.code}/" in html


def test_lanes_show_each_area_with_its_own_wait(week: Week) -> None:
    html = page(as_(week.house.person("sales")), week.complaint.code)
    assert html.count('class="k-track"') == 3
    assert "en aceptarse" in html
    assert html.count('class="is-frayed"') >= 1


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_state_renders_in_both_languages(week: Week, language: str) -> None:
    person = week.house.person("sales")
    Person.objects.filter(pk=person.pk).update(language=language)
    client = as_(person)
    for case in Case.objects.all():
        html = page(client, case.code)
        assert "None" not in html.replace("Ninguno", "").replace(">None<", "")
        assert ("Where it has been" in html) == (language == "en")


def test_the_near_miss_has_no_news_clock_and_no_composer(week: Week) -> None:
    html = page(as_(week.house.person("sales")), week.near_miss.code)
    assert "Nadie de fuera lo sabe" in html
    assert 'id="teller"' not in html and "h-leaf" not in html
    assert "Acuse" not in html  # what is told outside is no stage of it


def test_another_delegation_reads_and_cannot_write(week: Week) -> None:
    outsider = _in_sevilla(week)
    html = page(as_(outsider), week.complaint.code)
    assert 'id="teller"' not in html
    assert "Es de otra delegación" in html
    assert as_(outsider).post(f"/casos/{week.complaint.code}/aviso/", {}).status_code == 403


def _in_sevilla(week: Week) -> Person:
    then = timezone.now() - timedelta(days=2)
    return a_person(area=week.house.area("sales"), delegation=week.house.company.sevilla, now=then)


def test_the_story_narrows_to_what_the_customer_knows_and_to_one_area(week: Week) -> None:
    client = as_(week.house.person("sales"))
    everything, known = page(client, week.complaint.code), page(client, week.complaint.code, "?only=known")
    assert everything.count('class="h-entry') > known.count('class="h-entry') > 0
    area = week.house.area("logistics").pk
    assert page(client, week.complaint.code, f"?only={area}").count('class="h-entry') > 0
    client.get(f"/casos/{week.complaint.code}/?only=%00&before=x~y")  # a mistyped address breaks nothing


def test_what_happens_on_the_thread_besides_is_not_its_story(week: Week) -> None:
    html = page(as_(week.house.person("sales")), week.late.code)
    assert week.complaint.title not in html


# ---- telling --------------------------------------------------------------------------------------------


def telling(case: Case, **changed: Any) -> dict[str, Any]:
    case.refresh_from_db()
    when = prefilled_news(case, said_at=timezone.now(), now=timezone.now())
    return {
        "tone": "still",
        "text": "Seguimos en ello.",
        "when": when.isoformat(),
        "contacts": [case.contact_id],
        "channel": "call",
        "seen": case.version,
        **changed,
    }


def tell(week: Week, case: Case, **changed: Any) -> Any:
    return as_(week.house.person("sales")).post(f"/casos/{case.code}/aviso/", telling(case, **changed))


def test_one_message_moves_the_date_inside_and_outside(week: Week) -> None:
    response = tell(week, week.complaint)
    update = Update.objects.latest("pk")
    assert response.status_code == 302 and response.url.endswith(f"?told={update.pk}#tell")
    week.complaint.thread.refresh_from_db()
    assert update.next_news_at == week.complaint.thread.next_news_at
    assert CaseUpdate.objects.get(update=update).tone == "still"
    html = page(as_(week.house.person("sales")), week.complaint.code, f"?told={update.pk}")
    assert "Lo que le has dicho" in html and "Seguimos en ello." in html


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text": " "}, "tell_text_error"),
        ({"when": ""}, "tell_when_error"),
        ({"when": "other", "other": ""}, "tell_when_error"),
        ({"when": "other", "other": "2019-01-02T10:00"}, "tell_when_error"),
        ({"contacts": []}, "tell_contacts_error"),
    ],
)
def test_what_is_refused_stands_beside_its_field_and_nothing_typed_is_lost(
    week: Week, changed: dict[str, Any], field: str
) -> None:
    before = Update.objects.count()
    response = tell(week, week.complaint, **{"text": "Lo escrito a mano", **changed})
    html = response.content.decode()
    assert response.status_code == 422
    assert f'id="{field}"' in html
    assert changed.get("text", "Lo escrito a mano").strip() in html
    assert Update.objects.count() == before


def test_a_date_without_work_is_refused_with_the_next_working_moment(week: Week) -> None:
    sunday = timezone.localtime() + timedelta(days=6 - timezone.localtime().weekday() + 7)
    given = {"when": "other", "other": sunday.strftime("%Y-%m-%dT11:00")}
    html = tell(week, week.complaint, **given).content.decode()
    assert 'id="tell_when_error"' in html and "A esa hora no trabaja nadie" in html


def test_somebody_quicker_is_named_and_the_text_kept(week: Week) -> None:
    stale = telling(week.complaint, text="Lo mío", seen=1)
    response = as_(week.house.person("sales")).post(f"/casos/{week.complaint.code}/aviso/", stale)
    html = response.content.decode()
    assert response.status_code == 409
    assert "Mientras escribías" in html and "Lo mío" in html


def test_another_tone_brings_its_text_but_never_over_what_was_typed(week: Week) -> None:
    client = as_(week.house.person("sales"))
    address, htmx = f"/casos/{week.complaint.code}/aviso/", {"HX-Request": "true"}
    first = client.get(address, {"tone": "progress"}, headers=htmx).content.decode()
    other = client.get(address, {"tone": "bad_news"}, headers=htmx).content.decode()
    assert first != other and "<html" not in other
    kept = client.get(address, {"tone": "bad_news", "text": "Lo mío"}, headers=htmx).content.decode()
    assert "Lo mío</textarea>" in kept


def test_the_answer_and_then_the_decision_have_their_own_field(week: Week) -> None:
    refused = tell(week, week.complaint, tone="answer", solution="")
    assert refused.status_code == 422 and 'id="tell_solution_error"' in refused.content.decode()
    assert tell(week, week.complaint, tone="answer", solution="Cabezal nuevo montado").status_code == 302
    assert tell(week, week.complaint, tone="decision", outcome="").status_code == 422
    assert tell(week, week.complaint, tone="decision", outcome="upheld").status_code == 302
    week.complaint.refresh_from_db()
    assert (week.complaint.stage, week.complaint.outcome) == ("decided", "upheld")


# ---- the acts -------------------------------------------------------------------------------------------


def act(week: Week, case: Case, path: str, **data: Any) -> Any:
    case.refresh_from_db()
    client = as_(week.house.person("sales"))
    assert client.get(f"/casos/{case.code}/{path}/").status_code == 200
    return client.post(f"/casos/{case.code}/{path}/", {"seen": case.version, **data})


def test_closing_with_areas_at_work_names_them_and_the_way_on(week: Week) -> None:
    case = week.complaint
    tell(week, case, tone="answer", solution="Hecho")
    tell(week, case, tone="decision", outcome="upheld")
    act(week, case, "resuelto", contact=case.contact_id, how="Me llamó")
    response = act(week, case, "cerrar")
    html = response.content.decode()
    assert response.status_code == 422
    assert "Logística" in html and "#lanes" in html


def test_a_pause_needs_a_reason_and_shows_on_the_bar(week: Week) -> None:
    assert act(week, week.paused, "seguir").status_code == 302
    until = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    refused = act(week, week.paused, "pausa", reason="", until=until)
    assert refused.status_code == 422 and 'id="id_reason_error"' in refused.content.decode()
    assert act(week, week.paused, "pausa", reason="Esperamos la pieza", until=until).status_code == 302
    assert ClockPause.objects.filter(case=week.paused).count() == 2
    html = page(as_(week.house.person("sales")), week.paused.code)
    assert "Esperamos la pieza" in html and "b-pause" in html


def test_severity_says_what_follows_before_it_is_changed(week: Week) -> None:
    client = as_(week.house.person("sales"))
    html = client.get(f"/casos/{week.complaint.code}/gravedad/").content.decode()
    assert html.count("data-levels=") == 9
    assert act(week, week.complaint, "gravedad", impact="low", urgency="low", reason="").status_code == 422
    given = {"impact": "low", "urgency": "low", "reason": "Ya sirven sus pedidos"}
    assert act(week, week.complaint, "gravedad", **given).status_code == 302
    week.complaint.refresh_from_db()
    assert week.complaint.severity == "low"


def test_an_escalation_promise_without_a_date_is_refused_beside_it(week: Week) -> None:
    given = {
        "contact": week.late.contact_id,
        "owner": week.house.company.director.pk,
        "text": "Quiero hablar con alguien",
        "at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "promise_1": "Un técnico mañana",
    }
    refused = act(week, week.late, "direccion", **given)
    assert refused.status_code == 422 and 'id="id_due_1_error"' in refused.content.decode()
    due = (timezone.localtime() + timedelta(days=3)).date().isoformat()
    assert act(week, week.late, "direccion", **given, due_1_day=due).status_code == 302
    assert week.late.links.filter(type="promise", qualifier="recovery").count() == 1


def test_the_thread_and_the_customer_show_the_open_case_and_it_hangs(week: Week) -> None:
    client = as_(week.house.person("sales"))
    thread = Thread.objects.get(pk=week.late.thread_id)
    for path in (
        f"/hilos/{thread.code}/",
        f"/clientes/{week.house.customer.pk}/",
        f"/hilos/{thread.code}/cuelga/",
    ):
        assert week.late.title in client.get(path).content.decode(), path
    assert f"/casos/numero/{week.late.pk}/" in client.get(f"/hilos/{thread.code}/cuelga/").content.decode()
    assert client.get(f"/casos/numero/{week.late.pk}/").headers["Location"] == f"/casos/{week.late.code}/"


def test_mi_dia_and_ctrl_k_lead_to_the_case(week: Week) -> None:
    client = as_(week.house.person("sales"))
    assert f"/casos/numero/{week.late.pk}/#tell" in client.get("/").content.decode()
    found = client.get("/buscar/", {"q": "gotea"}, headers={"HX-Request": "true"}).content.decode()
    assert f"/casos/numero/{week.late.pk}/" in found and "Casos" in found


def test_a_long_story_costs_no_more_queries(week: Week) -> None:
    client = as_(week.house.person("sales"))
    path = f"/casos/{week.complaint.code}/"
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for _n in range(6):
        tell(week, week.complaint)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) <= len(few)
