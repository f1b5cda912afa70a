from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "hilo.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Import ``jobs.py`` of every app, so that its periodic jobs are registered in every process."""
        autodiscover_modules("jobs")
