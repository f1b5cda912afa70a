"""A thread with a very long story: a note of it said again and again, at other times."""

from __future__ import annotations

from datetime import timedelta

from hilo.demo.multiplying import anatomy
from hilo.demo.multiplying.copying import Template
from hilo.demo.multiplying.originals import Bundle, Originals, Row
from hilo.demo.multiplying.recipes import Copy, Renaming
from hilo.demo.multiplying.writing import Numbers, Writer, as_kept
from hilo.ledger.canonical import sealed_ids_of
from hilo.ledger.models import EventObject, LedgerEvent, PrivateText
from hilo.work.models import Note


def say_again(note: Note, *, times: int, every: timedelta) -> None:
    """``times`` more notes like this one, each ``every`` earlier than the one before, each with its event."""
    template, numbers = _template(note), Numbers()
    writer = Writer(numbers)
    for number in range(1, times + 1):
        template.copy(Copy(-number * every), numbers, writer)
        writer.flush()
    writer.flush(at_least=1)


def _template(note: Note) -> Template:
    events = list(LedgerEvent.objects.filter(subject_type="note", subject_id=note.pk).order_by("id"))
    bundle = Bundle([_row(note)], events)
    texts = [number for event in events for number in sealed_ids_of(event.payload).values()]
    related = {event.id: list(EventObject.objects.filter(event=event)) for event in events}
    originals = Originals(Bundle(), Bundle(), [bundle], PrivateText.objects.in_bulk(texts), related)
    return Template(bundle, originals, Renaming([]))


def _row(note: Note) -> Row:
    values = {column.attname: getattr(note, column.attname) for column in anatomy.columns(Note)}
    return Row(Note, "note", {**values, "happened_at": as_kept(note.happened_at)})
