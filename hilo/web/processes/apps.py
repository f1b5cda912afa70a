from importlib import import_module

from django.apps import AppConfig


class WebProcessesConfig(AppConfig):
    name = "hilo.web.processes"
    label = "web_processes"

    def ready(self) -> None:
        import_module("hilo.web.processes.entries")
