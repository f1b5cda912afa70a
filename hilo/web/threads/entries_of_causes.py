"""How the search for causes, what changes because of it, and praise stand in a story."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hilo.web.threads.entry_kinds import entry, silent

entry("analysis.begun", icon="search", css="note", title=_("The cause is looked for"), text="what_happened",
      body=_("%(owner)s leads it."))  # fmt: skip
entry("analysis.case_added", icon="link", title=_("Another case with what seems the same cause"))
entry("analysis.concluded", icon="bulb", css="decision", title=_("What made it possible"), text="conclusion",
      is_box=True)  # fmt: skip
entry("analysis.reopened", icon="refresh", title=_("The cause is looked for again"), text="reason")
entry("analysis.passed", icon="user-check", title=_("Somebody else leads the search for the cause"),
      body=_("From %(old_owner)s to %(new_owner)s."))  # fmt: skip
entry("action.planned", icon="checklist", css="decision", title=_("So that it does not happen again"),
      text="text", body=_("%(owner)s does it, by %(due)s."))  # fmt: skip
entry("action.extended", icon="calendar-share", title=_("More time for an action"), text="reason",
      body=_("From %(old)s to %(new)s."))  # fmt: skip
entry("action.done", icon="circle-check", title=_("Action done"), text="how",
      body=_("From now on we watch whether it happens again."))  # fmt: skip
entry("action.window_ended", icon="eye", title=_("Watched long enough"), head="",
      body=_("Whoever checks the action now judges whether it works."))  # fmt: skip
entry("action.judged", icon="gavel", title=_("The action was judged"), text="judgement")
entry("action.reopened", icon="refresh", css="signal", title=_("The action is open again"), head="",
      body=_("It did not prevent it: it is done differently by %(due)s."))  # fmt: skip
entry("action.dropped", icon="ban", title=_("Action dropped"), text="reason")
entry("action.area_changed", icon="arrows-exchange", title=_("The action passes to another area"), head="",
      body=_("From %(old_area)s to %(new_area)s."))  # fmt: skip
entry("lesson.added", icon="bookmark", css="note", title=_("What was learned goes into the process"),
      text="text")  # fmt: skip
entry("praise.given", icon="mood-smile", css="praise", title=_("Praise"),
      head=_("%(contact)s · passed on by %(author)s"), text="text", is_known=True, is_box=True)  # fmt: skip

silent(
    "a step of the search: it stands on the page of the cause",
    "analysis.team_set", "analysis.place_marked", "why.added", "why.changed", "why.removed", "why.root_set",
)  # fmt: skip
silent("who checks an action stands on its page", "action.passed")
silent("the catalogue is the company's, not a thread's", "cause.added", "cause.renamed", "cause.retired")
silent("a process is about many threads", "template.amended")
