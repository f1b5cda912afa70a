"""Files with versions; which one the customer approved. The bytes of a version never change."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath

from django.core.files.base import ContentFile
from django.db.models import Max
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Related, record, seal
from hilo.parties.actor import Actor
from hilo.parties.models import Contact
from hilo.work.access import require_on
from hilo.work.commands.conversation import customers_people, said_moment
from hilo.work.commands.threads import ARCHIVED, NOT_ARCHIVED
from hilo.work.events.deliveries import DocumentAdded, DocumentApproved, DocumentVersionAdded
from hilo.work.events.place import place_of
from hilo.work.models import Document, DocumentApproval, DocumentVersion, Thread
from hilo.work.settling import settle
from hilo.work.texts import line

LARGEST = 50 * 1024 * 1024


@command
def add_document(
    thread: Thread, *, name: str, file_name: str, content: bytes, note: str = "", by: Actor, now: datetime
) -> DocumentVersion:
    """A new document with its first version."""
    require_on(by, "thread.work", thread)
    clean_name = safe_file_name(file_name)
    words = line(name or clean_name, field="name", most=200, missing=_("Give the document a name."))
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED)
    document = Document.objects.create(thread=thread, name=words, created_at=now)
    record(DocumentAdded(**place_of("document", document.pk, thread), name=seal(words)), by=by, now=now)
    version = _store(document, clean_name, content, note, by=by, now=now)
    settle(thread, now=now)
    return version


@command
def add_document_version(
    document: Document,
    *,
    file_name: str,
    content: bytes,
    note: str = "",
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> DocumentVersion:
    """A correction is a new version; the approval of the old one does not pass to it."""
    require_on(by, "thread.work", document.thread)
    move(document.thread, only_if=NOT_ARCHIVED, refused=ARCHIVED)
    move(document, only_if={}, refused="", seen=seen)
    version = _store(document, safe_file_name(file_name), content, note, by=by, now=now)
    settle(document.thread, now=now)
    return version


def _store(
    document: Document, file_name: str, content: bytes, note: str, *, by: Actor, now: datetime
) -> DocumentVersion:
    if not content:
        raise RuleViolation(_("The file is empty. Choose it again."), field="file")
    if len(content) > LARGEST:
        raise RuleViolation(
            _("The file is larger than %(most)s MB.") % {"most": LARGEST // 1024 // 1024}, field="file"
        )
    newest = document.versions.aggregate(newest=Max("number"))["newest"] or 0
    digest = hashlib.sha256(content).hexdigest()
    version = DocumentVersion(
        document=document,
        number=newest + 1,
        file_name=file_name,
        size=len(content),
        sha256=digest,
        note=line(note, field="note"),
        uploaded_by=by.person,
        uploaded_at=now,
    )
    # Stored under its digest: what people call it never becomes a path.
    version.file.save(
        f"{digest[:32]}{PurePosixPath(file_name).suffix[:10]}", ContentFile(content), save=False
    )
    version.save()
    record(
        DocumentVersionAdded(
            **place_of("document", document.pk, document.thread),
            number=version.number,
            sha256=digest,
            size=version.size,
        ),
        by=by,
        now=now,
    )
    return version


def safe_file_name(name: str) -> str:
    """The last part of the path, without invisible or reserved characters (DOMAIN 8)."""
    last = PureWindowsPath(PurePosixPath(name.replace("\0", "")).name).name
    kept = "".join(each for each in last if each.isprintable() and each not in '<>:"|?*\\/')
    return line(kept, field="file", most=255).lstrip(".") or "file"


@command
def approve_document(
    version: DocumentVersion,
    *,
    contact: Contact,
    evidence: str,
    approved_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> DocumentApproval:
    """The customer approved exactly this version; it says who, when, and how we know."""
    document = version.document
    thread = document.thread
    require_on(by, "thread.work", thread)
    customers_people(thread, [contact])
    proof = line(evidence, field="evidence", missing=_("Say how they approved it: mail, signature, call."))
    moment = said_moment(approved_at, now)
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED)
    approval, made = DocumentApproval.objects.get_or_create(
        version=version,
        defaults={
            "contact": contact,
            "approved_at": moment,
            "evidence": proof,
            "recorded_by": by.person,
        },
    )
    if not made:
        raise RuleViolation(_("The customer has approved this version already."))
    record(
        DocumentApproved(
            **place_of(
                "document", document.pk, thread, related=(Related("contact", contact.pk, "approved"),)
            ),
            number=version.number,
            contact=contact.pk,
            evidence=seal(proof),
        ),
        by=by,
        now=now,
        occurred_at=moment,
    )
    settle(thread, now=now)
    return approval
