from importlib import import_module

from django.apps import AppConfig


class WebThreadsConfig(AppConfig):
    name = "hilo.web.threads"
    label = "web_threads"

    def ready(self) -> None:
        import_module("hilo.web.threads.entries_of_causes")
