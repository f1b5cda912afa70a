"""Which views of the list of threads somebody may open."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from hilo.parties.models import Person
from hilo.work.models import DefaultView, SavedView


def views_of(person: Person) -> QuerySet[SavedView]:
    """Their own and the shared ones, by name, each with ``is_default`` for this person."""
    theirs = DefaultView.objects.filter(view=OuterRef("pk"), person=person)
    return (
        SavedView.objects.filter(Q(owner=person) | Q(is_shared=True))
        .select_related("owner")
        .annotate(is_default=Exists(theirs))
        .order_by("name", "pk")
    )
