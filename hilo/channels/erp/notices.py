"""What administrators are told of the feed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hilo.parties.notice_words import register_notice

WAITING, REFUSED = "erp.waiting", "erp.refused"

register_notice(
    WAITING, _("Rows of the ERP wait for others that do not come."), "clock-exclamation", daily=True
)
register_notice(REFUSED, _("A file of the ERP has rows that were refused."), "alert-circle", daily=True)
