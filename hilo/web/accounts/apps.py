from django.apps import AppConfig


class WebAccountsConfig(AppConfig):
    name = "hilo.web.accounts"
    label = "web_accounts"

    def ready(self) -> None:
        from hilo.web.accounts.sessions_kept import keep_in_mind

        keep_in_mind()
