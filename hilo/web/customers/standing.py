"""How we stand with a customer, in sentences and marks: only what the data says, each with where to look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hilo.parties.models import Customer
from hilo.web.base.saying import said_money, said_number
from hilo.web.base.words import Status, Tone
from hilo.work.models import AffectedGroup, Promise
from hilo.work.queries.customer_standing import Standing
from hilo.work.queries.promises_kept import FEWEST, Kept


@dataclass(frozen=True, slots=True)
class Statement:
    """``url`` leads to the rows the sentence counts."""

    sign: Status
    sentence: str
    url: str = ""
    link: str = ""


def statements(customer: Customer, standing: Standing, groups: list[AffectedGroup]) -> list[Statement]:
    """What needs somebody first; one calm sentence when nothing does."""
    found = [*_late(customer, standing), *_warned(customer, standing), *_unprepared(groups)]
    return found or [_calm(standing)]


def _late(customer: Customer, standing: Standing) -> Iterator[Statement]:
    sign = Status(_("Late"), "alert-circle", "late")
    if standing.silent:
        said = ngettext(
            "They wait for news from us in one thread.",
            "They wait for news from us in %(n)d threads.",
            standing.silent,
        )
        yield Statement(sign, said % {"n": standing.silent}, _list(customer, "silent"), _("see which"))
    if standing.unanswered:
        said = ngettext(
            "A promise was broken and nobody has answered for it.",
            "%(n)d promises were broken and nobody has answered for them.",
            standing.unanswered,
        )
        yield Statement(sign, said % {"n": standing.unanswered}, "#promises", _("see them"))


def _warned(customer: Customer, standing: Standing) -> Iterator[Statement]:
    if standing.frayed:
        said = ngettext(
            "One of their threads is fraying, of %(all)d open.",
            "%(n)d of their threads are fraying, of %(all)d open.",
            standing.frayed,
        )
        sentence = said % {"n": standing.frayed, "all": standing.open}
        sign = Status(_("Frays"), "needle-thread", "warn")
        yield Statement(sign, sentence, _list(customer, "frayed"), _("see which"))


def _unprepared(groups: list[AffectedGroup]) -> Iterator[Statement]:
    for group in groups:
        said = (
            _("Nobody has told %(group)s yet.") if group.told_at is None else _("%(group)s know, untrained.")
        )
        url = reverse("web:thread", args=[group.thread.code])
        sign = Status(_("Attention"), "eye", "warn")
        yield Statement(sign, said % {"group": group.name}, url, group.thread.title)


def _calm(standing: Standing) -> Statement:
    if not standing.open:
        return Statement(Status(_("Calm"), "circle-check"), _("They have no open thread now."))
    said = _("Nothing frays, and they know when they hear from us.")
    return Statement(Status(_("Well"), "circle-check", "ok"), said)


def _list(customer: Customer, view: str) -> str:
    return reverse("web:threads") + f"?view={view}&customer={customer.pk}"


@dataclass(frozen=True, slots=True)
class Amounts:
    """Each currency by itself, joined by a plus."""

    open: str
    frayed: str


def amounts(standing: Standing) -> Amounts | None:
    if not standing.money:
        return None
    lang = get_language() or "es"
    all_open = " + ".join(said_money(each.amount, each.currency, lang) for each in standing.money)
    frayed = [said_money(each.frayed, each.currency, lang) for each in standing.money if each.frayed]
    return Amounts(all_open, " + ".join(frayed))


# ---- promises -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeptSaid:
    """``figure`` is empty while there are too few to count; ``note`` says how sure it is, or why not."""

    figure: str
    note: str


def kept_said(kept: Kept) -> KeptSaid:
    """Below five nothing is counted, below thirty no rate: two counts and their interval (DOMAIN 1)."""
    if not kept.is_enough:
        return KeptSaid(
            "", _("With fewer than %(n)d promises due, counting them says nothing.") % {"n": FEWEST}
        )
    lang = get_language() or "es"
    figure = _("%(kept)d of %(due)d") % {"kept": kept.kept, "due": kept.due}
    if kept.rate is not None:
        figure += f" · {_percent(kept.rate, lang)}"
    low, high = kept.interval
    bounds = {"low": said_number(100 * low, lang), "high": _percent(high, lang)}
    return KeptSaid(figure, _("95 %% CI: %(low)s–%(high)s") % bounds)


def _percent(share: float, lang: str) -> str:
    figure = said_number(100 * share, lang)
    return f"{figure} %" if lang == "es" else f"{figure}%"


_SIGNS: dict[str, tuple[str, Tone]] = {
    Promise.State.OPEN: ("circle-dashed", ""),
    Promise.State.KEPT: ("circle-check", "ok"),
    Promise.State.KEPT_LATE: ("clock-exclamation", "warn"),
    Promise.State.BROKEN: ("circle-x", "late"),
    Promise.State.RENEGOTIATED: ("refresh", ""),
    Promise.State.RELEASED: ("ban", ""),
}


def status_of(promise: Promise) -> Status:
    icon, tone = _SIGNS[promise.state]
    return Status(str(Promise.State(promise.state).label), icon, tone)
