from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "hilo.parties"
    label = "parties"
