"""Our own people: sign-in, dated memberships, absences, and the notices that may interrupt them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PersonManager(BaseUserManager["Person"]):
    """Only looks people up; making one is the command ``add_person``."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody of ours, who signs in with their e-mail address. ``is_active`` ends sign-in at once."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the device says")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Language(models.TextChoices):
        SPANISH = "es", "Español"
        ENGLISH = "en", "English"

    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"), unique=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.SPANISH)
    zone = models.CharField(_("time zone"), max_length=60, default="Europe/Madrid")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    is_active = models.BooleanField(default=True)
    left_at = models.DateTimeField(null=True, blank=True)
    is_director = models.BooleanField(default=False)
    is_administrator = models.BooleanField(default=False)
    is_auditor = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(is_active=True, left_at__isnull=True) | Q(is_active=False),
                name="who_left_is_not_active",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:2])).upper()


class Membership(models.Model):
    """A person works in an area at a delegation from a day on; exactly one open membership is primary."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    area = models.ForeignKey("parties.Area", models.PROTECT, related_name="memberships")
    delegation = models.ForeignKey("parties.Delegation", models.PROTECT, related_name="memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # last day, inclusive
    is_primary = models.BooleanField(default=False)
    is_head = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(is_primary=True, ends_on__isnull=True),
                name="one_primary_membership",
            ),
            models.UniqueConstraint(
                fields=["person", "area", "delegation"],
                condition=Q(ends_on__isnull=True),
                name="member_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.area}, {self.delegation}"


class DelegationManagement(models.Model):
    person = models.ForeignKey(Person, models.PROTECT, related_name="managements")
    delegation = models.ForeignKey("parties.Delegation", models.PROTECT, related_name="managements")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "delegation"], condition=Q(ends_on__isnull=True), name="manager_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.delegation}"


class Absence(models.Model):
    """While absent, what needs an answer goes to the substitute as well; nothing changes owner."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="absences")
    substitute = models.ForeignKey(Person, models.PROTECT, related_name="substitutions")
    first_day = models.DateField()
    last_day = models.DateField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="absence_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(person=F("substitute")), name="substitute_is_another"),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.first_day} – {self.last_day}"


class Invitation(models.Model):
    """Only a digest of the token is kept: who reads the database cannot sign in with it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="invitations")
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"invitation of {self.person}"


class NoticeMail(models.Model):
    """One mail with what a person was told and has not seen: put together once, so that it can be sent again
    word for word when nobody knows whether it left."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="notice_mails")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["sent_at", "gave_up_at"], name="notice_mail_waiting"),)

    def __str__(self) -> str:
        return f"notices to {self.person_id}"


class Notice(models.Model):
    """Something a person is told. ``key`` makes it once only; few interrupt, the rest waits in Mi día."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    thread_id = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    interrupts = models.BooleanField(default=False)
    mail = models.ForeignKey(NoticeMail, models.PROTECT, null=True, related_name="notices")
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "key"], name="notice_once"),)
        indexes = (models.Index(fields=["person", "read_at", "-created_at"], name="notice_unread"),)

    def __str__(self) -> str:
        return f"{self.kind} to {self.person}"
