from django.apps import AppConfig


class WebCustomersConfig(AppConfig):
    name = "hilo.web.customers"
    label = "web_customers"
