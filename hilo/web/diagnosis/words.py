"""How a diagnosis is spoken of: its state, its phases, its columns, how sure each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hilo.analysis.apart import REPORTING
from hilo.analysis.models import Diagnosis
from hilo.insight.diagnosing import Phase
from hilo.insight.raw import Role
from hilo.web.base.saying import language
from hilo.web.base.words import Status

_STATES: dict[str, tuple[Promise, str, str]] = {
    Diagnosis.State.WAITING: (_("waiting its turn"), "hourglass", ""),
    Diagnosis.State.RUNNING: (_("being read"), "loader-2", "accent"),
    Diagnosis.State.ASKING: (_("has a question"), "help-circle", "warn"),
    Diagnosis.State.DONE: (_("ready"), "circle-check", "ok"),
    Diagnosis.State.REFUSED: (_("cannot be read"), "circle-x", "late"),
    Diagnosis.State.FAILED: (_("broke off"), "alert-triangle", "late"),
}
_PHASES: dict[str, Promise] = {
    "": _("Waiting for its turn"),
    Phase.READING: _("Reading the files"),
    Phase.MAPPING: _("Working out what each column is"),
    Phase.SORTING: _("Putting what happened in order"),
    Phase.MEASURING: _("Measuring how long things take"),
    Phase.FINDING: _("Looking for where work falls between areas"),
    REPORTING: _("Writing the report"),
}
ROLES: dict[Role, tuple[Promise, Promise]] = {
    Role.CASE: (
        _("What belongs together"),
        _("The number of the order, ticket or file that each row is about."),
    ),
    Role.ACTIVITY: (_("What was done"), _("The step, state or kind of event.")),
    Role.TIME: (_("When it was done"), _("Day and hour; when rows have a beginning and an end, the end.")),
    Role.START: (_("When it was begun"), _("Only if the rows say it.")),
    Role.AREA: (_("The area or team"), _("Between these work is handed over.")),
    Role.PERSON: (_("By whom it was done"), _("Nobody is named in a finding.")),
    Role.SITE: (_("The branch"), _("Branches are compared with one another.")),
    Role.CUSTOMER: (_("The customer it is for"), _("Whose order or ticket it is.")),
    Role.DUE: (_("By when it was promised"), _("To see what came late.")),
    Role.AMOUNT: (_("The money"), _("The amount of the order or invoice.")),
}


@dataclass(frozen=True, slots=True)
class Step:
    words: Promise
    is_done: bool
    is_current: bool


def status_of(diagnosis: Diagnosis) -> Status:
    label, icon, tone = _STATES[diagnosis.state]
    return Status(str(label), icon, tone)  # type: ignore[arg-type]


def spoken(sentences: Mapping[str, str]) -> str:
    """Of a sentence kept in both languages, the reader's."""
    lang = language(get_language())
    return sentences.get(lang) or next(iter(sentences.values()), "")


def steps_of(diagnosis: Diagnosis) -> list[Step]:
    place = place_of(diagnosis)
    return [Step(words, at < place, at == place) for at, words in enumerate(_PHASES.values())]


def place_of(diagnosis: Diagnosis) -> int:
    """0 while it waits; a reading that has begun is at its first phase at least."""
    if diagnosis.state == Diagnosis.State.WAITING:
        return 0
    phases = list(_PHASES)
    return max(1, phases.index(diagnosis.phase)) if diagnosis.phase in phases else 1


def last_place() -> int:
    return len(_PHASES) - 1


def sureness(certainty: float, *, chosen: bool) -> Status:
    if chosen:
        return Status(str(_("you said so")), "user-check", "ok")
    if certainty >= 0.8:
        return Status(str(_("sure")), "circle-check", "ok")
    if certainty >= 0.6:
        return Status(str(_("likely")), "help-circle", "")
    return Status(str(_("doubtful")), "alert-triangle", "warn")
