"""Customers and their people. A merged customer stays as an alias of its survivor; history stays put."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Customer(models.Model):
    """The company that pays."""

    class Tier(models.TextChoices):
        A = "A", "A"
        B = "B", "B"
        C = "C", "C"

    class Kind(models.TextChoices):
        """What the law makes of them: their deadlines differ."""

        COMPANY = "company", _("Company")
        CONSUMER = "consumer", _("Consumer")
        PUBLIC = "public", _("Public body")

    name = models.CharField(_("name"), max_length=200)
    tax_id = models.CharField(_("tax number"), max_length=30, blank=True)
    tier = models.CharField(_("tier"), max_length=1, choices=Tier, default=Tier.B)
    kind = models.CharField(_("what they are"), max_length=10, choices=Kind, default=Kind.COMPANY)
    country = models.CharField(_("country"), max_length=60, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    website = models.CharField(_("website"), max_length=255, blank=True)
    since = models.DateField(_("customer since"), null=True, blank=True)
    delegation = models.ForeignKey("parties.Delegation", models.PROTECT, related_name="customers")
    keeper = models.ForeignKey(
        "parties.Person", models.PROTECT, related_name="kept_customers", verbose_name=_("who keeps it")
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="aliases")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="customer_not_its_own_alias"),
        )
        indexes = (models.Index(fields=["tax_id"], name="customer_tax_id"),)

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person at the customer. Erasing leaves the row, so that what refers to it stays valid."""

    class Role(models.TextChoices):
        DECIDES = "decides", _("decides")
        USES = "uses", _("uses it")
        PAYS = "pays", _("pays")
        QUALITY = "quality", _("validates quality")
        BUYS = "buys", _("buys")
        OTHER = "other", _("other")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contacts")
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.OTHER)
    language = models.CharField(max_length=2, default="es")
    left_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(name="", email="", phone="", position=""),
                name="erased_contact_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False) | ~Q(name=""), name="contact_has_a_name"
            ),
        )
        indexes = (models.Index(fields=["email"], name="contact_email"),)

    def __str__(self) -> str:
        return self.name or str(_("erased contact"))

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:2])).upper()


class CustomerMerge(models.Model):
    """``merged`` became an alias of ``survivor``; undoing it points it back to where it was."""

    merged = models.ForeignKey(Customer, models.PROTECT, related_name="merges")
    survivor = models.ForeignKey(Customer, models.PROTECT, related_name="survivals")
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey("parties.Person", models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="merged_once_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.merged} → {self.survivor}"


class ExternalRef(models.Model):
    """What another system calls a thing of ours: importing the same row twice finds it here."""

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)  # "customer", "contact", "thread", ...
    external_id = models.CharField(max_length=120)
    object_id = models.BigIntegerField()
    row_digest = models.CharField(max_length=64, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["source", "kind", "external_id"], name="external_ref_once"),
        )
        indexes = (models.Index(fields=["kind", "object_id"], name="external_ref_of"),)

    def __str__(self) -> str:
        return f"{self.source}:{self.kind}:{self.external_id}"
