"""Somebody signed in, and a day on which the company of the factories was already at work."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.test import Client
from django.utils import timezone

from hilo.parties.models import Person


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def yesterday() -> datetime:
    """At an hour when it is the same day in UTC and in Madrid."""
    return (timezone.now() - timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
