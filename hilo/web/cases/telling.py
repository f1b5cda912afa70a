"""The composer of a case: what we tell the customer, in which tone, and when they hear from us next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hilo.businesstime import NoWorkingTime
from hilo.parties.actor import Actor
from hilo.parties.models import Contact
from hilo.parties.queries.calendars import clock_of_person, close_of, day_of
from hilo.quality.clocks import ClockState
from hilo.quality.commands.stages import BEFORE_THE_ANSWER
from hilo.quality.commands.telling import (
    acknowledge_case,
    respond_case,
    suggested_text,
    tell_about_case,
    tell_decision,
)
from hilo.quality.models import Case, CaseUpdate, Stage
from hilo.quality.news import prefilled_news
from hilo.quality.queries.case_list import is_over
from hilo.quality.queries.case_page import CasePage
from hilo.web.base import saying
from hilo.web.base.hours import said_on
from hilo.web.cases.beside_fields import beside
from hilo.web.doing.fields import MomentField, SeenForm
from hilo.web.threads.forms import AskedField, said_with_role
from hilo.work.models import Update

type Data = dict[str, Any]
Tone = CaseUpdate.Tone
OTHER = "other"


def tones_said() -> dict[str, str]:
    return {
        Tone.RECEIPT: _("We have it"),
        Tone.PROGRESS: _("There is progress"),
        Tone.STILL: _("We are still on it"),
        Tone.BAD_NEWS: _("Bad news"),
        Tone.ANSWER: _("Our answer"),
        Tone.DECISION: _("The decision"),
    }


@dataclass(frozen=True, slots=True)
class NewsChoice:
    """``value`` is the moment itself, so that what was chosen holds however late it is sent."""

    moment: datetime
    label: str
    until: str
    why: str = ""

    @property
    def value(self) -> str:
        return self.moment.isoformat()


class WhenField(forms.CharField):
    """One of the moments offered, or ``other`` with a field of its own."""

    def to_python(self, value: Any) -> Any:
        given = super().to_python(value)
        if given in ("", OTHER):
            return given
        try:
            moment = datetime.fromisoformat(str(given).replace(" ", "+"))
        except ValueError as error:
            raise ValidationError(_("Choose when they hear from us next."), code="invalid") from error
        return moment if moment.tzinfo else timezone.make_aware(moment)


class TellForm(SeenForm):
    tone = forms.ChoiceField(label=gettext_lazy("What we tell them"), choices=Tone.choices)
    text = AskedField(label=gettext_lazy("Message"), widget=forms.Textarea(attrs={"rows": 6}), strip=False)
    solution = AskedField(
        label=gettext_lazy("What was done, in one sentence"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("Do they get what they asked for?"),
        choices=Case.Outcome.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    when = WhenField(label=gettext_lazy("When do they hear from us next?"), required=False)
    other = MomentField(label=gettext_lazy("Day and hour"), required=False)
    contacts = forms.TypedMultipleChoiceField(
        label=gettext_lazy("To whom"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    channel = forms.ChoiceField(label=gettext_lazy("How"), choices=Update.Channel.choices)

    def __init__(self, *args: Any, page: CasePage, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="tell_%s", **kwargs)
        self.page = page
        contacts = self.fields["contacts"]
        contacts.choices = [(one.pk, said_with_role(one)) for one in page.contacts]  # type: ignore[attr-defined]

    @property
    def next_news_at(self) -> datetime | None:
        """Nothing chosen stays nothing: the command says why it is asked."""
        chosen = self.cleaned_data["when"]
        if chosen == OTHER:
            found: datetime | None = self.cleaned_data["other"]
            return found
        return chosen or None


class Teller:
    """What the composer shows: the tones that fit, the dates one would say, the form as it stands."""

    def __init__(self, page: CasePage, *, data: Mapping[str, Any] | None = None, asked: Any = None) -> None:
        self.page = page
        self.tones = [(code, label) for code, label in tones_said().items() if code in _fitting(page)]
        self.choices = list(news_choices(page))
        self.tone = self._tone(data if data is not None else asked)
        if data is not None:
            self.form = TellForm(data, page=page)
        else:
            self.form = TellForm(page=page, seen=page.case.version, initial=self._initial(asked))

    def _tone(self, given: Any) -> str:
        codes = [code for code, _label in self.tones]
        asked = given.get("tone", "") if given is not None else ""
        return asked if asked in codes else _first_tone(self.page, codes)

    def _initial(self, asked: Any) -> dict[str, Any]:
        """What is asked for another tone keeps everything that was typed by hand."""
        initial: dict[str, Any] = {
            "tone": self.tone,
            "text": self._text(asked.get("text", "") if asked else ""),
            "when": self.choices[-1].value if self.choices else OTHER,
            "contacts": [one.pk for one in self.page.contacts[:1]],
            "channel": Update.Channel.MAIL,
        }
        if planned := next((each for each in self.choices if each.why), None):
            initial["when"] = planned.value
        for name in ("when", "other", "channel", "solution", "outcome"):
            if asked and asked.get(name):
                initial[name] = asked[name]
        if asked and "contacts" in asked:
            initial["contacts"] = [int(pk) for pk in asked.getlist("contacts") if pk.isdecimal()]
        return initial

    def _text(self, typed: str) -> str:
        offered = {suggestion(self.page, code).strip() for code, _label in self.tones}
        if typed.strip() and typed.replace("\r\n", "\n").strip() not in offered:
            return typed
        return suggestion(self.page, self.tone)

    @property
    def chosen_when(self) -> str:
        return str(self.form["when"].value() or "")

    @property
    def is_other(self) -> bool:
        return self.chosen_when not in {each.value for each in self.choices}

    @property
    def to_said(self) -> str:
        """Pilar Crespo, por correo: what the folded part holds."""
        wanted = {str(pk) for pk in self.form["contacts"].value() or ()}
        names = [one.name for one in self.page.contacts if str(one.pk) in wanted]
        channel = dict(Update.Channel.choices).get(str(self.form["channel"].value()), "")
        return " · ".join([", ".join(names) or _("nobody"), str(channel)])

    @property
    def latest_said(self) -> str:
        """Como muy tarde, el viernes 27: what the policy wants."""
        latest = prefilled_news(self.page.case, said_at=self.page.now, now=self.page.now)
        return said_on(latest, self.page.now)


def suggestion(page: CasePage, tone: str) -> str:
    """In the language of who reads it."""
    contact = page.contacts[0] if page.contacts else None
    language = contact.language if contact is not None else get_language() or "es"
    return suggested_text(page.case, tone, language).replace("\r\n", "\n")


def _fitting(page: CasePage) -> list[str]:
    """The receipt is acknowledged once; who leads it answers, and then tells the decision."""
    acknowledge = page.facts.clocks.acknowledge
    is_new = acknowledge is not None and acknowledge.state != ClockState.STOPPED
    first = [Tone.RECEIPT] if is_new else []
    last = []
    if page.leads and page.case.stage in BEFORE_THE_ANSWER:
        last = [Tone.ANSWER]
    elif page.leads and page.case.stage == Stage.RESPONDED:
        last = [Tone.DECISION]
    return [*first, Tone.PROGRESS, Tone.STILL, Tone.BAD_NEWS, *last]


def _first_tone(page: CasePage, codes: list[str]) -> str:
    """What one would most likely say: that we have it, that we are still on it when news are late."""
    if Tone.RECEIPT in codes:
        return Tone.RECEIPT
    if Tone.DECISION in codes:
        return Tone.DECISION
    late = page.facts.news_at is not None and page.facts.news_at < page.now
    return Tone.STILL if late else Tone.PROGRESS


def news_choices(page: CasePage) -> Iterator[NewsChoice]:
    """Tomorrow, after the next thing that is planned, and the latest the policy allows; each once."""
    clock, now = clock_of_person(page.case.thread.owner_id), page.now
    seen: set[datetime] = set()
    try:
        tomorrow = close_of(clock, clock.next_working_day(day_of(clock, now)))
    except NoWorkingTime:
        return
    latest = prefilled_news(page.case, said_at=now, now=now)
    offered = [(tomorrow, "")]
    if planned := _next_planned(page):
        moment, name = planned
        after = close_of(clock, day_of(clock, moment))
        offered.append((after if after >= moment else moment, _("After «%(step)s».") % {"step": name}))
    offered.append((latest, ""))
    for moment, why in sorted(offered, key=lambda each: each[0]):
        if moment > now and moment not in seen and (moment <= latest or not why):
            seen.add(moment)
            yield _choice(moment, why, now)


def _next_planned(page: CasePage) -> tuple[datetime, str] | None:
    """The earliest that an area is to finish; the owner's own strand lasts to the very end."""
    ahead = [
        (one.run.due_at, one.run.name)
        for one in page.facts.strands
        if one.run.due_at and one.run.due_at > page.now and not is_over(one.run)
        and one.run.holder_id != page.case.owner_id
    ]  # fmt: skip
    return min(ahead, default=None)


def _choice(moment: datetime, why: str, now: datetime) -> NewsChoice:
    here, lang = timezone.get_current_timezone(), saying.language(get_language())
    day = saying.said_day(moment, now, here, lang)
    label = f"{day[:1].upper()}{day[1:]}, {moment.astimezone(here):%H:%M}"
    return NewsChoice(moment, label, said_on(moment, now), why)


# ---- sending it -----------------------------------------------------------------------------------------


def tell(page: CasePage, form: TellForm, data: Data, *, by: Actor, now: datetime) -> object:
    """The command behind the chosen tone; what it says of the date stands beside the dates."""
    with beside("when", instead_of="next_news_at"):
        return _tell(page, form, data, by=by, now=now)


def _tell(page: CasePage, form: TellForm, data: Data, *, by: Actor, now: datetime) -> object:
    case = page.case
    common: Data = {
        "text": data["text"],
        "contacts": _chosen(page, data["contacts"]),
        "next_news_at": form.next_news_at,
        "channel": data["channel"],
        "seen": data["seen"],
        "by": by,
        "now": now,
    }
    match data["tone"]:
        case Tone.RECEIPT:
            return acknowledge_case(case, **common)
        case Tone.ANSWER:
            return respond_case(case, solution=data["solution"], **common)
        case Tone.DECISION:
            return tell_decision(case, outcome=data["outcome"], **common)
        case tone:
            return tell_about_case(case, tone=tone, **common)


def _chosen(page: CasePage, ids: list[int]) -> list[Contact]:
    return [one for one in page.contacts if one.pk in ids]
