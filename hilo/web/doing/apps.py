from django.apps import AppConfig


class WebDoingConfig(AppConfig):
    name = "hilo.web.doing"
    label = "web_doing"
