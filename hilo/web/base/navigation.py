"""What the top bar, the phone's tabs and the person's menu offer. Modules add entries when they start.

An entry whose URL does not exist (module not built, or switched off) has no place on the screen, so nothing
here ever leads nowhere. Counters are asked once per page and only for entries that are shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hilo.web.base.markup import address
from hilo.web.doing.routes import is_open


@dataclass(frozen=True)
class Count:
    """The number beside an entry, and in ``words`` for those who hear it ("7 things due today")."""

    number: int
    words: str
    is_hot: bool = False


Counter = Callable[[HttpRequest], Count | None]
Allowed = Callable[[HttpRequest], bool]


@dataclass(frozen=True)
class NavEntry:
    """``belongs``: further URL names under which this entry stays marked; a trailing * matches a prefix."""

    url_name: str
    label: str | Promise
    icon: str
    order: int = 50
    belongs: tuple[str, ...] = ()
    counter: Counter | None = None
    allowed: Allowed | None = None
    on_phone: bool = True


@dataclass(frozen=True)
class ShownEntry:
    url: str
    label: str | Promise
    icon: str
    is_current: bool
    count: Count | None
    on_phone: bool


class Menu:
    """A list of entries in order; adding one under the same URL name replaces it."""

    def __init__(self) -> None:
        self._entries: dict[str, NavEntry] = {}

    def add(self, entry: NavEntry) -> None:
        self._entries[entry.url_name] = entry

    def count(self, url_name: str, counter: Counter) -> None:
        """Give an entry that somebody else added its number."""
        self._entries[url_name] = replace(self._entries[url_name], counter=counter)

    def remove(self, url_name: str) -> None:
        self._entries.pop(url_name, None)

    def entries(self) -> list[NavEntry]:
        return sorted(self._entries.values(), key=lambda entry: entry.order)

    def shown(self, request: HttpRequest) -> list[ShownEntry]:
        return [shown for entry in self.entries() if (shown := show(entry, request)) is not None]


def show(entry: NavEntry, request: HttpRequest) -> ShownEntry | None:
    try:
        url = address(entry.url_name)
    except NoReverseMatch:
        return None
    if not is_open(entry.url_name):
        return None
    if entry.allowed is not None and not entry.allowed(request):
        return None
    return ShownEntry(
        url=url,
        label=entry.label,
        icon=entry.icon,
        is_current=is_current(entry, request),
        count=entry.counter(request) if entry.counter else None,
        on_phone=entry.on_phone,
    )


def is_current(entry: NavEntry, request: HttpRequest) -> bool:
    here = request.resolver_match.view_name if request.resolver_match else ""
    return any(_matches(name, here) for name in (entry.url_name, *entry.belongs))


def _matches(name: str, here: str) -> bool:
    return here.startswith(name[:-1]) if name.endswith("*") else here == name


main_menu = Menu()
for first_entry in (
    NavEntry("web:my_day", _("My day"), "sun", 10),
    NavEntry("web:threads", _("Threads"), "needle-thread", 20, ("web:thread*",)),
    NavEntry("web:handoffs", _("Handoffs"), "arrows-exchange", 30, ("web:handoff*",)),
    NavEntry("web:customers", _("Customers"), "building", 40, ("web:customer*",)),
):
    main_menu.add(first_entry)

person_menu = Menu()
for first_entry in (
    NavEntry("web:profile", _("My details"), "user", 10),
    NavEntry("web:absences", _("Absence: who stands in for me"), "beach", 20),
    NavEntry("web:people", _("People and areas"), "users-group", 30, ("web:person*", "web:area*")),
    NavEntry("web:calendars", _("Calendars"), "calendar-time", 40, ("web:calendar*",)),
    NavEntry("web:settings", _("Settings"), "settings", 50, ("web:setting*",)),
):
    person_menu.add(first_entry)

analysis_menu = Menu()  # the pages of Análisis, shown above each of them
