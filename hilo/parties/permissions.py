"""The ONE permission table: the doors ask it, the tests read it cell by cell, the docs print it.

A cell says where a role may do an action: ``ALL`` delegations, its ``OWN`` ones, or nowhere (``NO``).
Somebody with several roles may do what any of them may. Two rules stand outside the table because no role
changes them: a confidential thread exists only for the people named on it, and who has left may nothing.
Seeing is not limited by delegation (SPEC 14.1); acting is.
"""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext as _

from hilo.errors import NotAllowed
from hilo.parties.actor import Actor, Role


class Cell(StrEnum):
    ALL = "all"
    OWN = "own"
    NO = "no"


ROLES = (
    Role.PERSON,
    Role.AREA_HEAD,
    Role.DELEGATION_MANAGER,
    Role.DIRECTOR,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)

# fmt: off
#   action                  person  head   manager director admin  auditor
_TABLE = """
    thread.see              all     all    all     all      all    all
    thread.open             own     own    own     all      no     no
    thread.work             own     own    own     all      no     no
    thread.archive          own     own    own     all      no     no
    thread.force_archive    no      no     no      all      no     no
    thread.reopen           own     own    own     all      no     no
    thread.transfer         own     own    own     all      no     no
    thread.make_confidential no     own    own     all      no     no
    handoff.see             all     all    all     all      all    all
    handoff.give            own     own    own     all      no     no
    handoff.answer          own     own    own     all      no     no
    case.see                all     all    all     all      all    all
    case.open               own     own    own     all      no     no
    case.work               own     own    own     all      no     no
    case_policy.manage      no      no     no      all      all    no
    cause.work              own     own    own     all      no     no
    cause.manage            no      no     no      no       all    no
    praise.give             all     all    all     all      all    no
    job.see                 no      no     no      no       all    all
    job.manage              no      no     no      no       all    no
    customer.see            all     all    all     all      all    all
    customer.edit           own     own    own     all      no     no
    customer.merge          no      own    own     all      all    no
    contact.erase           no      no     no      all      all    no
    people.see              all     all    all     all      all    all
    people.manage           no      no     no      all      all    no
    people.absence_of_other no      own    own     all      all    no
    company.see             all     all    all     all      all    all
    company.manage          no      no     no      no       all    no
    company.reorganise      no      no     no      all      all    no
    template.see            all     all    all     all      all    all
    template.manage         no      no     no      no       all    no
    template.propose        all    all    all     all      all    no
    ledger.read             no      no     no      all      all    all
    import.run              no      no     no      all      all    no
    diagnosis.see           no      all    all     all      all    all
    diagnosis.run           no      all    all     all      all    no
    own.settings            all     all    all     all      all    all
    view.share              all     all    all     all      all    no
    view.manage             no      no     no      all      all    no
"""
# fmt: on


def _read(table: str) -> dict[str, dict[Role, Cell]]:
    lines = (line.split() for line in table.strip().splitlines())
    return {action: dict(zip(ROLES, map(Cell, cells), strict=True)) for action, *cells in lines}


PERMISSIONS: dict[str, dict[Role, Cell]] = _read(_TABLE)


def may(actor: Actor, action: str, *, own: bool = True) -> bool:
    """Whether the table allows it; ``own`` says whether the thing lies in a delegation of the actor's."""
    row = PERMISSIONS[action]
    if actor.is_system:
        return True
    cells = {row[role] for role in actor.roles}
    return Cell.ALL in cells or (own and Cell.OWN in cells)


def require(actor: Actor, action: str, *, own: bool = True) -> None:
    """Refuse, before anything is read that would tell more, what the table does not allow."""
    if not may(actor, action, own=own):
        elsewhere = not own and may(actor, action, own=True)
        raise NotAllowed(
            _("This belongs to another delegation: you can read it, but its people must act.")
            if elsewhere
            else _("Your role does not allow this. Ask your area head or an administrator.")
        )
