"""A text that names one of our people is handed back with its impersonal wording; ordinary words pass."""

from __future__ import annotations

import pytest

from hilo.errors import RuleViolation
from hilo.parties.models import Person
from hilo.quality.blameless import first_named, impersonal, refuse_names
from tests.factories.parties import a_person
from tests.factories.work import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(house: House) -> None:
    for name in (
        "Iñaki Ibáñez de Garayo", "Rosa Blanco", "Pedro Cruz", "Lucía Albarín", "María del Pilar Sanz",
        "Jo Young",
    ):  # fmt: skip
        a_person(name, area=house.area("sales"), delegation=house.company.zaragoza)
    gone = a_person("Gonzalo Huidobro", area=house.area("sales"), delegation=house.company.zaragoza)
    Person.objects.filter(pk=gone.pk).update(is_active=False, left_at=house.at)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Pedro no mandó el plano", "Pedro"),
        ("el plano que tenía PEDRO", "PEDRO"),
        ("no lo vio Inaki", "Inaki"),
        ("Ibañez lo sabía", "Ibañez"),
        ("se lo dijo iñaki ibáñez de garayo por teléfono", "iñaki ibáñez de garayo"),
        ("Rosa Blanco lo apuntó en un papel", "Rosa Blanco"),
        ("Lo apuntó Blanco, Rosa", "Blanco, Rosa"),
        ("Pilar Sanz no contestó", "Pilar Sanz"),
        ("quedó en el correo de Sanz", "Sanz"),
        ("se fue con Gonzalo Huidobro", "Gonzalo Huidobro"),
        ("Lucía.", "Lucía"),
        ("Jo Young did not send it", "Jo Young"),
    ],
)
@pytest.mark.usefixtures("people")
def test_one_of_our_people_is_noticed(text: str, named: str) -> None:
    found = first_named(text)
    assert found is not None
    assert found.words == named


@pytest.mark.parametrize(
    "text",
    [
        "La lista del traspaso no pregunta por el tapón",
        "El papel blanco de la rosa de los vientos",
        "El pilar de la cruz se marcó mal",
        "Young people at the customer were not trained",
        "Jo, qué tarde llegó",  # two letters alone tell nobody
        "Se pidió a Huidobro S.A.",  # who left is named by the whole name alone
        "",
        "¿?",
        "Pedrola y Pedrosa no son Pedr0",
    ],
)
@pytest.mark.usefixtures("people")
def test_ordinary_words_and_other_names_pass(text: str) -> None:
    assert first_named(text) is None


@pytest.mark.usefixtures("people")
def test_the_customers_name_is_no_person_of_ours(house: House) -> None:
    """Bodegas Albarín is the customer, and Lucía Albarín works here."""
    text = "Albarín no recibió el plano"
    assert first_named(text) is not None
    assert first_named(text, customers=[house.customer]) is None
    named = first_named("Lucía Albarín no lo mandó a Bodegas Albarín", customers=[house.customer])
    assert named is not None and named.words == "Lucía Albarín"


def test_a_person_called_like_an_area_or_a_town_is_not_found_in_it(house: House) -> None:
    a_person("Sevilla Comercial", area=house.area("sales"), delegation=house.company.zaragoza)
    assert first_named("El traspaso de Comercial a Sevilla") is None


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("Pedro no mandó el plano", "No se mandó el plano"),
        ("Pedro no mandó los planos", "No se mandaron los planos"),
        ("Pedro no pidió las muestras", "No se pidieron las muestras"),
        ("Pedro leyó unos datos de otra línea", "Se leyeron unos datos de otra línea"),
        ("Pedro le mandó otro plano", "Se mandó otro plano"),
        ("Pedro no se enteró", "No se enteró"),
        ("Rosa Blanco perdió la hoja.", "Se perdió la hoja."),
        ("El plano lo tenía Pedro", ""),
        ("Pedro olvidó avisar a Lucía", ""),
    ],
)
@pytest.mark.usefixtures("people")
def test_the_impersonal_wording_is_proposed_where_it_is_plain(text: str, proposal: str) -> None:
    named = first_named(text)
    assert named is not None
    assert impersonal(text, named) == proposal


@pytest.mark.usefixtures("people", "in_english")
def test_the_refusal_looks_for_the_gap_and_not_for_the_person() -> None:
    with pytest.raises(RuleViolation) as refused:
        refuse_names("Pedro no mandó el plano", field="text")
    assert refused.value.field == "text"
    assert "not for the person" in str(refused.value)
    assert "“No se mandó el plano”" in str(refused.value)


@pytest.mark.usefixtures("people", "django_assert_num_queries")
def test_a_text_without_names_costs_one_query(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert first_named("Se perdió el dato") is None
