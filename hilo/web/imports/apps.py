from django.apps import AppConfig


class WebImportsConfig(AppConfig):
    name = "hilo.web.imports"
    label = "web_imports"

    def ready(self) -> None:
        from hilo.web.imports.menu import add_entry

        add_entry()
