from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

# Every command is known from start-up on, and a leaver's own holdings come before those of other packages.
REGISTERING = (
    "commands.absences",
    "commands.calendars",
    "commands.company",
    "commands.customers",
    "commands.leaving",
    "commands.memberships",
    "commands.merges",
    "commands.modules",
    "commands.passkeys",
    "commands.people",
    "commands.reorganising",
    "commands.second_factor",
    "commands.sessions",
    "commands.sign_in",
    "commands.single_sign_on",
    "seeds",
)


class PartiesConfig(AppConfig):
    name = "hilo.parties"
    label = "parties"

    def ready(self) -> None:
        for module in REGISTERING:
            import_module(f"{self.name}.{module}")
        post_migrate.connect(_make_policy, sender=self)


def _make_policy(**kwargs: Any) -> None:
    """The one policy row exists from the first migration on, and again after a flush."""
    from django.db import connections

    from hilo.parties.models import CompanyPolicy

    using = kwargs["using"]
    if CompanyPolicy._meta.db_table in connections[using].introspection.table_names():
        CompanyPolicy.objects.using(using).get_or_create(pk=1)
