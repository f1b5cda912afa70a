from django.apps import AppConfig


class DemoConfig(AppConfig):
    """No models: only its catalogue of sentences must be found."""

    name = "hilo.demo"
    label = "demo"
