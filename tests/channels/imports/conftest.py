"""Files to import, written for one test. Sentences are compared in English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import translation

from tests.channels.imports.bringing import Bringer
from tests.factories.parties import a_company

type Writer = Callable[..., Path]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def file(tmp_path: Path) -> Writer:
    def write(content: str | bytes, name: str = "clientes.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def exports(shared: Path) -> Path:
    return shared / "channels" / "crm-exports"


@pytest.fixture
def bringer(db: None) -> Bringer:
    return Bringer(a_company())
