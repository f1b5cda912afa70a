"""How what happens to processes stands in a thread's story."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hilo.web.threads.entry_kinds import entry, silent

entry("thread.process_moved", icon="arrows-exchange", title=_("It goes on as a newer version of its process"),
      body=_("From version %(from_number)s to %(to_number)s. What was done stays done."))  # fmt: skip
silent(
    "about a process, not a thread: a draft in the making",
    "template.step_added", "template.step_changed", "template.step_moved", "template.step_removed",
)  # fmt: skip
