import pytest

from tests.factories.parties import a_company, a_contact, a_customer

pytestmark = pytest.mark.django_db


def test_smoke() -> None:
    company = a_company()
    customer = a_customer(delegation=company.zaragoza, keeper=company.people["sales"])
    a_contact(customer)
