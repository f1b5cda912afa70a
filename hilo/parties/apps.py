from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PartiesConfig(AppConfig):
    name = "hilo.parties"
    label = "parties"

    def ready(self) -> None:
        post_migrate.connect(_make_policy, sender=self)


def _make_policy(**kwargs: Any) -> None:
    """The one policy row exists from the first migration on, and again after a flush."""
    from django.db import connections

    from hilo.parties.models import CompanyPolicy

    using = kwargs["using"]
    if CompanyPolicy._meta.db_table in connections[using].introspection.table_names():
        CompanyPolicy.objects.using(using).get_or_create(pk=1)
