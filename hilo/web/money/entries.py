"""How invoices stand in a story: by their number, never with an amount, for everybody reads a story."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hilo.web.threads.entry_kinds import entry, silent

_NUMBER = _("Number %(number)s.")

entry("invoice.recorded", icon="receipt-euro", title=_("Invoice"), head="", body=_NUMBER, is_known=True)
entry("invoice.changed", icon="receipt-euro", title=_("Invoice changed"), head="", body=_NUMBER)
entry("invoice.paid", icon="circle-check", title=_("Invoice paid"), head="", body=_NUMBER, is_known=True)
entry("invoice.unpaid", icon="receipt-euro", title=_("Invoice owed again"), head="", body=_NUMBER)
entry(
    "invoice.cancelled",
    icon="ban",
    title=_("Invoice cancelled"),
    head="",
    body=_NUMBER,
    text="reason",
    is_known=True,
)
silent("its invoice says when nothing is owed any more", "payment.recorded", "payment.changed")
silent("about our company", "rate.set")
