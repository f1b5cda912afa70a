from django.apps import AppConfig


class WebAccountsConfig(AppConfig):
    name = "hilo.web.accounts"
    label = "web_accounts"
