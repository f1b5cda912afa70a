"""Workers killed with -9 at random while clocks run out and mail leaves, under a clock that jumps.

Every day a small play; the whole one (500 clocks, 500 messages, 20 kills) on purpose::

    HILO_CHAOS=whole pytest tests/quality/chaos

What is promised stands in docs/clocks.md and docs/mail.md: every step of the ladder exactly once, every mail
at least once, and no more copies than there were kills and jumps of the clock.
"""

from __future__ import annotations

import email
import os
import random
import signal
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from tests.jobs.worker_house import WorkerHouse, wait_until

WHOLE = os.environ.get("HILO_CHAOS") == "whole"
CASES, EACH, KILLS = (170, 3, 20) if WHOLE else (12, 1, 4)  # EACH: messages on the thread of a case
WORKERS = 3
CLOCKS, STEPS = 3, 3  # acknowledgement, response and news of each case; owner, head, director
HOUR, DAY = 3600, 86400
PATIENCE = 900.0
RUNGS = "SELECT count(*) FROM quality_rung"
QUEUED = "SELECT count(*) FROM work_update WHERE mail = 'queued'"


class Postman:
    def __init__(self) -> None:
        self.ids: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.ids.append(email.message_from_bytes(envelope.content or b"")["Message-ID"])  # type: ignore[arg-type]
        return "250 OK"


class ChaosHouse(WorkerHouse):
    settings = "tests.quality.chaos.settings"

    def __init__(self, database: dict[str, Any], folder: Path, port: int) -> None:
        super().__init__(database, folder / "workers.log")
        self.clock = folder / "clock"
        self.clock.write_text("0")
        self._port = port

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {
            "HILO_CHAOS_SMTP": str(self._port),
            "HILO_CHAOS_CLOCK": str(self.clock),
        }

    def feeding(self, until: Path) -> subprocess.Popen[bytes]:
        code = f"from tests.quality.chaos.seeding import feed; feed({str(until)!r})"
        return self._popen("-c", f"import django; django.setup()\n{code}")

    def kill_one(self, chance: random.Random) -> bool:
        """Whichever worker, whatever it does at that moment."""
        alive = [worker for worker in self.workers if worker.poll() is None]
        worker = chance.choice(alive)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        self.workers.remove(worker)
        return True


@pytest.fixture
def postman() -> Iterator[tuple[Postman, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    handler = Postman()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


@pytest.fixture
def house(transactional_db: None, tmp_path: Path, postman: tuple[Postman, int]) -> Iterator[ChaosHouse]:
    """On the test's own database: migrating another one would take longer than the play."""
    keys = ("ENGINE", "NAME", "USER", "HOST", "OPTIONS")
    database = {key: value for key, value in connection.settings_dict.items() if key in keys}
    house = ChaosHouse(database, tmp_path, postman[1])
    try:
        yield house
    finally:
        house.close()


def test_kills_and_a_jumping_clock_lose_no_escalation_and_no_mail(
    house: ChaosHouse, postman: tuple[Postman, int], tmp_path: Path
) -> None:
    handler, _port = postman
    house.do(f"from tests.quality.chaos.seeding import seed; seed({CASES}, {EACH})")
    enough = tmp_path / "enough"
    feeder = house.feeding(enough)
    for _ in range(WORKERS):
        house.start_worker()
    wait_until(house.all_registered, what="the workers to begin")

    jumps = kill_and_jump(house)
    rungs = CASES * CLOCKS * STEPS
    wait_until(lambda: house.number(RUNGS) >= rungs, what="the whole ladder", patience=PATIENCE)
    house.clock.write_text(str(HOUR))  # the leases of the killed end
    wait_until(lambda: house.number(QUEUED) == 0, what="the last message", patience=PATIENCE)
    enough.touch()
    assert feeder.wait(60) == 0, house.log_text()
    house.stop_all()

    assert told_by_step(house) == {
        "owner": CASES * CLOCKS,
        "head": CASES * CLOCKS,
        "director": CASES * CLOCKS,
    }
    assert house.number("SELECT count(*) FROM ledger_ledgerevent WHERE kind = 'lateness.told'") == rungs
    assert in_order(house)
    assert_mail_left(house, handler, jumps + 1)
    house.do("from hilo.ledger.verify import verify; assert verify().holds")


def kill_and_jump(house: ChaosHouse) -> int:
    """Kills spread over the work, each worker replaced at once; an hour and a day ahead and back between."""
    chance = random.Random(20261122)
    jumps = {KILLS // 4: HOUR, KILLS // 2: 0, 2 * KILLS // 3: DAY, 5 * KILLS // 6: 0}
    per_kill = CASES * CLOCKS * STEPS // (2 * KILLS)
    for nth in range(KILLS):
        wait_until(
            partial(has_rungs, house, per_kill * nth), what=f"{per_kill * nth} steps", patience=PATIENCE
        )
        if nth in jumps:
            house.clock.write_text(str(jumps[nth]))
        house.kill_one(chance)
        house.start_worker()
    return len(jumps)


def has_rungs(house: ChaosHouse, enough: int) -> bool:
    return house.number(RUNGS) >= enough


def told_by_step(house: ChaosHouse) -> dict[str, int]:
    return {
        str(step): int(n) for step, n in house.rows("SELECT step, count(*) FROM quality_rung GROUP BY step")
    }


def in_order(house: ChaosHouse) -> bool:
    """Owner before head before director, for each clock, by the order in which they were written."""
    rows = house.rows("SELECT case_id, key, step FROM quality_rung ORDER BY id")
    climbed: dict[tuple[int, str], list[str]] = {}
    for case, key, step in rows:
        climbed.setdefault((case, key), []).append(step)
    return all(steps == ["owner", "head", "director"] for steps in climbed.values())


def assert_mail_left(house: ChaosHouse, handler: Postman, jumps: int) -> None:
    arrived = Counter(each for each in handler.ids if each.startswith("<update-"))
    messages = CASES * EACH
    assert len(arrived) == messages
    copies = sum(arrived.values()) - messages
    assert copies <= KILLS + jumps * WORKERS, f"{copies} copies"
    noted = house.number("SELECT count(*) FROM ledger_ledgerevent WHERE kind = 'update.mailed'")
    assert noted == messages
    print(f"\n{CASES * CLOCKS} clocks, {messages} messages, {KILLS} kills: {copies} copies")
