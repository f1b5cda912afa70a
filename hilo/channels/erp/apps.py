from importlib import import_module

from django.apps import AppConfig


class ErpConfig(AppConfig):
    name = "hilo.channels.erp"
    label = "erp"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module(f"{self.name}.notices")
