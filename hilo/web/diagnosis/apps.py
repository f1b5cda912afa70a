from django.apps import AppConfig


class WebDiagnosisConfig(AppConfig):
    name = "hilo.web.diagnosis"
    label = "web_diagnosis"

    def ready(self) -> None:
        from hilo.web.diagnosis.menu import add_entries

        add_entries()
