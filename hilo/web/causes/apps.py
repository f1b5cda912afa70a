from django.apps import AppConfig


class WebCausesConfig(AppConfig):
    name = "hilo.web.causes"
    label = "web_causes"
