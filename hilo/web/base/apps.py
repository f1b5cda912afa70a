from django.apps import AppConfig


class WebBaseConfig(AppConfig):
    name = "hilo.web.base"
    label = "web_base"
