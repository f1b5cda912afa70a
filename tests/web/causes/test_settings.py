"""The catalogue of causes and the case policy: seen by all, changed by whom the table says."""

from __future__ import annotations

from typing import Any

import pytest

from hilo.parties.models import Person
from hilo.quality.models import CasePolicy, CauseKind, LegalDeadline
from hilo.web.causes.policy_forms import CasePolicyForm, first_values
from hilo.web.causes.words import minutes_of, said_minutes
from tests.factories.work import House, a_house
from tests.web.clock import Clock, clock, no_rate_limits  # noqa: F401
from tests.web.signed_in import as_

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def house() -> House:
    return a_house()


# Causes ---------------------------------------------------------------------------------------------------


def test_everybody_reads_the_catalogue_and_an_administrator_changes_it(house: House) -> None:
    page = as_(house.person("sales")).get("/ajustes/causas/").content.decode()
    assert "10 causas en el catálogo" in page
    assert "Añadir una causa" not in page
    admin = as_(house.company.administrator)
    assert (
        admin.post("/ajustes/causas/nueva/", {"name": "No se midió en casa del cliente"}).status_code == 302
    )
    cause = CauseKind.objects.get(name="No se midió en casa del cliente")
    renamed = {"name": "No se midió allí", "seen": cause.version}
    assert admin.post(f"/ajustes/causas/{cause.pk}/", renamed).status_code == 302
    cause.refresh_from_db()
    assert admin.post(f"/ajustes/causas/{cause.pk}/retirar/", {"seen": cause.version}).status_code == 302
    assert "Causas retiradas" in admin.get("/ajustes/causas/").content.decode()


@pytest.mark.parametrize("name", ["", "Raúl Ortega no lo miró", "X" * 121])
def test_a_bad_name_is_refused_beside_its_field_and_kept(house: House, name: str) -> None:
    Person.objects.filter(pk=house.person("production").pk).update(name="Raúl Ortega")
    answer = as_(house.company.administrator).post("/ajustes/causas/nueva/", {"name": name})
    assert answer.status_code == 422
    assert 'id="id_name_error"' in answer.content.decode()
    assert name in answer.content.decode()
    assert CauseKind.objects.count() == 10


def test_a_stale_retirement_changes_nothing(house: House) -> None:
    cause = CauseKind.objects.all()[0]
    admin = as_(house.company.administrator)
    for given in ({}, {"seen": cause.version + 5}):
        assert admin.post(f"/ajustes/causas/{cause.pk}/retirar/", given).status_code == 409
    cause.refresh_from_db()
    assert cause.is_active


# The policy -----------------------------------------------------------------------------------------------


def policy_fields(**changes: Any) -> dict[str, Any]:
    policy = CasePolicy.objects.order_by("-number")[0]
    return {**first_values(policy), "seen": policy.number, **changes}


def test_everybody_reads_the_policy(house: House) -> None:
    page = as_(house.person("sales")).get("/ajustes/casos/").content.decode()
    for said in ("Cuánto puede tardar un caso", "5 días", "Ley 10/2025", "Gravedad"):
        assert said in page
    assert "Cambiar la política" not in page
    assert as_(house.person("sales")).get("/ajustes/casos/cambiar/").status_code == 403
    assert "/ajustes/casos/" in as_(house.person("sales")).get("/ajustes/").content.decode()


def test_the_director_makes_the_next_version(house: House) -> None:
    given = policy_fields(
        acknowledge_minutes_high_A="30 min",
        severity_low_low="medium",
        stuck_working_days=20,
        cause_working_days=5,
        customer_first_severity="low",
        case_on_broken_promise="",
    )
    answer = as_(house.company.director).post("/ajustes/casos/cambiar/", given)
    assert answer.status_code == 302
    policy = CasePolicy.objects.order_by("-number")[0]
    assert (policy.number, policy.stuck_working_days, policy.severity["low:low"]) == (2, 20, "medium")
    assert policy.rules.get(severity="high", tier="A").acknowledge_minutes == 30
    assert policy.rules.count() == 9
    assert (policy.cause_working_days, policy.customer_first_severity) == (5, "low")
    assert policy.case_on_broken_promise is False


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"response_minutes_low_C": "pronto"}, "response_minutes_low_C"),
        ({"news_minutes_high_B": ""}, "news_minutes_high_B"),
        ({"second_failure_days": "0"}, "second_failure_days"),
        ({"slow_factor": ""}, "slow_factor"),
        ({"severity_high_high": "terrible"}, "severity_high_high"),
    ],
)
def test_a_bad_value_is_refused_beside_its_field_and_kept(
    house: House, changes: dict[str, str], field: str
) -> None:
    answer = as_(house.company.director).post("/ajustes/casos/cambiar/", policy_fields(**changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert CasePolicy.objects.count() == 1


def test_the_head_is_told_before_the_director(house: House) -> None:
    given = policy_fields(head_after_minutes_high_A="3 d", director_after_minutes_high_A="1 h")
    answer = as_(house.company.director).post("/ajustes/casos/cambiar/", given)
    assert answer.status_code == 422
    assert CasePolicy.objects.count() == 1


def test_two_at_once_the_second_sees_that_somebody_was_quicker(house: House) -> None:
    given = policy_fields()
    director = as_(house.company.director)
    assert director.post("/ajustes/casos/cambiar/", given).status_code == 302
    answer = director.post("/ajustes/casos/cambiar/", {**given, "stuck_working_days": "33"})
    assert answer.status_code == 409
    assert 'value="33"' in answer.content.decode()


def test_a_deadline_of_law_is_set_changed_and_dropped(house: House) -> None:
    admin = as_(house.company.administrator)
    given = {
        "customer_kind": "public",
        "case_kind": "",
        "days": "20",
        "unit": "days",
        "source": "Pliego de 2026",
        "seen": "0",
    }
    assert admin.get("/ajustes/casos/plazos/nuevo/").status_code == 200
    assert admin.post("/ajustes/casos/plazos/nuevo/", given).status_code == 302
    made = LegalDeadline.objects.get(customer_kind="public")
    path = f"/ajustes/casos/plazos/{made.pk}/"
    assert admin.get(path).status_code == 200
    refused = admin.post(path, {**given, "days": "0", "seen": made.version})
    assert refused.status_code == 422
    assert 'id="id_days_error"' in refused.content.decode()
    assert admin.post(path, {**given, "days": "25", "seen": made.version}).status_code == 302
    made.refresh_from_db()
    assert made.days == 25
    assert admin.post(f"{path}quitar/", {"seen": made.version}).status_code == 302
    assert "Pliego de 2026" not in admin.get("/ajustes/casos/").content.decode()
    assert admin.get(path).status_code == 404


@pytest.mark.parametrize("minutes", [1, 30, 60, 96, 384, 480, 1152, 2400, 61])
def test_a_length_is_said_so_that_it_reads_back(house: House, minutes: int) -> None:
    assert minutes_of(said_minutes(minutes)) == minutes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90),
        ("4 h", 240),
        ("2 días", 960),
        ("1d 4h", 720),
        ("2 D", 960),
        ("", None),
        ("dos", None),
        ("4 x", None),
    ],
)
def test_a_length_is_read_as_people_write_it(text: str, minutes: int | None) -> None:
    assert minutes_of(text) == minutes


def test_the_form_asks_for_every_pair_once(house: House) -> None:
    form = CasePolicyForm(initial=policy_fields(), seen=1)
    assert len(list(form.matrix)) == 3
    assert len(list(form.times)) == 9
