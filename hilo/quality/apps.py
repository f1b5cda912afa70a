from importlib import import_module

from django.apps import AppConfig

# What registers itself when imported: commands, next steps, what hangs, what is owed, holdings.
REGISTERING: tuple[str, ...] = (
    "commands.cases",
    "commands.telling",
    "commands.closing",
    "commands.escalations",
    "sources_of_cases",
    "succession",
    "commands.pausing",
    "commands.ladder",
    "commands.policies",
    "commands.causes",
    "commands.actions",
    "commands.lessons",
    "commands.praise",
)


class QualityConfig(AppConfig):
    name = "hilo.quality"
    label = "quality"

    def ready(self) -> None:
        for module in REGISTERING:
            import_module(f"{self.name}.{module}")
