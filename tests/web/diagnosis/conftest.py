from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories.parties import Company, a_company
from tests.web.signed_in import as_, yesterday


@pytest.fixture
def company(settings: Settings, tmp_path: Path) -> Company:
    settings.MEDIA_ROOT = tmp_path
    return a_company(now=yesterday())


@pytest.fixture
def head(company: Company) -> Client:
    return as_(company.heads["sales"])
