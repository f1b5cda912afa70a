from django.apps import AppConfig


class WebListsConfig(AppConfig):
    name = "hilo.web.lists"
    label = "web_lists"
