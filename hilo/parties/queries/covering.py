"""Who stands in for whom, now and in the days to come."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from hilo.parties.actor import Actor
from hilo.parties.models import Absence

A_WEEK = timedelta(days=7)


def absences_around(actor: Actor, on: date, *, until: date) -> QuerySet[Absence]:
    """The actor's own absences and those they cover: running, or beginning ``until`` then."""
    near = Absence.objects.filter(cancelled_at__isnull=True, last_day__gte=on, first_day__lte=until)
    return near.filter(Q(person=actor.person) | Q(substitute=actor.person)).order_by("first_day", "pk")
