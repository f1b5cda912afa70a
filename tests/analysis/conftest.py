from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from hilo.analysis import running
from hilo.analysis.models import Diagnosis
from tests.analysis.fakes import FAKE
from tests.factories.analysis import a_diagnosis
from tests.factories.parties import Company, a_company

type Asks = Callable[[str], Diagnosis]


@pytest.fixture
def company(settings: Settings, tmp_path: Path) -> Company:
    settings.MEDIA_ROOT = tmp_path
    return a_company()


@pytest.fixture
def asked(company: Company, monkeypatch: pytest.MonkeyPatch) -> Asks:
    """``asked("crash")``: a diagnosis whose reader does just that."""
    monkeypatch.setattr(running, "READER", (sys.executable, str(FAKE)))
    return lambda what: a_diagnosis(company.heads["sales"], log=what.encode())
