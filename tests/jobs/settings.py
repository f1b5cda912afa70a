"""Just enough of Hilo for worker processes of the tests: they start in half the time of the whole."""

import json
import os

SECRET_KEY = "only for tests"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "es"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.contenttypes", "django_tasks_db", "hilo.jobs", "tests.jobs.app"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

if "HILO_JOBS_TEST_DATABASE" in os.environ:
    DATABASES = {"default": json.loads(os.environ["HILO_JOBS_TEST_DATABASE"])}
else:
    from hilo.settings.test import DATABASES, TEST_LANE  # noqa: F401

HILO_JOBS = {}
if "HILO_JOBS_TEST_INTERVALS" in os.environ:
    from datetime import timedelta

    HILO_JOBS = {
        name: number if name in {"silent_beats", "max_tries"} else timedelta(seconds=number)
        for name, number in json.loads(os.environ["HILO_JOBS_TEST_INTERVALS"]).items()
    }
