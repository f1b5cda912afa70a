"""One worker sends a message at a time. What a lease cannot prevent is stated in ``docs/mail.md``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import F, Q

from hilo.channels.models import Leaving

LEASE = timedelta(minutes=5)  # longer than any conversation with a mail server may take


@contextmanager
def leaving(key: str, now: datetime) -> Iterator[bool]:
    """Yields whether the message is ours to send. The lease ends with the block, whatever happened in it;
    only a killed worker leaves one behind, for at most ``LEASE``."""
    if not _claim(key, now):
        yield False
        return
    try:
        yield True
    finally:
        Leaving.objects.filter(key=key).delete()


def _claim(key: str, now: datetime) -> bool:
    _row, is_new = Leaving.objects.get_or_create(key=key, defaults={"until": now + LEASE})
    if is_new:
        return True
    # Further ahead than a lease can be: the clock of the machine was ahead when it was written.
    over = Q(until__lte=now) | Q(until__gt=now + 2 * LEASE)
    return bool(Leaving.objects.filter(over, key=key).update(until=now + LEASE, tries=F("tries") + 1))
