from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "hilo.work"
    label = "work"
