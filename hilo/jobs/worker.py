"""The process that runs tasks, one at a time, until it is told to stop."""

from __future__ import annotations

import logging
import os
import platform
import secrets
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from types import FrameType

from django.conf import settings
from django.db import (
    Error,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
    reset_queries,
    transaction,
)
from django.utils import timezone, translation

from hilo.jobs.caretaker import Caretaker, register
from hilo.jobs.claims import Claim, claim_next, release, settle_failure, settle_success
from hilo.jobs.config import job_settings
from hilo.jobs.deadline import Deadline
from hilo.jobs.errors import ClaimLost, JobStopped, WorkerUnknown
from hilo.jobs.models import WorkerBeat
from hilo.jobs.patience import bound_the_waiting
from hilo.jobs.registry import Job
from hilo.jobs.slots import SlotPlanner

log = logging.getLogger("hilo.jobs")
DATABASE_AWAY = (OperationalError, InterfaceError)
SETTLE_TRIES = 12


def run_worker(*, name: str | None = None, burst: bool = False, parent: int | None = None) -> int:
    """Run tasks until SIGTERM or SIGINT; how many were attempted.

    ``burst`` runs what is due now and returns; it may be called inside a transaction (tests do), and then
    starts no thread. ``parent`` is the pid of a supervisor without which the worker is to stop.
    """
    worker = Worker(name=name, parent=parent)
    return worker.run_burst() if burst else worker.run()


class Worker:
    def __init__(self, *, name: str | None = None, parent: int | None = None) -> None:
        base = (name or f"{platform.node()}-{os.getpid()}")[:50]
        self.name = f"{base}-{secrets.token_hex(4)}"
        self._deadline = Deadline()
        self._is_stopping = False
        self._is_inside_transaction = False
        self._caretaker = Caretaker(self.name, on_orphaned=self._stop, parent=parent)

    def run(self) -> int:
        before = {
            number: signal.signal(number, self._on_signal) for number in (signal.SIGTERM, signal.SIGINT)
        }
        bound_the_waiting()
        connections.close_all()
        try:
            self._insist(lambda: register(self.name, now=timezone.now()))
            self._caretaker.start()
            log.info("worker %s started", self.name)
            return self._loop()
        finally:
            self._say_goodbye()
            for number, handler in before.items():
                signal.signal(number, handler)

    def run_burst(self) -> int:
        self._is_inside_transaction = connection.in_atomic_block
        register(self.name, now=timezone.now())
        SlotPlanner().plan(timezone.now())
        if not self._is_inside_transaction:
            self._caretaker.start()
        try:
            attempts = 0
            while self._run_next():
                attempts += 1
            return attempts
        finally:
            self._say_goodbye()

    def _loop(self) -> int:
        attempts = 0
        while not self._is_stopping:
            if self._step():
                attempts += 1
            else:
                self._rest()
        return attempts

    def _step(self) -> bool:
        """Whether there was something to do. A database that is away is waited for."""
        close_old_connections()
        try:
            return self._run_next()
        except DATABASE_AWAY:
            log.exception("the database does not answer; worker %s waits", self.name)
            connections.close_all()
            return False

    def _rest(self) -> None:
        """Short naps, because a signal handler may only set a flag: an Event could deadlock in it."""
        wake = time.monotonic() + job_settings().poll.total_seconds()
        while not self._is_stopping and (left := wake - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))

    def _run_next(self) -> bool:
        reset_queries()
        try:
            claim = claim_next(self.name)
        except WorkerUnknown:
            register(self.name, now=timezone.now())
            return True
        if claim is None:
            return False
        with translation.override(settings.LANGUAGE_CODE):
            self.attempt(claim)
        return True

    def attempt(self, claim: Claim) -> None:
        log.info("task %s %s, try %d", claim.task_id, claim.path, claim.tries)
        tries_allowed = job_settings().max_tries
        try:
            job = claim.load_job()
            tries_allowed = job.tries_allowed
            self._run_limited(job, claim)
        except ClaimLost:
            log.warning("task %s was given to another worker; what this one did is undone", claim.task_id)
        except BaseException as error:
            self._settle_broken(claim, error, tries_allowed)
        else:
            if not job.atomic:
                self._settle(claim, lambda: settle_success(claim))

    def _run_limited(self, job: Job[...], claim: Claim) -> None:
        with self._deadline.limit(job.time_limit):
            if not job.atomic:
                return job.run_stored(claim.args, claim.kwargs)
            with transaction.atomic():
                job.run_stored(claim.args, claim.kwargs)
                if not settle_success(claim):
                    raise ClaimLost

    def _settle_broken(self, claim: Claim, error: BaseException, tries_allowed: int) -> None:
        self._renew_connections()
        if isinstance(error, JobStopped) or self._deadline.was_stopped:
            log.warning("task %s goes back to the queue: the worker must stop", claim.task_id)
            self._settle(claim, lambda: release(claim))
            return
        log.error("task %s %s, try %d failed", claim.task_id, claim.path, claim.tries, exc_info=error)
        self._settle(claim, lambda: settle_failure(claim, error, tries_allowed=tries_allowed))

    def _settle(self, claim: Claim, step: Callable[[], bool]) -> None:
        if not self._insist(step):
            log.warning("task %s was given to another worker, which will settle it", claim.task_id)

    def _insist[T](self, step: Callable[[], T]) -> T:
        """Wait for the database, up to a minute. Then die: the task is taken back as from any dead worker."""
        for tries in range(SETTLE_TRIES):
            try:
                return step()
            except DATABASE_AWAY:
                if self._is_inside_transaction or tries == SETTLE_TRIES - 1:
                    raise
                log.exception("the database does not answer; trying again")
                self._renew_connections()
                time.sleep(min(2**tries / 10, 10))
        raise AssertionError("unreachable")

    def _renew_connections(self) -> None:
        """A job cut off anywhere may leave a connection half way into or out of a transaction."""
        if self._is_inside_transaction:
            return
        for opened in connections.all(initialized_only=True):
            with suppress(Error):
                opened.close()
            del connections[opened.alias]

    def _say_goodbye(self) -> None:
        if self._caretaker.is_alive():
            self._caretaker.stop()
        with suppress(Error):
            WorkerBeat.objects.filter(name=self.name, running=None).delete()
        log.info("worker %s stopped", self.name)

    def _on_signal(self, signum: int, frame: FrameType | None) -> None:
        """The first signal lets the job go on for the grace; a second one takes it back at once."""
        grace = timedelta(0) if self._is_stopping else job_settings().stop_grace
        self._stop()
        self._deadline.stop_within(grace)

    def _stop(self) -> None:
        self._is_stopping = True
