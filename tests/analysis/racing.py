"""What each of several processes does, for test_race."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

from django.conf import settings

from hilo.analysis import folders, running
from hilo.analysis.commands.diagnoses import ask_again, ask_diagnosis
from hilo.analysis.jobs import run_diagnosis
from hilo.analysis.models import Diagnosis
from hilo.parties.models import Person
from tests.analysis.fakes import FAKE
from tests.factories.parties import acting


def ask(*, person: int, ticket: str, now: str) -> bool:
    moment = datetime.fromisoformat(now)
    by = acting(Person.objects.get(pk=person), moment)
    facts: dict[str, Any] = {"name": "Pedidos", "files": [], "is_example": True}
    _diagnosis, is_new = ask_diagnosis(**facts, token=folders.new_token(), ticket=ticket, by=by, now=moment)
    return is_new


def again(*, diagnosis: int, person: int, seen: int, now: str) -> None:
    moment = datetime.fromisoformat(now)
    by = acting(Person.objects.get(pk=person), moment)
    ask_again(Diagnosis.objects.get(pk=diagnosis), seen=seen, by=by, now=moment)


def run(*, diagnosis: int, media: str) -> None:
    settings.MEDIA_ROOT = media
    running.READER = (sys.executable, str(FAKE))
    run_diagnosis(diagnosis, 1)
