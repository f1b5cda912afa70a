"""What a message about a case can begin from, in the customer's language: whoever writes it changes it.

The date of the next news is no part of it: the mail says it in a sentence of its own, from one place.
"""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from hilo.quality.models import Case, CaseUpdate

Tone = CaseUpdate.Tone


def suggested_text(case: Case, tone: str, language: str) -> str:
    """Always with the case's number and whom to call."""
    with translation.override(language):
        return _greeting(case) + _sentences(case)[Tone(tone)] + "\n\n" + _whom_to_call(case)


def _greeting(case: Case) -> str:
    if case.contact is None:
        return ""
    return _("Dear %(contact)s,") % {"contact": case.contact.name} + "\n\n"


def _sentences(case: Case) -> dict[Tone, str]:
    names = {"title": case.title, "code": case.code, "solution": case.solution}
    texts = {
        Tone.RECEIPT: _(
            "We have received what you told us, “%(title)s”, and we are on it. Its number is %(code)s."
        ),
        Tone.PROGRESS: _("There is progress with “%(title)s” (%(code)s):"),
        Tone.STILL: _("We are still working on “%(title)s” (%(code)s). There is nothing new to tell yet."),
        Tone.BAD_NEWS: _(
            "“%(title)s” (%(code)s) is taking longer than we told you, and we want you to hear it from us."
        ),
        Tone.ANSWER: _("This is our answer to “%(title)s” (%(code)s):\n\n%(solution)s"),
        Tone.DECISION: _("This is what we have decided about “%(title)s” (%(code)s):"),
    }
    return {tone: text % names for tone, text in texts.items()}


def _whom_to_call(case: Case) -> str:
    owner = case.owner
    names = {"owner": owner.name, "phone": owner.phone, "email": owner.email}
    if owner.phone:
        return _("For anything you need, call %(owner)s: %(phone)s, %(email)s.") % names
    return _("For anything you need, write to %(owner)s: %(email)s.") % names
