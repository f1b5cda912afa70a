from importlib import import_module

from django.apps import AppConfig

# How the events of the packages above ``work`` stand in a story.
ENTRIES = ("entries_of_cases", "entries_of_causes")


class WebThreadsConfig(AppConfig):
    name = "hilo.web.threads"
    label = "web_threads"

    def ready(self) -> None:
        for module in ENTRIES:
            import_module(f"{self.name}.{module}")
