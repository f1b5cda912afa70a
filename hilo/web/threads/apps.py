from django.apps import AppConfig


class WebThreadsConfig(AppConfig):
    name = "hilo.web.threads"
    label = "web_threads"
