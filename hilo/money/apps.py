from importlib import import_module

from django.apps import AppConfig

REGISTERING = ("commands.invoices", "commands.rates", "linking", "queries.on_thread")


class MoneyConfig(AppConfig):
    name = "hilo.money"
    label = "money"

    def ready(self) -> None:
        for module in REGISTERING:
            import_module(f"{self.name}.{module}")
