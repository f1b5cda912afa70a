"""What list an address asks for: view, order, filters, columns. Forgiving, and it says what it left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hilo.parties.actor import Actor
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.lists.columns import columns_of, known_columns
from hilo.web.lists.forms import Narrowing
from hilo.work.models import SavedView
from hilo.work.queries.saved_views import views_of
from hilo.work.queries.thread_list import Listing, ListOrder, ListView, Narrowed

# Of an address, what a saved view keeps.
KEPT: tuple[str, ...] = ("view", "order", "cols", "q", "customer", "delegation", "owner", "kind", "priority")
KEPT += ("amount_from", "process", "step")


@dataclass(frozen=True)
class Asked:
    """``given`` are the parameters in force: those of the address, or of the view one's list opens with."""

    actor: Actor
    now: datetime
    given: QueryDict
    saved: tuple[SavedView, ...]
    current: SavedView | None  # the saved view that is open

    @cached_property
    def view(self) -> ListView:
        return _chosen(ListView, self.given.get("view"), ListView.OPEN)

    @cached_property
    def order(self) -> ListOrder:
        order = _chosen(ListOrder, self.given.get("order"), ListOrder.CONSEQUENCE)
        hidden = order is ListOrder.AMOUNT and not self.actor.sees_money
        return ListOrder.CONSEQUENCE if hidden else order

    @cached_property
    def columns(self) -> frozenset[str]:
        return columns_of(self.given.get("cols", ""), self.actor)

    @cached_property
    def narrowing(self) -> Narrowing:
        return Narrowing(self.given, actor=self.actor)

    @cached_property
    def narrowed(self) -> Narrowed:
        return self.narrowing.narrowed()

    @cached_property
    def listing(self) -> Listing:
        return Listing(
            actor=self.actor, view=self.view, narrowed=self.narrowed, order=self.order, now=self.now
        )

    @property
    def page(self) -> int:
        number = self.given.get("page", "")
        return max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 6 else 1

    def ignored(self) -> list[str]:
        """The parameters that mean nothing any more: a view kept long ago, a link somebody mistyped."""
        self.narrowing.is_valid()
        wrong = [str(self.narrowing.fields[name].label) for name in self.narrowing.errors if name in KEPT]
        for name, label, known in (
            ("view", _("View"), set(ListView)),
            ("order", pgettext("of a list", "Order"), set(ListOrder)),
        ):
            if self.given.get(name, "") not in {"", *known}:
                wrong.append(label)
        if set(filter(None, self.given.get("cols", "").split(","))) - known_columns():
            wrong.append(_("Columns"))
        return wrong

    def kept(self) -> dict[str, str]:
        return {name: str(self.given[name]) for name in KEPT if self.given.get(name)}

    def url_query(self, **changed: str) -> str:
        """The parameters in force with these changes, from the first page again."""
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in {**self.kept(), **changed}.items() if value})
        if "view" not in query:
            query["view"] = ListView.OPEN.value  # else one's own default would come in its place
        return query.urlencode()


def asked_of(request: HttpRequest) -> Asked:
    """Without any parameter, the view that the person's list opens with."""
    return asked_with(actor_of(request), now_of(request), request.GET)


def asked_with(actor: Actor, now: datetime, given: QueryDict) -> Asked:
    given = _columns_ticked(given)
    saved = tuple(views_of(actor.one))
    current = _open_view(given, saved)
    if current is not None and not any(given.get(name) for name in KEPT):
        given = _as_parameters(current.query, given)
    return Asked(actor, now, given, saved, current)


def _columns_ticked(given: QueryDict) -> QueryDict:
    """The ticks of the menu of columns (``col=line&col=turn``) as the one parameter that is kept."""
    if "col" not in given:
        return given
    copy = given.copy()
    copy["cols"] = ",".join(given.getlist("col"))
    return copy


def _open_view(given: QueryDict, saved: tuple[SavedView, ...]) -> SavedView | None:
    number = given.get("v", "")
    if number:
        return next((view for view in saved if str(view.pk) == number), None)
    if any(given.get(name) for name in KEPT):
        return None
    return next((view for view in saved if getattr(view, "is_default", False)), None)


def _as_parameters(query: object, given: QueryDict) -> QueryDict:
    """What was kept may be anything: it is read as an address would be."""
    parameters = QueryDict(mutable=True)
    kept = query if isinstance(query, Mapping) else {}
    parameters.update({name: str(kept[name]) for name in KEPT if kept.get(name)})
    for name in ("page", "v"):
        if given.get(name):
            parameters[name] = str(given[name])
    return parameters


def _chosen[E: StrEnum](kind: type[E], given: str | None, default: E) -> E:
    return next((each for each in kind if each.value == given), default)
