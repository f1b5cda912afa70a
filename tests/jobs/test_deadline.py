"""Cutting a job off, also when the order to stop comes at an awkward moment."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from hilo.jobs.deadline import Deadline
from hilo.jobs.errors import JobStopped, JobTimedOut

SOON, LATE = timedelta(seconds=0.05), timedelta(seconds=60)


def hang() -> None:
    time.sleep(30)


def test_at_its_limit_a_job_is_interrupted() -> None:
    deadline = Deadline()
    with pytest.raises(JobTimedOut), deadline.limit(SOON):
        hang()
    assert not deadline.was_stopped


def test_an_order_to_stop_shortens_the_limit() -> None:
    deadline = Deadline()
    with pytest.raises(JobStopped), deadline.limit(LATE):
        deadline.stop_within(SOON)
        hang()
    assert deadline.was_stopped


def test_an_order_that_came_after_the_claim_and_before_the_job_counts_too() -> None:
    deadline = Deadline()
    deadline.stop_within(SOON)
    with pytest.raises(JobStopped), deadline.limit(LATE):
        hang()


def test_an_order_to_stop_does_not_lengthen_the_limit() -> None:
    deadline = Deadline()
    with pytest.raises(JobTimedOut), deadline.limit(SOON):
        deadline.stop_within(LATE)
        hang()


def test_a_second_order_interrupts_at_once() -> None:
    deadline = Deadline()
    with pytest.raises(JobStopped), deadline.limit(LATE):
        deadline.stop_within(timedelta(seconds=50))
        deadline.stop_within(timedelta(0))
        hang()


def test_nothing_rings_after_the_job_is_over() -> None:
    deadline = Deadline()
    with deadline.limit(SOON):
        pass
    time.sleep(0.1)


def test_a_job_that_fails_by_itself_while_its_worker_stops_was_not_stopped() -> None:
    deadline = Deadline()
    with pytest.raises(ValueError), deadline.limit(LATE):
        deadline.stop_within(LATE - timedelta(seconds=1))
        raise ValueError
    assert not deadline.was_stopped
