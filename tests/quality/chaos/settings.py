"""The whole of Hilo for worker processes that are killed, with a clock that the test can move."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from hilo.settings.test import *  # noqa: F403
from tests.jobs.settings import HILO_JOBS as HILO_JOBS

DATABASES = {"default": json.loads(os.environ["HILO_JOBS_TEST_DATABASE"])}
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": int(os.environ["HILO_CHAOS_SMTP"]), "timeout": 20},
    }
}
DEFAULT_FROM_EMAIL = "Hilo <hilo@envasa.example>"

CLOCK = Path(os.environ["HILO_CHAOS_CLOCK"])  # by how many seconds the machine's clock is wrong
_true_now = timezone.now


def _shifted_now() -> datetime:
    return _true_now() + timedelta(seconds=float(CLOCK.read_text() or 0))


timezone.now = _shifted_now
