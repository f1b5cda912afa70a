"""The same figures, counted where the events may already live."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from tests.cli.test_diagnose import figures


@pytest.mark.postgres_only
def test_postgresql_counts_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    where = connection.settings_dict
    monkeypatch.setenv("DATABASE_URL", f"host={where['HOST']} user={where['USER']} dbname=postgres")
    here, there = figures("--example"), figures("--example", "--engine", "postgres")
    assert there["directly_follows"] == here["directly_follows"] and there["handovers"] == here["handovers"]
