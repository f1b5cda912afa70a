"""Where somebody is signed in: enough to recognise a stranger's device, and no more than that."""

from __future__ import annotations

from django.db import models


class OpenSession(models.Model):
    """One browser that is signed in. The row goes when the session ends: nothing tells where one has been.

    ``address`` is only the network (the last part is never kept), ``browser`` and ``system`` are codes.
    """

    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="open_sessions")
    key = models.CharField(max_length=40, unique=True)  # of django_session
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=45, blank=True)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["seen_at"], name="session_seen"),)

    def __str__(self) -> str:
        return f"session {self.pk} of {self.person_id}"
