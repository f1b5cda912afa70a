"""What a currency is worth in the company's own, from a day on."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.record import Ref, record
from hilo.money.events.invoices import RateSet
from hilo.money.models import Rate
from hilo.parties.actor import Actor
from hilo.parties.permissions import require
from hilo.parties.queries.company import policy

_CODE = re.compile("[A-Z]{3}")


@command(may_do_nothing=True)
def set_rate(currency: str, *, on: date, rate: Decimal, by: Actor, now: datetime) -> Rate:
    """One unit of ``currency`` is ``rate`` of the reporting currency from ``on`` until the next rate."""
    require(by, "company.manage")
    if not _CODE.fullmatch(currency):
        raise RuleViolation(_("Write the currency in three letters: USD, GBP."), field="currency")
    if currency == policy().currency:
        raise RuleViolation(_("That is the company's own currency."), field="currency")
    if not 0 < rate < 100_000_000:
        raise RuleViolation(_("A rate is greater than nothing. Check it."), field="rate")
    exact = round(rate, 6)
    row, is_new = Rate.objects.get_or_create(currency=currency, on=on, defaults={"rate": exact})
    if is_new or row.rate != exact:
        row.rate = exact
        row.save(update_fields=["rate"])
        record(RateSet(subject=Ref("rate", row.pk), currency=currency, on=on, rate=exact), by=by, now=now)
    return row
