from django.apps import AppConfig


class WebSearchConfig(AppConfig):
    name = "hilo.web.search"
    label = "web_search"
