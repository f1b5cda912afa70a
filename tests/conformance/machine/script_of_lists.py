"""The views that somebody keeps of the list of threads."""

from __future__ import annotations

from hilo.work.models import SavedView
from tests.conformance.machine.scripting import CURRENT, Script, typed

COMMANDS = "work.saved_views"


def kept_views(s: Script) -> None:
    seller = s.people.seller
    shared = {
        "name": typed("Lo que calla"),
        "query": {"view": "silent", "q": typed("bomba")},
        "is_shared": True,
    }
    view: SavedView = s.accepted(f"{COMMANDS}.save_view", **shared, by=seller)
    s.refused(f"{COMMANDS}.save_view", **shared, by=seller)  # the name is taken
    s.both(f"{COMMANDS}.change_view", view, once=True, name=typed("Calladas"), seen=CURRENT, by=seller)
    s.accepted(f"{COMMANDS}.change_view", view, is_shared=False, seen=CURRENT, by=seller)
    s.both(f"{COMMANDS}.set_default_view", view, once=True, is_default=True, by=seller)
    s.accepted(f"{COMMANDS}.set_default_view", view, is_default=False, by=seller)
    s.both(f"{COMMANDS}.delete_view", view, seen=CURRENT, by=seller)
