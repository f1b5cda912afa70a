"""How moved plans and reviews stand in a thread's story."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hilo.web.threads.entry_kinds import entry, silent

entry("plan.moved", icon="calendar-share", title=_("Plan moved"),
      body=_("«%(step)s»: from %(old)s to %(new)s."), text="reason")  # fmt: skip
entry("plan.move_undone", icon="arrow-back-up", title=_("Plan put back"),
      body=_("«%(step)s»: from %(old)s to %(new)s."))  # fmt: skip
entry("review.planned", icon="eye", title=_("Review planned"), body=_("For %(at)s."), text="text")
entry("review.moved", icon="eye", title=_("Review moved"), body=_("From %(old)s to %(new)s."))
entry("review.held", icon="eye", css="note", title=_("Reviewed"), text="outcome", is_box=True)
entry("review.cancelled", icon="eye-off", title=_("Review called off"), text="reason")
silent("about one's own calendar", "calendar_address.made", "calendar_address.revoked")
