from django.apps import AppConfig


class WebMoneyConfig(AppConfig):
    name = "hilo.web.money"
    label = "web_money"

    def ready(self) -> None:
        from hilo.web.money import entries  # noqa: F401  it registers how invoices stand in a story
        from hilo.web.money.menu import add_entry

        add_entry()
