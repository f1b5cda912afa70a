from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

# What registers itself when imported: commands, next steps, what hangs, what is owed, holdings, what pages
# of threads show besides.
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
    "sources_of_causes",
    "commands.actions",
    "commands.lessons",
    "commands.praise",
    "queries.beside",
)


class QualityConfig(AppConfig):
    name = "hilo.quality"
    label = "quality"

    def ready(self) -> None:
        for module in REGISTERING:
            import_module(f"{self.name}.{module}")
        post_migrate.connect(_seed, sender=self)


def _seed(**kwargs: Any) -> None:
    """From the last migration on, and again after a flush."""
    from django.db import connections

    from hilo.quality.models import PolicyRule
    from hilo.quality.seeds import seed_quality

    using = kwargs["using"]
    if PolicyRule._meta.db_table in connections[using].introspection.table_names():
        seed_quality(using)
