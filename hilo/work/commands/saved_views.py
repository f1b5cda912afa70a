"""The views of the list of threads that people keep: their own, or shared with the company."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Sealed, record, seal
from hilo.parties.actor import Actor
from hilo.parties.permissions import may, require
from hilo.work.events.lists import ViewChanged, ViewDeleted, ViewMadeDefault, ViewSaved
from hilo.work.models import DefaultView, SavedView
from hilo.work.queries.saved_views import views_of
from hilo.work.texts import line

MOST_OF_ONE = 50
MOST_PARAMETERS = 30
LONGEST_VALUE = 300

_GONE = gettext_lazy("This view is no longer there: somebody deleted it.")


@command
def save_view(
    *, name: str, query: Mapping[str, str], is_shared: bool = False, by: Actor, now: datetime
) -> SavedView:
    """Keep what the list shows now under a name; everybody sees a shared one."""
    require(by, "own.settings")
    if is_shared:
        require(by, "view.share")
    said = _name(name)
    _refuse_the_same_name(said, by)
    if SavedView.objects.filter(owner=by.one).count() >= MOST_OF_ONE:
        raise RuleViolation(
            _("You keep %(count)s views already: delete one that you no longer use.") % {"count": MOST_OF_ONE}
        )
    view = SavedView.objects.create(
        owner=by.one, name=said, is_shared=is_shared, query=_plain(query), created_at=now
    )
    record(ViewSaved(subject=_ref(view), name=_sealed(view), is_shared=is_shared), by=by, now=now)
    return view


@command
def change_view(
    view: SavedView,
    *,
    name: str | None = None,
    query: Mapping[str, str] | None = None,
    is_shared: bool | None = None,
    seen: int,
    by: Actor,
    now: datetime,
) -> None:
    """Another name, what the list shows now, or seen by others or no longer; None leaves a thing as it is."""
    _require_charge(view, by)
    if is_shared:
        require(by, "view.share")
    wanted: dict[str, object] = {}
    if name is not None and (said := _name(name)) != view.name:
        _refuse_the_same_name(said, by)
        wanted["name"] = said
    if query is not None and _plain(query) != view.query:
        wanted["query"] = _plain(query)
    if is_shared is not None and is_shared != view.is_shared:
        wanted["is_shared"] = is_shared
    if not wanted:
        raise RuleViolation(_("Nothing was changed."))
    _move(view, seen=seen, **wanted)
    if wanted.get("is_shared") is False:  # nobody else's list may open with what they can no longer see
        DefaultView.objects.filter(view=view).exclude(person=view.owner).delete()
    record(
        ViewChanged(
            subject=_ref(view),
            fields=tuple(sorted(wanted)),
            name=_sealed(view) if "name" in wanted else None,
            is_shared=is_shared if "is_shared" in wanted else None,
        ),
        by=by,
        now=now,
    )


@command
def delete_view(view: SavedView, *, seen: int, by: Actor, now: datetime) -> None:
    """Whoever's list opened with it opens as it used to."""
    _require_charge(view, by)
    _move(view, seen=seen)
    subject = _ref(view)
    view.delete()
    record(ViewDeleted(subject=subject), by=by, now=now)


@command
def set_default_view(view: SavedView, *, is_default: bool, by: Actor, now: datetime) -> None:
    """The list of threads opens with it from now on, for the person alone."""
    require(by, "own.settings")
    if not views_of(by.one).filter(pk=view.pk).exists():
        raise RuleViolation(_GONE)
    current = DefaultView.objects.filter(person=by.one, view=view).exists()
    if current == is_default:
        raise RuleViolation(
            _("Your list opens with this view already.")
            if is_default
            else _("Your list does not open with this view.")
        )
    DefaultView.objects.filter(person=by.one).delete()
    if is_default:
        DefaultView.objects.create(person=by.one, view=view)
    record(ViewMadeDefault(subject=_ref(view), person=by.one.pk, is_default=is_default), by=by, now=now)


def _require_charge(view: SavedView, by: Actor) -> None:
    """Its owner; a shared one also who keeps order for the company (its owner may have left)."""
    require(by, "own.settings")
    if by.person is not None and view.owner_id == by.person.pk:
        return
    if not (view.is_shared and may(by, "view.manage")):
        raise NotAllowed(_("Only %(name)s can change this view.") % {"name": view.owner.name})


def _move(view: SavedView, *, seen: int, **wanted: object) -> None:
    try:
        move(view, only_if={}, refused=_GONE, seen=seen, **wanted)
    except SavedView.DoesNotExist:
        raise RuleViolation(_GONE) from None


def _name(text: str) -> str:
    said = line(text, field="name", missing=_("Give the view a name, as you would say it."))
    if len(said) > 80:
        raise RuleViolation(_("A name has at most 80 letters."), field="name")
    return said


def _refuse_the_same_name(name: str, by: Actor) -> None:
    names = views_of(by.one).values_list("name", flat=True)  # SQLite folds no accented letters
    if any(each.casefold() == name.casefold() for each in names):
        raise RuleViolation(_("There is a view of that name already."), field="name")


def _plain(query: Mapping[str, str]) -> dict[str, str]:
    """Parameters as they stand in an address. What they mean is asked each time the view is opened."""
    given = {str(key)[:40]: str(value)[:LONGEST_VALUE] for key, value in query.items() if value}
    return dict(sorted(given.items())[:MOST_PARAMETERS])


def _ref(view: SavedView) -> Ref:
    return Ref("saved_view", view.pk)


def _sealed(view: SavedView) -> Sealed:
    return seal(view.name, about=_ref(view))
