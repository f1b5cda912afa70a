"""``hilo verify`` and ``hilo doctor`` on a database of either kind."""

from __future__ import annotations

import pytest
from django.db import connection

from hilo.cli.command_line import main
from hilo.cli.doctor import examine
from hilo.ledger.verify import verify
from tests.support.ledger import lift_append_only


@pytest.mark.django_db
def test_verify_prints_the_verdict_and_succeeds_when_the_chains_hold(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["verify"]) == 0
    assert capsys.readouterr().out == f"{verify()}\n"


@pytest.mark.django_db
def test_verify_fails_when_something_does_not_fit(capsys: pytest.CaptureFixture[str]) -> None:
    with lift_append_only():
        assert main(["verify"]) == 1
    assert "ledger_ledgerevent" in capsys.readouterr().out


@pytest.mark.django_db
def test_doctor_names_the_database_and_that_nobody_does_the_background_work(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert examine() == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("✓") and connection.display_name in line for line in lines)
    assert [line for line in lines if line.startswith("✗") and "hilo worker" in line]
