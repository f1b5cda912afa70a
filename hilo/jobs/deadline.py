"""Ending a job that does not end. A hung job keeps its worker's heart beating, so it must be cut off."""

from __future__ import annotations

import faulthandler
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

from hilo.jobs.config import job_settings
from hilo.jobs.errors import JobStopped, JobTimedOut

STDERR = 2


class Deadline:
    """Two lines of defence. At the limit an exception is raised inside the job; if it is still running
    ``hard_stop_after`` later (stuck in C, or it swallowed the exception) the process writes where it hangs
    and ends, and its task is taken back like any dead worker's. The second needs no cooperation of Python:
    faulthandler's watchdog is a C thread.

    Without SIGALRM (Windows) or outside the main thread only the second line stands.
    """

    def __init__(self) -> None:
        self._is_running = False
        self._reason: type[BaseException] = JobTimedOut
        self._stop_by: float | None = None
        self.was_stopped = False

    @contextmanager
    def limit(self, duration: timedelta) -> Iterator[None]:
        self._reason, self.was_stopped = JobTimedOut, False
        seconds = duration.total_seconds()
        hard_stop = job_settings().hard_stop_after.total_seconds()
        has_alarm = hasattr(signal, "SIGALRM") and threading.current_thread() is threading.main_thread()
        faulthandler.dump_traceback_later(seconds + hard_stop, exit=True, file=STDERR)
        before = signal.signal(signal.SIGALRM, self._ring) if has_alarm else None
        try:
            self._is_running = has_alarm
            if has_alarm:
                self._ring_in(seconds)
                self._hasten()  # the signal may have come between the claim and this line
            yield
        finally:
            self._is_running = False
            if has_alarm:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, before)
            faulthandler.cancel_dump_traceback_later()

    def stop_within(self, grace: timedelta) -> None:
        """The worker was told to stop: the job may go on for the grace, or until its own limit if sooner."""
        self._stop_by = time.monotonic() + grace.total_seconds()
        self._hasten()

    def _hasten(self) -> None:
        if not self._is_running or self._stop_by is None:
            return
        left = max(self._stop_by - time.monotonic(), 0.001)
        if signal.getitimer(signal.ITIMER_REAL)[0] > left:
            self._reason = JobStopped
            self._ring_in(left)

    @staticmethod
    def _ring_in(seconds: float) -> None:
        """Again and again until heard: an alarm in the instant before a sleep begins does not wake it."""
        signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)

    def _ring(self, signum: int, frame: FrameType | None) -> None:
        if self._is_running:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.was_stopped = self._reason is JobStopped
            raise self._reason
