"""The columns of the table of threads: which there are, which show, by which one can sort."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hilo.parties.actor import Actor


@dataclass(frozen=True, slots=True)
class Column:
    """``order`` is the code of the list's order that sorts by it."""

    key: str
    label: Lazy
    order: str = ""
    is_number: bool = False
    starts_shown: bool = True


COLUMNS = (
    Column("line", _("How it goes")),
    Column("turn", _("Turn of")),
    Column("step", _("Next step"), "due"),
    Column("owner", _("Who answers for it")),
    Column("news", _("Next news"), "news"),
    Column("age", _("Age"), "age", is_number=True),
    Column("signs", _("Signals")),
    Column("code", pgettext_lazy("of a thread", "Number"), "code", starts_shown=False),
    Column("kind", _("Kind"), starts_shown=False),
    Column("priority", _("Priority"), starts_shown=False),
    Column("money", _("Money"), "amount", is_number=True),
)


def known_columns() -> set[str]:
    return {column.key for column in COLUMNS}


def columns_for(actor: Actor) -> list[Column]:
    return [column for column in COLUMNS if column.key != "money" or actor.sees_money]


def columns_of(chosen: str, actor: Actor) -> frozenset[str]:
    """Those of ``cols=line,turn``; the usual ones when none of them is known."""
    there = columns_for(actor)
    wanted = set(chosen.split(","))
    shown = frozenset(column.key for column in there if column.key in wanted)
    return shown or frozenset(column.key for column in there if column.starts_shown)
