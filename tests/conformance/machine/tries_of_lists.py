"""Views of the list of threads: kept, changed, opened with, deleted, by anybody."""

from __future__ import annotations

from hilo.parties.models import Person
from hilo.work.models import SavedView
from tests.conformance.machine.world import Call, World, tries


@tries("work.saved_views.save_view")
def save_view(w: World) -> Call:
    query = w.pick.one(({}, {"view": "frayed"}, {"order": "news", "q": w.words("bomba")}))
    shared = w.pick.in_ten(4)
    return w.call(name=w.words("Mi vista"), query=query, is_shared=shared, by=w.by(*some(w)))


@tries("work.saved_views.change_view")
def change_view(w: World) -> Call:
    view = w.row(SavedView.objects.all())
    name = w.words("Otra") if w.pick.in_ten(7) else None
    shared = w.pick.one((None, True, False))
    return w.call(view, name=name, is_shared=shared, seen=w.seen(view), by=w.by(view.owner))


@tries("work.saved_views.delete_view")
def delete_view(w: World) -> Call:
    view = w.row(SavedView.objects.all())
    return w.call(view, seen=w.seen(view), by=w.by(view.owner))


@tries("work.saved_views.set_default_view")
def set_default_view(w: World) -> Call:
    view = w.row(SavedView.objects.all())
    return w.call(view, is_default=w.pick.in_ten(6), by=w.by(view.owner))


def some(w: World) -> list[Person]:
    return list(Person.objects.filter(is_active=True).order_by("pk")[:4])
