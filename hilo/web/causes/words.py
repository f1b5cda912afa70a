"""How causes, places and lengths of business time are said on these screens."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hilo.quality.models import CauseKind
from hilo.web.base import saying

DAY, HOUR = 480, 60  # business minutes
_PART = re.compile(r"\s*([0-9]{1,6})\s*([a-zñáéíóú]*)\.?\s*", re.IGNORECASE)
_UNITS = {
    **dict.fromkeys(("", "m", "min", "minuto", "minutos", "minute", "minutes"), 1),
    **dict.fromkeys(("h", "hora", "horas", "hour", "hours"), HOUR),
    **dict.fromkeys(("d", "día", "dia", "días", "dias", "day", "days"), DAY),
}


def seeded_names() -> dict[str, str]:
    """The causes that come with Hilo, by their code; a company's own carry their name."""
    return {
        "not_advised": _("The customer was not advised"),
        "infeasibility_not_detected": _("It was not detected that it was not feasible"),
        "specification_not_corrected": _("The specification was not corrected"),
        "our_function_left_to_customer": _("A function of ours was left to the customer"),
        "information_lost_in_handoff": _("Information got lost in a handoff"),
        "wrong_or_contradictory_promise": _("Something wrong or contradictory was promised"),
        "no_news_given": _("No news was given"),
        "capacity": _("There was not enough capacity"),
        "supplier": _("A supplier failed"),
        "customers_users_not_prepared": _("The customer's users were not prepared"),
    }


def cause_name(cause: CauseKind) -> str:
    return cause.name or seeded_names().get(cause.code, cause.code)


def said_day(day: date, today: date) -> str:
    return saying.said_short_date(day, today, saying.language(get_language()))


def said_minutes(minutes: int) -> str:
    """Working time as one says it: 30 min, 4 h, 5 días, 1 d 4 h. It reads back as the same."""
    if minutes and minutes % DAY == 0:
        days = minutes // DAY
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    days, rest = divmod(minutes, DAY)
    hours, left = divmod(rest, HOUR)
    parts = [f"{n} {unit}" for n, unit in ((days, "d"), (hours, "h"), (left, "min")) if n]
    return " ".join(parts) or "0 min"


def minutes_of(text: str) -> int | None:
    """``4 h``, ``2 días``, ``1 d 4 h``, ``90``; None when it says nothing we understand."""
    parts = _PART.findall(text)
    units = [_UNITS.get(unit.lower()) for _number, unit in parts]
    if not parts or None in units or _PART.sub("", text):
        return None
    return sum(int(number) * (unit or 0) for (number, _unit), unit in zip(parts, units, strict=True))
