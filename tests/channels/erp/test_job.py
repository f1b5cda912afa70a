"""The watched folder as background work and at a terminal."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from hilo.channels.erp import subcommand
from hilo.channels.erp.jobs import KEPT, take_what_the_erp_left
from hilo.channels.erp.models import TakenFile
from hilo.channels.erp.running import run_feed
from hilo.jobs.registry import PERIODIC_JOBS
from hilo.parties.models import Customer
from tests.channels.erp.conftest import CUSTOMERS, Feed, age

SLOT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_the_job_takes_what_has_rested_and_stands_among_the_periodic_ones(
    feed: Feed, settings: Settings
) -> None:
    settings.HILO_ERP_FOLDER = str(feed.folder)
    rested = feed.put("clientes-1.csv", CUSTOMERS, ["C1", "Uno", "", ""])
    age(rested, 60, timezone.now())
    feed.put("clientes-2.csv", CUSTOMERS, ["C2", "Dos", "", ""])
    take_what_the_erp_left(SLOT)
    assert feed.waiting_files() == ["clientes-2.csv"]
    assert PERIODIC_JOBS["channels.erp"].time_limit > timedelta(minutes=1)


def test_without_a_folder_or_with_a_bad_one_the_job_does_no_harm(
    feed: Feed, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    take_what_the_erp_left(SLOT)
    settings.HILO_ERP_FOLDER = str(feed.folder / "nowhere")
    take_what_the_erp_left(SLOT)
    assert "cannot be read" in caplog.text


def test_what_was_taken_long_ago_is_forgotten(feed: Feed, settings: Settings) -> None:
    settings.HILO_ERP_FOLDER = str(feed.folder)
    old = timezone.now() - KEPT - timedelta(days=1)
    TakenFile.objects.create(source="sap", kind="orders", name="x.csv", digest="x", taken_at=old)
    take_what_the_erp_left(SLOT)
    assert not TakenFile.objects.exists()


def test_when_time_is_over_the_rest_is_left_for_the_next_run(feed: Feed) -> None:
    feed.put("clientes.csv", CUSTOMERS, *[[f"C{n}", f"Cliente {n}", "", ""] for n in range(40)])
    run = run_feed(feed.folder, now=feed.now, quiet=timedelta(0), budget=timedelta(seconds=0.05))
    assert run.is_cut and feed.waiting_files() == ["clientes.csv"]
    feed.run()
    assert Customer.objects.filter(name__startswith="Cliente ").count() == 40


def test_the_command_line_tells_what_it_did_and_ends_with_1_when_a_row_was_refused(
    feed: Feed, capsys: pytest.CaptureFixture[str]
) -> None:
    options = Namespace(folder=feed.folder)
    assert subcommand.run(options) == subcommand.DONE
    feed.put("clientes.csv", CUSTOMERS, ["C1", "Uno", "", ""], ["C2", "", "", ""])
    assert subcommand.run(options) == subcommand.REFUSED
    said = capsys.readouterr().out
    assert "There was no new file." in said
    assert "clientes.csv: 2 rows; 1 new, 0 changed, 0 as before, 0 waiting, 0 too old, 1 refused" in said
    assert "Row 3, column “Razón social”: it is empty." in said
    (feed.folder / "mapping.yaml").unlink()
    assert subcommand.run(options) == subcommand.UNUSABLE
