"""Opening a case: on a thread, from a customer, or from nothing but the customer's name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.parties.actor import Actor
from hilo.parties.models import Contact, Customer, Person
from hilo.parties.queries.customers import customer_family_ids
from hilo.parties.queries.people import people_visible_to
from hilo.quality.commands.cases import open_case
from hilo.quality.models import Case, Level
from hilo.quality.policy import policy_in_force
from hilo.web.cases.beside_fields import beside
from hilo.web.cases.severity import impact_choices, severities, urgency_choices
from hilo.web.customers.choosing import CustomerNamed, customer_given
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.fields import MomentField
from hilo.web.doing.submitting import done, run_command
from hilo.web.threads.forms import AskedField, ContactField, OptionalField
from hilo.work.access import threads_visible_to
from hilo.work.models import Thread
from hilo.work.queries.customer_standing import open_threads_of

PRAISE, NEW_THREAD = "praise", ""
MOST_ALSO_ON = 12
YES, NO = "yes", "no"


class WhichCustomer(CustomerNamed):
    """The first question, where nothing said it yet."""


class NewCase(forms.Form):
    """Few fields; what the customer wants back is asked in their words, not in ours."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what it is.")},
    )
    title = AskedField(
        label=gettext_lazy("What happens, in one sentence"),
        help_text=gettext_lazy("As they would tell it: “Line 2 does not reach 18,000 bottles an hour”."),
    )
    thread = forms.ChoiceField(label=gettext_lazy("On which thread"), required=False)
    contact = ContactField(
        gettext_lazy("Who told us"),
        error_messages={"required": gettext_lazy("Say who at the customer told us.")},
    )
    remedy = OptionalField(
        label=gettext_lazy("What they want, in their words"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        strip=False,
    )
    customer_knows = forms.ChoiceField(
        label=gettext_lazy("Does the customer know of it?"),
        widget=forms.RadioSelect,
        choices=[
            (YES, gettext_lazy("Yes, they told us or have seen it")),
            (NO, gettext_lazy("No, nobody outside has seen it")),
        ],
        initial=YES,
    )
    found_by_us = forms.BooleanField(label=gettext_lazy("We found it before they did"), required=False)
    impact = forms.ChoiceField(
        label=gettext_lazy("What it does to them"), widget=forms.RadioSelect, initial=Level.MEDIUM
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("How soon it must be solved"), widget=forms.RadioSelect, initial=Level.MEDIUM
    )
    text = OptionalField(
        label=gettext_lazy("What else we know"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        strip=False,
    )
    received_at = MomentField(
        label=gettext_lazy("When they told us"),
        help_text=gettext_lazy("Its clocks run from then, however late it is written down."),
        required=False,
    )
    owner = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Who leads the case"), empty_label=None
    )
    also_on = forms.MultipleChoiceField(
        label=gettext_lazy("Other threads it touches"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, customer: Customer, actor: Actor, now: datetime, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        family = customer_family_ids(customer)
        self.threads = {one.code: one for one in open_threads_of(actor, family, now=now)}
        self.people = Contact.objects.filter(
            customer__in=family, left_at__isnull=True, erased_at__isnull=True
        )
        self._choices(actor)
        first = self.people.first()
        if first is not None and self.people.count() == 1:
            self.initial.setdefault("contact", first.pk)
        known = self.data.get("customer_knows", YES) == YES and self.data.get("kind") != Case.Kind.NEAR_MISS
        self.fields["contact"].required = known
        self.initial.setdefault("received_at", now)
        self.initial.setdefault("owner", actor.one.pk)

    def _choices(self, actor: Actor) -> None:
        here = [(code, f"{one.title} · {code}") for code, one in self.threads.items()]
        new = (NEW_THREAD, _("A thread of its own: nothing of theirs fits"))
        for name, choices in (
            ("kind", [*Case.Kind.choices, *([(PRAISE, _("Praise"))] if praise_url("x") else [])]),
            ("thread", [*here, new]),
            ("impact", impact_choices()),
            ("urgency", urgency_choices()),
            ("also_on", here[:MOST_ALSO_ON]),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields["contact"].queryset = self.people  # type: ignore[attr-defined]
        people = people_visible_to(actor).filter(is_active=True)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]

    @property
    def says_more(self) -> bool:
        """Whether a refused form has something in the folded part."""
        names = ("text", "received_at", "owner", "also_on")
        return any(self[name].errors for name in names)


def praise_url(code: str) -> str:
    """Praise has a form of its own, where that module is there."""
    try:
        return reverse("web:give_praise", args=[code])
    except NoReverseMatch:
        return ""


def new_case(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), now_of(request)
    given = request.POST if request.method == "POST" else request.GET
    thread = _thread_given(actor, given.get("on", ""))
    customer = (
        thread.customer
        if thread
        else customer_given(actor, given.get("customer_id") or given.get("customer"))
    )
    if customer is None:
        return _ask_whose(request, actor)
    form = NewCase(
        request.POST if request.method == "POST" else None,
        customer=customer,
        actor=actor,
        now=now,
        initial=_initial(given, thread),
    )
    if request.method != "POST":
        return _page(request, form, customer, thread)
    if request.POST.get("kind") == PRAISE and (url := _to_praise(form, request, thread)):
        return HttpResponseRedirect(url)
    attempt = run_command(form, _open(form, customer, actor, now))
    if attempt.done:
        case = attempt.result
        assert isinstance(case, Case)
        said = _("The case is open. Tell the customer that we have it: one line is enough.")
        if not case.customer_knows:
            said = _("The case is open. Nobody outside knows of it.")
        return done(request, reverse("web:case", args=[case.code]), said)
    return _page(request, form, customer, thread, status=attempt.status)


def _thread_given(actor: Actor, code: str) -> Thread | None:
    """A thread that is named and cannot be seen does not exist."""
    if not code:
        return None
    found = threads_visible_to(actor).select_related("customer").filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _initial(given: Any, thread: Thread | None) -> dict[str, Any]:
    kind = given.get("kind", "")
    initial: dict[str, Any] = {"kind": kind if kind in Case.Kind.values else Case.Kind.INCIDENT}
    if thread is not None:
        initial["thread"] = thread.code
    if given.get("title"):
        initial["title"] = given["title"]
    return initial


def _to_praise(form: NewCase, request: HttpRequest, thread: Thread | None) -> str:
    """What was typed goes along; without a thread there is nobody to thank yet."""
    code = request.POST.get("thread") or (thread.code if thread else "")
    if code not in form.threads or not (url := praise_url(code)):
        return ""
    typed = request.POST.get("remedy") or request.POST.get("title", "")
    return f"{url}?{urlencode({'text': typed})}"


def _open(form: NewCase, customer: Customer, actor: Actor, now: datetime) -> Callable[[dict[str, Any]], Case]:
    def call(data: dict[str, Any]) -> Case:
        thread = form.threads.get(data["thread"])
        with beside("received_at", instead_of="said_at"):
            return _opened(thread, data)

    def _opened(thread: Thread | None, data: dict[str, Any]) -> Case:
        return open_case(
            thread=thread,
            customer=None if thread else customer,
            kind=data["kind"],
            title=data["title"],
            text=data["text"],
            remedy=data["remedy"],
            contact=data["contact"],
            found_by_us=data["found_by_us"],
            customer_knows=data["customer_knows"] == YES,
            impact=data["impact"],
            urgency=data["urgency"],
            received_at=data["received_at"],
            owner=data["owner"],
            also_on=[form.threads[code] for code in data["also_on"] if form.threads[code] != thread],
            by=actor,
            now=now,
        )

    return call


def _page(
    request: HttpRequest, form: NewCase, customer: Customer, thread: Thread | None, *, status: int = 200
) -> HttpResponse:
    back = reverse("web:thread", args=[thread.code]) if thread else reverse("web:cases")
    facts = {
        "form": form,
        "customer": customer,
        "on": thread,
        "severities": severities(policy_in_force(), customer.tier),
        "back": back,
        "has_praise": bool(praise_url("x")),
    }
    return render(request, "web_cases/new.html", facts, status=status)


def _ask_whose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A name typed is looked up; several that fit are asked back."""
    typed = "customer" in request.GET
    form = WhichCustomer(request.GET if typed else None, actor=actor)
    if typed and form.is_valid():
        kind = {"kind": request.GET["kind"]} if request.GET.get("kind") else {}
        query = urlencode({"customer": form.cleaned_data["customer"].pk, **kind})
        return HttpResponseRedirect(f"{reverse('web:case_new')}?{query}")
    return render(request, "web_cases/whose.html", {"form": form}, status=422 if typed else 200)
