"""How fast the ERP feed is, and whether a second run changes anything.

    python -m benchmarks.erp_feed olist 1000

On a company of its own in a scratch folder (SQLite), or in the empty database that DATABASE_URL names.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from time import perf_counter

PROCESS = """
code: supply-of-benchmark
name: Supply
kind: supply
runs_per_order: true
steps:
  - {key: take, name: Take, area: sales, target: 4h, weight: light, finishes: on_date}
  - {key: make, name: Prepare, area: production, target: 3d, weight: light, finishes: on_date, after: [take]}
  - key: send
    name: Send
    area: logistics
    target: 1d
    weight: light
    finishes: on_date
    delivers: true
    after: [make]
  - {key: bill, name: Bill, area: admin, target: 2d, weight: light, finishes: on_date, after: [send]}
"""


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    name, most = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.setdefault("HILO_DATA", scratch)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hilo.settings.dev")
        _found_a_company()
        _measure(name, most, Path(scratch))


def _found_a_company() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from hilo.parties.actor import system
    from hilo.parties.seeds import found_company
    from hilo.work.commands.templates import draft_template, publish_version

    call_command("migrate", verbosity=0)
    now = timezone.now()
    found_company(
        name="Benchmark",
        administrator_name="Ada",
        administrator_email="ada@example.com",
        password="a long password of nobody",
        now=now,
    )
    version = draft_template(PROCESS, by=system(), now=now)
    publish_version(version, seen=version.version, by=system(), now=now)


def _measure(name: str, most: int, scratch: Path) -> None:
    from benchmarks.erp_reshaped import WRITERS
    from hilo.ledger.models import LedgerEvent

    rows = WRITERS[name](scratch / "erp", most)
    _say(str(rows))
    _run(scratch / "erp", "first run")
    events = LedgerEvent.objects.count()
    WRITERS[name](scratch / "erp", most)
    shuffle(scratch / "erp")
    _run(scratch / "erp", "the same rows shuffled")
    after = LedgerEvent.objects.count()
    _say(f"{events:,} events; the second run added {after - events}")


def _run(folder: Path, what: str) -> None:
    from django.utils import timezone

    from hilo.channels.erp.models import UnsettledRow
    from hilo.channels.erp.running import run_feed

    began = perf_counter()
    run = run_feed(folder, now=timezone.now(), quiet=timedelta(0))
    seconds = perf_counter() - began
    _say(f"{what}: {seconds:.1f} s, {UnsettledRow.objects.count()} waiting, {run.settled} settled late")
    for taken in run.taken:
        counts = f"new {taken.added}, changed {taken.changed}, same {taken.same}, refused {taken.refused}"
        speed = taken.rows / taken.seconds if taken.seconds else 0
        _say(f"  {taken.name:16} {taken.rows:7,} rows {taken.seconds:7.1f} s {speed:9,.0f} rows/s  {counts}")
        for sentence in taken.refusals[:3]:
            _say(f"    {sentence}")


def shuffle(folder: Path) -> None:
    chance = random.Random(1)
    for path in folder.glob("*.csv"):
        head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        chance.shuffle(rows)
        path.write_text(head + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
