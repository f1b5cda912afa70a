from django.apps import AppConfig


class WebDiagnosisConfig(AppConfig):
    name = "hilo.web.diagnosis"
    label = "web_diagnosis"

    def ready(self) -> None:
        from hilo.web.diagnosis.menu import add_entries
        from hilo.web.threads.entry_kinds import silent

        add_entries()
        what = ("asked", "asked_again", "columns_asked", "finished", "refused", "failed", "deleted")
        silent("a report is about the company, not about a thread", *(f"diagnosis.{each}" for each in what))
