"""Declaring jobs: ``@job`` for work enqueued by a command, ``@periodic`` for work due by the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal, ParamSpec
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured
from django.tasks.base import Task

from hilo.jobs.config import job_settings
from hilo.jobs.schedule import Daily, Every, Schedule

if TYPE_CHECKING:
    from django.tasks.base import TaskResult

P = ParamSpec("P")
CatchUp = Literal["latest", "each"]

if TYPE_CHECKING:

    class _TypedTask(Task[P, None]): ...
else:

    class _TypedTask[**Q](Task):
        """Django's Task is generic in its stubs only."""

        __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(_TypedTask[P]):
    """A django Task with limits. ``enqueue`` joins the caller's transaction: it rolls back with it.

    ``atomic``: the function and the note that it succeeded are one transaction, so its database effects
    happen exactly once; on SQLite that transaction holds the write lock for as long as the job runs.
    """

    timeout: timedelta | None = None
    max_tries: int | None = None
    atomic: bool = False

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Do it here and now, as a plain function."""
        self.func(*args, **kwargs)

    def enqueue_at(self, moment: datetime, /, *args: P.args, **kwargs: P.kwargs) -> TaskResult[P, None]:
        """Enqueue for the moment or the first chance after it."""
        return replace(self, run_after=moment).enqueue(*args, **kwargs)

    @property
    def time_limit(self) -> timedelta:
        return self.timeout or job_settings().timeout

    @property
    def tries_allowed(self) -> int:
        return self.max_tries or job_settings().max_tries

    def run_stored(self, args: list[Any], kwargs: dict[str, Any]) -> None:
        """Run with the arguments as the queue kept them."""
        self.func(*args, **kwargs)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodicJob(Job[[datetime]]):
    """A job whose one argument is the slot it runs for; the queue keeps it as ISO text."""

    slot_name: str
    schedule: Schedule
    catch_up: CatchUp = "latest"

    def enqueue_slot(self, slot: datetime) -> TaskResult[..., None]:
        return self.get_backend().enqueue(self, [slot.isoformat()], {})

    def run_stored(self, args: list[Any], kwargs: dict[str, Any]) -> None:
        self.func(datetime.fromisoformat(args[0]))


PERIODIC_JOBS: dict[str, PeriodicJob] = {}


def job(
    *, timeout: timedelta | None = None, max_tries: int | None = None, atomic: bool = False, priority: int = 0
) -> Callable[[Callable[P, None]], Job[P]]:
    """Make a module-level function a background job; its arguments must be plain JSON (ids, not objects)."""

    def declare(function: Callable[P, None]) -> Job[P]:
        return Job(func=function, timeout=timeout, max_tries=max_tries, atomic=atomic, priority=priority)

    return declare


def periodic(
    *,
    name: str,
    every: timedelta | None = None,
    daily_at: time | None = None,
    zone: str = "UTC",
    catch_up: CatchUp = "latest",
    timeout: timedelta | None = None,
    max_tries: int | None = None,
    atomic: bool = False,
) -> Callable[[Callable[[datetime], None]], PeriodicJob]:
    """Run the function once for each slot. The name is stored: renaming it starts a new history.

    ``catch_up="latest"`` runs only the newest slot after an outage and lets it replace one still waiting;
    ``"each"`` runs them all, oldest first.
    """
    schedule = _schedule(every, daily_at, zone)

    def declare(function: Callable[[datetime], None]) -> PeriodicJob:
        declared = PeriodicJob(
            func=function,
            slot_name=name,
            schedule=schedule,
            catch_up=catch_up,
            timeout=timeout,
            max_tries=max_tries,
            atomic=atomic,
        )
        if PERIODIC_JOBS.setdefault(name, declared) is not declared:
            raise ImproperlyConfigured(f"two periodic jobs are called {name!r}")
        return declared

    return declare


def _schedule(every: timedelta | None, daily_at: time | None, zone: str) -> Schedule:
    if every is not None and daily_at is None:
        return Every(every)
    if daily_at is not None and every is None:
        return Daily(daily_at, ZoneInfo(zone))
    raise ImproperlyConfigured("say either every=... or daily_at=...")
