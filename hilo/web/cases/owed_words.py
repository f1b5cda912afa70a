"""What cases make somebody owe, in the words of Mi día and of a thread's next step."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.web.base.hours import said_at
from hilo.web.lists.standing import STEPS_OF_MODULES
from hilo.web.my_day.words import Asked, Said, words_for

STEPS_OF_MODULES.update(
    {
        "acknowledge_case": gettext_lazy("Tell the customer that we have it"),
        "answer_case": gettext_lazy("Answer the customer"),
        "give_case_news": gettext_lazy("Give news of the case"),
        "await_verification": gettext_lazy("The customer says whether it is solved"),
        "close_case": gettext_lazy("Close the case"),
    }
)


def _place(asked: Asked, anchor: str = "") -> str:
    return reverse("web:case_at", args=[asked.owed.id]) + anchor


def _when(asked: Asked) -> dict[str, str]:
    return {"when": said_at(asked.owed.due, asked.now), "customer": asked.owed.whom}


@words_for("acknowledge_case")
def _receipt(asked: Asked) -> Said:
    late = _("They told us and do not know whether it arrived: it was for %(when)s.")
    coming = _("They told us and do not know whether it arrived. One line is enough.")
    return Said(
        what=_("Tell %(customer)s that we have it: %(case)s")
        % {"customer": asked.owed.whom, "case": asked.owed.label},
        kind=_("Case just received"),
        because=(late if asked.is_late else coming) % _when(asked),
        verb=_("Tell them"),
        icon="lifebuoy",
        url=_place(asked, "#tell"),
    )


@words_for("answer_case")
def _answer(asked: Asked) -> Said:
    late = _("%(customer)s should have had our answer %(when)s.")
    coming = _("%(customer)s waits for our answer, until %(when)s.")
    return Said(
        what=_("Answer: %(case)s") % {"case": asked.owed.label},
        kind=_("Response to a case"),
        because=(late if asked.is_late else coming) % _when(asked),
        verb=_("See the case"),
        icon="hourglass",
        url=_place(asked),
    )


@words_for("give_case_news")
def _news(asked: Asked) -> Said:
    late = _("We said they would hear from us %(when)s, and they still know nothing.")
    coming = _("We said they would hear from us %(when)s.")
    return Said(
        what=_("Give news to %(customer)s: %(case)s")
        % {"customer": asked.owed.whom, "case": asked.owed.label},
        kind=_("News of a case"),
        because=(late if asked.is_late else coming) % _when(asked),
        verb=_("Send news"),
        icon="bell",
        url=_place(asked, "#tell"),
    )


@words_for("close_case")
def _close(asked: Asked) -> Said:
    return Said(
        what=_("Close: %(case)s") % {"case": asked.owed.label},
        kind=_("Case that can be closed"),
        because=_("Nothing is missing any more: closed, its thread can go on to the archive."),
        verb=_("Close it"),
        icon="check",
        url=_place(asked),
    )
