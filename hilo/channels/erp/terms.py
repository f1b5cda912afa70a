"""What holds for a whole run of the feed, and the one reason for which a row may wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from hilo.channels.erp.mapping import SourceMapping
from hilo.channels.imports.choosing import delegation_called, person_called, usual_person
from hilo.channels.imports.directory import Directory
from hilo.channels.imports.refused import Unreadable
from hilo.parties.actor import Actor, importer
from hilo.parties.models import Delegation, Person


class NotYet(Exception):
    """What this row belongs to has not come: (kind, external id) of what it waits for."""

    def __init__(self, kind: str, external_id: str) -> None:
        super().__init__(f"{kind} {external_id}")
        self.kind, self.external_id = kind, external_id


@dataclass
class Terms:
    mapping: SourceMapping
    delegation: Delegation
    keeper: Person
    now: datetime
    by: Actor = field(default_factory=lambda: importer("erp"))
    _directory: Directory | None = None

    @property
    def source(self) -> str:
        return self.mapping.source

    @property
    def directory(self) -> Directory:
        """Every customer's tax number, read once, when the first new customer asks."""
        self._directory = self._directory or Directory()
        return self._directory

    def forget_directory(self) -> None:
        self._directory = None

    def is_before(self, moment: datetime) -> bool:
        return moment.astimezone(self.mapping.zone).date() < self.mapping.follow_from


def terms_of(mapping: SourceMapping, now: datetime) -> Terms:
    keeper = person_called(mapping.keeper) if mapping.keeper else usual_person()
    if keeper is None:
        raise Unreadable(_("Say in the mapping who keeps new customers: keeper: somebody@your.company"))
    return Terms(mapping, delegation_called(mapping.delegation), keeper, now)
