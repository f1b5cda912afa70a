"""A file with versions, and which one the customer approved."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    thread = models.ForeignKey("work.Thread", models.PROTECT, related_name="documents")
    name = models.CharField(_("name"), max_length=200)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class DocumentVersion(models.Model):
    """The bytes never change: a correction is a new version."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    file = models.FileField(upload_to="documents/%Y/%m/")
    file_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    uploaded_by = models.ForeignKey("parties.Person", models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=["document", "number"], name="document_number_once"),)

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"


class DocumentApproval(models.Model):
    version = models.OneToOneField(DocumentVersion, models.PROTECT, related_name="approval")
    contact = models.ForeignKey("parties.Contact", models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    evidence = models.CharField(max_length=300)
    recorded_by = models.ForeignKey("parties.Person", models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"approval of {self.version_id}"
