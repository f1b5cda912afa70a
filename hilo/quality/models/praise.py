"""What the customer was glad about, passed on by name to everybody who took part (SPEC 7.8)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Praise(models.Model):
    class Where(models.TextChoices):
        MAIL = "mail", _("Mail")
        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting")
        PORTAL = "portal", _("Portal")
        SURVEY = "survey", _("Survey")

    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="praises")
    contact = models.ForeignKey("parties.Contact", models.PROTECT, null=True, blank=True, related_name="+")
    where = models.CharField(max_length=7, choices=Where)
    text = models.TextField()
    author = models.ForeignKey("parties.Person", models.PROTECT, null=True, blank=True, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="praise_says_what"),)
        indexes = (models.Index(fields=["-said_at"], name="praise_by_date"),)

    def __str__(self) -> str:
        return self.text[:80]


class Praised(models.Model):
    """Somebody who took part in the thread by then: the one list of people in quality, to thank them."""

    praise = models.ForeignKey(Praise, models.PROTECT, related_name="praised")
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="praises")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["praise", "person"], name="praised_once"),)

    def __str__(self) -> str:
        return f"{self.person} in {self.praise_id}"
