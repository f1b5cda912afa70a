"""Re-computes all of history and names the first thing that does not fit.

Reads in order, a few thousand events at a time: memory stays the same at two million events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import batched, pairwise

from django.db import connection
from django.utils.translation import gettext as _

from hilo.ledger import digests
from hilo.ledger.canonical import SHEET_COLUMNS, Sealed, Sheet, event_hash, sealed_in, text_digest
from hilo.ledger.digests import DamagedDigest, Digest, Head
from hilo.ledger.guards import missing_guards
from hilo.ledger.models import EventObject, LedgerEvent, PrivateText

BATCH = 2_000

type Progress = Callable[[int, int], None]
type Row = tuple[Sheet, str]


class BreakKind(StrEnum):
    CHANGED = "changed"
    GAP = "gap"
    REWRITTEN = "rewritten"
    UNREADABLE = "unreadable"
    TEXT = "text"
    MISSING_CHAIN = "missing_chain"
    CUT_TAIL = "cut_tail"
    DIGEST = "digest"
    GUARD = "guard"


@dataclass(frozen=True, slots=True)
class Break:
    """The first thing that does not fit; ``words`` is fit to show."""

    kind: BreakKind
    words: str
    chain: str = ""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """``unproven_events`` came after the last digest: that THEY are all there, nothing can prove yet."""

    events: int
    chains: int
    texts: int
    erased_texts: int
    digests: int
    last_digest: date | None
    fingerprint: str
    unproven_events: int
    first_break: Break | None

    @property
    def holds(self) -> bool:
        return self.first_break is None

    def __str__(self) -> str:
        return f"{self.outcome} {self.window}"

    @property
    def outcome(self) -> str:
        if self.first_break is not None:
            return self.first_break.words
        return _("The chains hold. Events: %(events)d, chains: %(chains)d, private texts: %(texts)d.") % {
            "events": self.events,
            "chains": self.chains,
            "texts": self.texts,
        }

    @property
    def window(self) -> str:
        if self.last_digest is None:
            return _("There is no daily digest yet, so a cut at the end of a chain would not show.")
        if self.unproven_events == 0:
            words = _("The last digest is of %(day)s (%(fingerprint)s) and holds everything up to now.")
        else:
            words = _(
                "The last digest is of %(day)s (%(fingerprint)s). Events after it: %(count)d. A cut among "
                "those would not show yet."
            )
        return words % {
            "day": self.last_digest.isoformat(),
            "fingerprint": self.fingerprint[:16],
            "count": self.unproven_events,
        }


class _Broken(Exception):
    def __init__(self, found: Break) -> None:
        super().__init__(found.words)
        self.found = found


@dataclass(slots=True)
class _Tally:
    events: int = 0
    chains: int = 0
    texts: int = 0
    erased_texts: int = 0
    digests: int = 0
    last_digest: date | None = None
    fingerprint: str = ""
    last_proven_id: int = 0
    last: Sheet | None = field(default=None)
    last_hash: str = ""


def verify(on_progress: Progress | None = None) -> Verdict:
    """Events, their related objects and private texts; then the digests; then the database's own guards."""
    tally = _Tally()
    first_break = None
    try:
        _check_events(tally, on_progress)
        _check_digests(tally)
        _check_guards()
    except _Broken as broken:
        first_break = broken.found
    return Verdict(
        events=tally.events,
        chains=tally.chains,
        texts=tally.texts,
        erased_texts=tally.erased_texts,
        digests=tally.digests,
        last_digest=tally.last_digest,
        fingerprint=tally.fingerprint,
        unproven_events=LedgerEvent.objects.filter(id__gt=tally.last_proven_id).count(),
        first_break=first_break,
    )


# --- events -----------------------------------------------------------------------------------------------


def _check_events(tally: _Tally, on_progress: Progress | None) -> None:
    total = LedgerEvent.objects.count() if on_progress else 0
    for batch in batched(_readable_rows(tally), BATCH):
        objects = _objects_of(batch)
        for sheet, stored_hash in batch:
            _check_event(tally, sheet, stored_hash, objects.get(sheet.id, []))
        _check_texts(tally, batch)
        if on_progress:
            on_progress(tally.events, total)


def _readable_rows(tally: _Tally) -> Iterator[Row]:
    rows = LedgerEvent.objects.order_by("chain", "seq").values_list(*SHEET_COLUMNS, "hash")
    try:
        for row in rows.iterator(chunk_size=BATCH):
            yield Sheet(*row[:-1]), row[-1]
    except ValueError as error:  # SQLite lets an intruder write a month 13 into a date
        chain = tally.last.chain if tally.last else ""
        words = _("After the chain %(chain)s there is an event that cannot be read: it has been changed.")
        raise _Broken(Break(BreakKind.UNREADABLE, words % {"chain": chain or "-"}, chain)) from error


def _objects_of(batch: Sequence[Row]) -> dict[int, list[EventObject]]:
    found: dict[int, list[EventObject]] = {}
    for related in EventObject.objects.filter(event_id__in=[sheet.id for sheet, _hash in batch]):
        found.setdefault(related.event_id, []).append(related)
    return found


def _check_event(tally: _Tally, sheet: Sheet, stored_hash: str, objects: list[EventObject]) -> None:
    if not _fits(sheet, stored_hash, objects):
        raise _broken(
            BreakKind.CHANGED, _("Event no. %(seq)d of the chain %(chain)s has been changed."), sheet
        )
    last = tally.last if tally.last and tally.last.chain == sheet.chain else None
    if sheet.seq != (last.seq + 1 if last else 1):
        words = _("In the chain %(chain)s, what stood before event no. %(seq)d is missing.")
        raise _broken(BreakKind.GAP, words, sheet)
    if sheet.prev_hash != (tally.last_hash if last else ""):
        words = _(
            "Event no. %(seq)d of the chain %(chain)s does not continue the one before: it was replaced."
        )
        raise _broken(BreakKind.REWRITTEN, words, sheet)
    tally.events += 1
    tally.chains += last is None
    tally.last, tally.last_hash = sheet, stored_hash


def _fits(sheet: Sheet, stored_hash: str, objects: list[EventObject]) -> bool:
    try:
        computed = event_hash(sheet, [(o.type, o.object_id, o.qualifier) for o in objects])
    except (TypeError, ValueError, AssertionError):  # a value of another type altogether
        return False
    return computed == stored_hash and all(o.occurred_at == sheet.occurred_at for o in objects)


def _broken(kind: BreakKind, words: str, sheet: Sheet) -> _Broken:
    return _Broken(Break(kind, words % {"chain": sheet.chain, "seq": sheet.seq}, sheet.chain, sheet.seq))


# --- private texts ----------------------------------------------------------------------------------------


def _check_texts(tally: _Tally, batch: Sequence[Row]) -> None:
    named = [(sheet, sealed) for sheet, _hash in batch for _name, sealed in sealed_in(sheet.payload)]
    texts = PrivateText.objects.in_bulk([sealed.text_id for _sheet, sealed in named])
    for sheet, sealed in named:
        text = texts.get(sealed.text_id)
        if text is None or not _text_fits(text, sealed):
            words = _(
                "The private text of event no. %(seq)d of the chain %(chain)s is not the one it was "
                "recorded with."
            )
            raise _broken(BreakKind.TEXT, words, sheet)
        tally.texts += 1
        tally.erased_texts += text.erased_at is not None


def _text_fits(text: PrivateText, sealed: Sealed) -> bool:
    if text.digest != sealed.digest:
        return False
    if text.erased_at is not None:
        return text.body == "" and text.key is None
    return text.key is not None and text_digest(bytes(text.key), text.body) == sealed.digest


# --- digests ----------------------------------------------------------------------------------------------


def _check_digests(tally: _Tally) -> None:
    """Every head that any digest holds must still stand. One that the next digest repeats is looked up there.

    So each place of a chain is looked up once, however many years of digests there are.
    """
    days = digests.digest_days()
    following = dict(pairwise(days))
    for day in days:
        try:
            _check_link(tally, digests.read_digest(day))
            for heads in batched(_heads_not_repeated(day, following.get(day)), BATCH):
                _check_heads(day, heads)
        except DamagedDigest as error:
            words = _("The digest of %(day)s has been altered or cannot be read.")
            named = str(error) or day.isoformat()
            raise _Broken(Break(BreakKind.DIGEST, words % {"day": named})) from error
        tally.digests += 1


def _check_link(tally: _Tally, digest: Digest) -> None:
    """Each digest holds the fingerprint of the one before. The oldest kept may name one put away."""
    expected = (tally.last_digest, tally.fingerprint)
    if tally.last_digest and (digest.previous_day, digest.previous_fingerprint) != expected:
        words = _(
            "The digest of %(day)s does not continue that of %(before)s: one is missing or was replaced."
        )
        names = {"day": digest.day.isoformat(), "before": tally.last_digest.isoformat()}
        raise _Broken(Break(BreakKind.DIGEST, words % names))
    tally.last_digest, tally.fingerprint, tally.last_proven_id = (
        digest.day,
        digest.fingerprint,
        digest.last_id,
    )


def _heads_not_repeated(day: date, following: date | None) -> Iterator[Head]:
    """Both files go by event id, so one pass over each is enough."""
    later = digests.heads_of(following) if following else iter(())
    candidate = next(later, None)
    for head in digests.heads_of(day):
        while candidate is not None and candidate.id < head.id:
            candidate = next(later, None)
        if candidate != head:
            yield head


def _check_heads(day: date, heads: Sequence[Head]) -> None:
    rows = LedgerEvent.objects.filter(id__in=[head.id for head in heads])
    standing = {Head(*row) for row in rows.values_list("id", "chain", "seq", "hash")}
    for head in heads:
        if head not in standing:
            raise _Broken(_what_became_of(head, day))


def _what_became_of(head: Head, day: date) -> Break:
    chain = LedgerEvent.objects.filter(chain=head.chain)
    left = chain.order_by("-seq").values_list("seq", flat=True).first()
    names = {"chain": head.chain, "seq": head.seq, "day": day.isoformat(), "left": left or 0}
    if left is None:
        kind = BreakKind.MISSING_CHAIN
        words = _("The chain %(chain)s is missing: in the digest of %(day)s it ends at no. %(seq)d.")
    elif left < head.seq:
        kind = BreakKind.CUT_TAIL
        words = _(
            "The end of the chain %(chain)s was cut: it ends at no. %(left)d, in the digest of %(day)s at "
            "no. %(seq)d."
        )
    else:
        kind = BreakKind.REWRITTEN
        words = _("Event no. %(seq)d of the chain %(chain)s is not the one that the digest of %(day)s holds.")
    return Break(kind, words % names, head.chain, head.seq)


# --- guards -----------------------------------------------------------------------------------------------


def _check_guards() -> None:
    missing = missing_guards(connection)
    if missing:
        words = _("The database no longer refuses changes to history: the trigger %(name)s is missing.")
        raise _Broken(Break(BreakKind.GUARD, words % {"name": missing[0]}))
