"""The provider with which the company's people sign in everywhere, one row or none."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hilo.parties.locking import unlock

PURPOSE = "single-sign-on"


class SingleSignOn(models.Model):
    """``issuer`` and ``end_session_url`` are what the provider said of itself when it was set up."""

    name = models.CharField(_("name"), max_length=40)
    server_url = models.URLField(_("address"), max_length=300)
    client_id = models.CharField(_("client id"), max_length=190)
    locked_secret = models.TextField(blank=True)
    issuer = models.CharField(max_length=300)
    end_session_url = models.CharField(max_length=400, blank=True)
    trusts_addresses = models.BooleanField(_("trusts addresses"), default=False)
    domains = models.CharField(_("domains"), max_length=300, blank=True)  # separated by blanks
    area = models.ForeignKey("parties.Area", models.PROTECT, null=True, blank=True, related_name="+")
    delegation = models.ForeignKey(
        "parties.Delegation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_on = models.BooleanField(default=False)
    is_only = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="one_single_sign_on"),
            models.CheckConstraint(condition=Q(is_only=False) | Q(is_on=True), name="only_what_is_on"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def secret(self) -> str:
        """That of the environment counts, where there is one."""
        kept = unlock(self.locked_secret, purpose=PURPOSE) if self.locked_secret else ""
        return settings.HILO_OIDC_SECRET or kept or ""

    @property
    def provider_id(self) -> str:
        """Another issuer is another provider: a subject of the old one never means somebody of the new."""
        return f"oidc-{hashlib.sha256(self.issuer.encode()).hexdigest()[:16]}"

    @property
    def domain_set(self) -> frozenset[str]:
        return frozenset(self.domains.split())
