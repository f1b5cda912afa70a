"""Keeping a number of worker processes alive: one that ends without being told to is started again."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

log = logging.getLogger("hilo.jobs")
LOOK_EVERY = 0.5
LONGEST_PAUSE = 30.0


def worker_command(parent: int) -> list[str]:
    return [sys.executable, "-m", "django", "hilo_worker", "--parent", str(parent)]


class _Seat:
    """A place for one worker. One that keeps dying at once is started ever more slowly."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._pause = 0.0
        self._start()

    def _start(self) -> None:
        self._started = time.monotonic()
        self.process = subprocess.Popen(self._command)

    def refill(self) -> None:
        if self.process.poll() is None:
            return
        lived = time.monotonic() - self._started
        if lived < self._pause:
            return
        self._pause = 0.0 if lived > LONGEST_PAUSE else min(max(1.0, self._pause * 2), LONGEST_PAUSE)
        log.warning("worker process %d ended with %s", self.process.pid, self.process.returncode)
        self._start()


def supervise_workers(count: int, *, command: Sequence[str] | None = None) -> None:
    """Block until SIGTERM or SIGINT; then tell the workers to stop and wait for them.

    Workers notice on their own when this process is killed, and stop too.
    """
    is_stopping = False
    seats = [_Seat(command or worker_command(os.getpid())) for _ in range(count)]

    def pass_on(signum: int, frame: FrameType | None) -> None:
        nonlocal is_stopping
        is_stopping = True
        for seat in seats:
            if seat.process.poll() is None:
                seat.process.terminate()

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        while not is_stopping:
            for seat in seats:
                seat.refill()
            time.sleep(LOOK_EVERY)
    finally:
        pass_on(signal.SIGTERM, None)
        for seat in seats:
            seat.process.wait()
        for number, handler in before.items():
            signal.signal(number, handler)
