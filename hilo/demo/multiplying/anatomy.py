"""What is copied and what each column of it is, read from the models themselves.

A model that refers to something copied is copied with it, unless ``STAYS`` says why not. What the copying
would not understand about a new model is said by ``complaints``, and a test listens.
"""

from __future__ import annotations

import re
from functools import cache

from django.apps import apps
from django.db import models

type Model = type[models.Model]

PEOPLE = ("parties.Person", "parties.Membership", "parties.Absence")
CUSTOMERS = ("parties.Customer", "parties.Contact", "parties.CustomerMerge")
ROOTS = (*PEOPLE, *CUSTOMERS, "quality.Analysis", "parties.SearchEntry")
"""Where copying begins: analyses hang from their cases, not the other way, and the index from nothing."""

STAYS = {
    "parties.CalendarVersion": "the company's",
    "parties.DelegationManagement": "a delegation has its manager already",
    "parties.Invitation": "each is for one person alone",
    "parties.Notice": "the others have read theirs",
    "parties.NoticeMail": "their mails have left",
    "parties.OpenSession": "nobody else is signed in",
    "work.SavedView": "each keeps their own",
    "work.DefaultView": "each keeps their own",
    "work.BulkRun": "done and over",
    "work.BulkItem": "done and over",
    "work.CalendarAddress": "a secret of one person",
    "quality.CasePolicy": "the company's",
    "quality.PolicyRule": "the company's",
    "quality.Lesson": "stands in the company's template",
    "analysis.Diagnosis": "its files are not copied",
    "erp.Delivery": "an outside system's own rows",
    "sessions.Session": "nobody else is signed in",
    "account.EmailAddress": "belongs to a sign-in",
    "account.EmailConfirmation": "belongs to a sign-in",
    "mfa.Authenticator": "belongs to a sign-in",
    "socialaccount.SocialAccount": "belongs to a sign-in",
}
OF_THE_COMPANY = frozenset({
    *("parties.WorkCalendar", "parties.Delegation", "parties.Area", "parties.AreaSuccession"),
    *("parties.AreaCalendar", "parties.CompanyPolicy", "work.ProcessTemplate", "work.TemplateVersion"),
    *("work.Step", "work.StepLink", "work.Numbering", "quality.CauseKind", "quality.LegalDeadline"),
    *("money.Rate", "parties.ExternalRef", "ledger.LedgerEvent", "ledger.EventObject", "ledger.PrivateText"),
})  # fmt: skip
"""One of each is enough; and the ledger, which is copied in its own way."""

NUMBERED = {
    "work.Thread.code": ("thread", "opened_at"),
    "work.Order.number": ("order", "placed_at"),
    "quality.Case.code": ("case", "received_at"),
    "money.Invoice.number": ("invoice", "issued_on"),
}
"""Column to its series (``hilo.work.numbering``) and the date that says its year."""

TYPED = {
    "work.Thread.next_id": "next_type",
    "work.Contradiction.one_id": "one_type",
    "work.Contradiction.other_id": "other_type",
    "quality.CaseLink.object_id": "type",
    "quality.Why.evidence_id": "evidence_type",
    "parties.SearchEntry.object_id": "kind",
}
"""An id without a foreign key, and the column that says of what."""

LOOSE = {"parties.SearchEntry.thread_id": "thread"}
KEYS = frozenset({"work.Contradiction.key", "quality.Rung.key"})
"""Texts that hold ids and moments: ``promise:1@2026-08-27T21:59:59+00:00``."""

ONLY_ONCE = frozenset({
    *("parties.Person.is_director", "parties.Person.is_administrator", "parties.Person.is_auditor"),
})  # fmt: skip
"""No copy has it, nor the event that gave it."""

NEVER_COPIED = frozenset({"person.authority_changed"})
PLANS = frozenset({"work.PlanMove.dates"})
PEOPLE_ADDRESSES = frozenset({"parties.Person.email"})
SECRET = frozenset({"parties.Person.password", "work.DocumentVersion.sha256", "work.DocumentVersion.file"})
"""Kept to the letter: several people of the demo share a password, several documents a file."""

_SUBJECTS = {
    "CorrectiveAction": "action",
    "ProcessTemplate": "template",
    "WorkCalendar": "calendar",
    "CompanyPolicy": "policy",
    "DelegationManagement": "management",
    "CauseKind": "cause",
}


def label(model: Model) -> str:
    return model._meta.label


def type_of(model: Model) -> str:
    """What events call it: ``StepRun`` is step_run."""
    name = model.__name__
    return _SUBJECTS.get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


@cache
def copied() -> tuple[Model, ...]:
    """Every copied model after those that it refers to."""
    found = {label(model): model for model in _all() if label(model) in ROOTS}
    grew = True
    while grew:
        reached = [model for model in _all() if label(model) not in found and _hangs_from(model, found)]
        found |= {label(model): model for model in reached}
        grew = bool(reached)
    return tuple(_in_order(list(found.values())))


def targets(model: Model) -> dict[str, Model]:
    """Foreign key columns (``thread_id``) and what they refer to."""
    fields = model._meta.local_fields
    return {field.attname: field.remote_field.model for field in fields if field.remote_field is not None}


def columns(model: Model) -> list[models.Field[object, object]]:
    return [field for field in model._meta.local_fields if field.column]


def complaints() -> list[str]:
    """What a new model has that nobody has told the copying about."""
    known = {label(model) for model in copied()} | STAYS.keys() | OF_THE_COMPANY
    return [
        *(f"{label(model)}: is it copied?" for model in _ours() if label(model) not in known),
        *(f"{name}: what does it hold?" for model in copied() for name in _not_understood(model)),
        *(f"{label(model)}: its copies would be the same as it" for model in copied() if _clashes(model)),
    ]


def _all() -> list[Model]:
    return list(apps.get_models(include_auto_created=True))


def _ours() -> list[Model]:
    """Of Hilo's own, those that refer to something copied: what stands alone is the company's."""
    reached = {label(model): model for model in copied()}
    return [model for model in _all() if _hangs_from(model, reached, whatever_stays=True)]


def _hangs_from(model: Model, found: dict[str, Model], *, whatever_stays: bool = False) -> bool:
    if label(model) in STAYS and not whatever_stays:
        return False
    if label(model) in OF_THE_COMPANY:
        return False
    beyond = {each for each in found if each not in PEOPLE or whatever_stays}
    return any(label(target) in beyond for target in targets(model).values())


def _in_order(found: list[Model]) -> list[Model]:
    """By foreign keys; a model that refers to itself stands where it would anyway."""
    placed: list[Model] = []
    while found:
        waiting = set(found)
        ready = [
            model
            for model in found
            if not any(target in waiting and target is not model for target in targets(model).values())
        ]
        if not ready:
            raise RuntimeError(f"models that refer to each other in a ring: {found}")
        placed += ready
        found = [model for model in found if model not in ready]
    return placed


def _not_understood(model: Model) -> list[str]:
    names = ((f"{label(model)}.{field.attname}", field) for field in columns(model))
    return [name for name, field in names if not _is_understood(name, field)]


def _is_understood(name: str, field: models.Field[object, object]) -> bool:
    if isinstance(field, models.JSONField):
        return name in PLANS
    plain = isinstance(field, models.BigIntegerField) and not field.primary_key and not field.remote_field
    if plain and field.attname.endswith("_id"):
        return name in TYPED or name in LOOSE
    return True


def _clashes(model: Model) -> bool:
    """A set of columns that must be unique, none of which a copy changes."""
    alone = [[field.name] for field in model._meta.local_fields if field.unique]
    together = [
        list(each.fields) for each in model._meta.constraints if isinstance(each, models.UniqueConstraint)
    ]
    return any(not any(_changes(model, name) for name in names) for names in alone + together if names)


def _changes(model: Model, name: str) -> bool:
    field = model._meta.get_field(name)
    full = f"{label(model)}.{getattr(field, 'attname', name)}"
    if isinstance(field, models.Field) and (field.primary_key or isinstance(field, models.UUIDField)):
        return True
    remote = getattr(field, "remote_field", None)
    if remote is not None:
        return remote.model in copied()
    return full in {*NUMBERED, *TYPED, *KEYS, *PEOPLE_ADDRESSES}
