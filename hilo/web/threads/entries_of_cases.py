"""How a case stands in the story of its thread, and of every thread it touches."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hilo.quality.models import Case, Level
from hilo.web.threads.entry_kinds import entry, silent
from hilo.web.threads.entry_words import words_of_code

_SEVERITIES = {Level.LOW: _("low"), Level.MEDIUM: _("medium"), Level.HIGH: _("high")}
for _name in ("severity", "old_severity"):
    words_of_code(_name, lambda code: _SEVERITIES.get(Level(code), "") if code else "")
words_of_code("case_kind", lambda code: dict(Case.Kind.choices).get(code, ""))
words_of_code("outcome", lambda code: dict(Case.Outcome.choices).get(code, ""))

_SAID_BY = _("%(contact)s · written down by %(author)s")
entry("case.opened", icon="alert-triangle", css="case", title=_("A case begins"), text="title",
      head=_("%(author)s · %(owner)s leads it"),
      body=_("%(code)s, %(case_kind)s, severity %(severity)s."), is_box=True)  # fmt: skip
entry("case.assessed", icon="target", title=_("Case assessed"), text="containment",
      body=_("Severity %(severity)s."))  # fmt: skip
entry("case.severity_changed", icon="target", title=_("The severity of the case changes"), text="reason",
      body=_("From %(old_severity)s to %(severity)s."))  # fmt: skip
entry("case.contained", icon="lifebuoy", title=_("Meanwhile"), text="text")
entry("case.investigating", icon="search", title=_("We are looking into what happened"))
entry("case.strand_added", icon="arrows-split-2", title=_("Another area works on the case"),
      body="«%(step)s»")  # fmt: skip
entry("case.taken_over", icon="user-check", title=_("Somebody else leads the case"),
      body=_("From %(old_owner)s to %(new_owner)s, because %(why)s."))  # fmt: skip
entry("case.area_changed", icon="users-group", title=_("The case has another area"), head="",
      body=_("From %(old_area)s to %(new_area)s."))  # fmt: skip
entry("case.thread_touched", icon="link", title=_("The case also touches another thread"),
      body="%(other_thread)s")  # fmt: skip
entry("case.failure_joined", icon="link", title=_("The same failure as another case"),
      body=_("The areas work on it there."))  # fmt: skip
entry("case.failure_left", icon="link", title=_("It was a failure of its own"))
entry("case.customer_learned", icon="message-2", css="mail", title=_("The customer has come to know"),
      head=_SAID_BY)  # fmt: skip
entry("case.acknowledged", icon="circle-check", title=_("The customer knows that we have it"), is_known=True)
entry("case.responded", icon="send", css="message", title=_("Our answer to the case"), text="solution",
      is_known=True)  # fmt: skip
entry("case.decided", icon="gavel", css="decision", title=_("The decision was told"), body="%(outcome)s.",
      is_known=True)  # fmt: skip
entry("case.verified", icon="circle-check", css="praise", title=_("The customer says that it is solved"),
      head=_SAID_BY, text="how", is_known=True)  # fmt: skip
entry("case.solution_refused", icon="circle-x", css="case", title=_("The customer does not accept it"),
      head=_SAID_BY, text="reason", is_known=True, is_box=True)  # fmt: skip
entry("case.closed", icon="circle-check", css="decision", title=_("Case closed"), text="solution")
entry("case.reopened", icon="refresh", css="case", title=_("Case reopened"), text="reason",
      body=_("Times it has been reopened: %(count)s."), is_box=True)  # fmt: skip
entry("escalation.noted", icon="hand-stop", css="case", title=_("The customer turned to management"),
      head=_("%(contact)s to %(owner)s"), text="text", is_known=True, is_box=True)  # fmt: skip
entry("escalation.raised", icon="hand-stop", css="signal", title=_("The second failure on this thread"),
      head="", body=_("The directors have been told."))  # fmt: skip

# ---- its clocks ------------------------------------------------------------------------------------------

_CLOCKS = {
    "acknowledge": _("To say that we have it"),
    "response": _("Our answer"),
    "legal": _("The legal deadline"),
    "news": _("The next news"),
}
words_of_code("clock", lambda key: _CLOCKS.get(key.partition(":")[0], ""))
entry("clock.paused", icon="clock-pause", title=_("Our answer waits for somebody"), text="reason",
      body=_("Until %(until)s. The news does not wait."))  # fmt: skip
entry("clock.resumed", icon="clock", title=_("The time for our answer runs again"))
entry("lateness.told", icon="clock-exclamation", css="signal", title=_("Late"), head="",
      body=_("%(clock)s: it was for %(due)s. Whoever must know has been told."))  # fmt: skip

silent("about the company, not about a thread",
       "case_policy.changed", "legal_deadline.set", "legal_deadline.dropped")  # fmt: skip
silent("the message itself shows it", "case.told")
silent("the page of the case shows what it is about", "case.linked", "case.unlinked")
