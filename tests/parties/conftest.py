import pytest

from tests.factories.parties import Company, a_company


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


@pytest.fixture(autouse=True)
def _english() -> object:
    from django.utils import translation

    with translation.override("en"):
        yield
