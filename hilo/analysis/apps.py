from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "hilo.analysis"
    label = "analysis"

    def ready(self) -> None:
        from hilo.analysis.commands import diagnoses  # noqa: F401  (commands register when imported)
