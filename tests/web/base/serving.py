"""What a process does all day, and which libraries of analysis it carries afterwards; run as a child."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from benchmarks.web_server import ANALYTICS


def serve(person: int, addresses: Sequence[str]) -> list[str]:
    """Answer as a web process; an address that is not answered is an error."""
    from django.test import Client

    from hilo.parties.models import Person
    from hilo.wsgi import application

    assert application
    client = Client()
    client.force_login(Person.objects.get(pk=person))
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
    return analytics_loaded()


def work() -> list[str]:
    """Do the background work that is due, and every kind of it that comes by the clock."""
    from django.utils import timezone

    from hilo.jobs.worker import run_worker
    from hilo.quality.jobs.clocks import run_case_clocks
    from hilo.work.jobs.clocks import run_clocks

    run_worker(burst=True)
    run_case_clocks(timezone.now())
    run_clocks(timezone.now())
    return analytics_loaded()


def analytics_loaded() -> list[str]:
    return sorted(set(ANALYTICS) & {name.partition(".")[0] for name in sys.modules})
