"""What a search for causes and its actions make somebody owe, in the words of Mi día."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from hilo.web.base.hours import said_on
from hilo.web.my_day.words import Asked, Said, words_for


@words_for("find_cause")
def _cause(asked: Asked) -> Said:
    return Said(
        what=_("Find the cause: %(what)s") % {"what": asked.owed.label},
        kind=_("Cause, with the areas"),
        because=_("Until the place in the process is found, it can happen to another customer."),
        verb=_("Ask why"),
        icon="search",
        url=reverse("web:cause_at", args=[asked.owed.id]),
    )


@words_for("do_action")
def _action(asked: Asked) -> Said:
    late = _("It was agreed for %(when)s, and what happened can happen again meanwhile.")
    coming = _("What happened can happen again until it is done. %(checker)s checks it.")
    facts = {"when": said_on(asked.owed.due, asked.now), "checker": asked.owed.whom}
    return Said(
        what=asked.owed.label,
        kind=_("Corrective action"),
        because=(late if asked.is_late else coming) % facts,
        verb=_("See the action"),
        icon="target",
        url=reverse("web:action", args=[asked.owed.id]),
    )


@words_for("judge_action")
def _judgement(asked: Asked) -> Said:
    return Said(
        what=_("Does it work? %(action)s") % {"action": asked.owed.label},
        kind=_("Action of %(owner)s to judge") % {"owner": asked.owed.whom},
        because=_("The time of watching is over: say whether it came back, with what was counted."),
        verb=_("Judge it"),
        icon="gavel",
        url=reverse("web:action", args=[asked.owed.id]),
    )
