from django.apps import AppConfig


class WebProcessesConfig(AppConfig):
    name = "hilo.web.processes"
    label = "web_processes"
