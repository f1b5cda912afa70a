"""Which rows of the ERP are which things here, and how they looked when they were last taken.

The digest of a row ends with the moment at which the ERP last changed it, when it says: an older row that
comes late changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q

from hilo.channels.erp.terms import Terms
from hilo.parties.models import ExternalRef

NOTHING = 0
"""The object of a row of which nothing was made on purpose: an order from before Hilo followed."""

type Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """How a row looked: equal ``text`` is the same row; of two, the one with the later ``at`` holds."""

    text: str
    at: datetime | None = None

    def __str__(self) -> str:
        return f"{self.text}@{int(self.at.timestamp())}" if self.at else self.text

    @classmethod
    def read(cls, digest: str) -> Mark:
        text, _sign, stamp = digest.partition("@")
        return cls(text, datetime.fromtimestamp(int(stamp), UTC) if stamp else None)

    def changes_nothing(self, known: Mark) -> bool:
        if self.text == known.text:
            return True
        return (
            self.at is not None and known.at is not None and int(self.at.timestamp()) <= known.at.timestamp()
        )


def short(digest: str) -> str:
    """Beside the stamp there is room for so much."""
    return digest[:40]


def refs_of(terms: Terms, keys: Iterable[Key]) -> dict[Key, ExternalRef]:
    """In one query, whatever their kinds."""
    ids: dict[str, list[str]] = {}
    for kind, external_id in keys:
        ids.setdefault(kind, []).append(external_id)
    if not ids:
        return {}
    wanted = Q()
    for kind, some in ids.items():
        wanted |= Q(kind=kind, external_id__in=some)
    found = ExternalRef.objects.filter(wanted, source=terms.source)
    return {(ref.kind, ref.external_id): ref for ref in found}


def claim(terms: Terms, kind: str, external_id: str) -> ExternalRef:
    """The reference, made if there is none, and nobody else's until the commit.

    Of two workers with the same row the second waits here, and then finds what the first one made.
    """
    ref, is_new = ExternalRef.objects.get_or_create(
        source=terms.source,
        kind=kind,
        external_id=external_id,
        defaults={"object_id": NOTHING, "seen_at": terms.now},
    )
    if not is_new:
        ref = ExternalRef.objects.select_for_update().get(pk=ref.pk)
    return ref


def keep(ref: ExternalRef, object_id: int, mark: Mark, now: datetime) -> None:
    ref.object_id, ref.row_digest, ref.seen_at = object_id, str(mark), now
    ref.save(update_fields=["object_id", "row_digest", "seen_at"])
