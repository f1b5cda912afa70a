from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "hilo.ledger"
    label = "ledger"
