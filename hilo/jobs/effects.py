"""Making an effect happen exactly once although its task may run more than once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone


@contextmanager
def exactly_once(key: str) -> Iterator[bool]:
    """Open a transaction and yield whether this is the first time the key gets through.

    The caller makes its effect only when told True; mark and effect commit together or not at all. A
    second worker with the same key waits here until the first one commits or rolls back.
    """
    from hilo.jobs.models import Done

    with transaction.atomic():
        _, is_first = Done.objects.get_or_create(key=key, defaults={"at": timezone.now()})
        yield is_first
