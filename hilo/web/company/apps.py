from django.apps import AppConfig


class WebCompanyConfig(AppConfig):
    name = "hilo.web.company"
    label = "web_company"
