"""Several threads at once: which were chosen, what is to be done, and off it goes."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.parties.actor import Actor
from hilo.parties.models import Person
from hilo.parties.queries.people import people_visible_to
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.fields import MomentField
from hilo.web.doing.submitting import OK, UNPROCESSABLE, run_command
from hilo.web.lists.asked import asked_with
from hilo.work.access import threads_visible_to
from hilo.work.bulk import Picked, most_at_once, start_bulk
from hilo.work.models import BulkRun, Thread
from hilo.work.queries.thread_list import ids_in_order

_PAIR = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})", re.ASCII)
SHOWN = 12  # of the chosen ones, by name


class BulkForm(forms.Form):
    """What a field is for is said by the command that refuses without it."""

    act = forms.ChoiceField(
        label=gettext_lazy("What is to be done"),
        choices=BulkRun.Act.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what is to be done.")},
    )
    to = forms.ModelChoiceField(
        Person.objects.none(),
        label=gettext_lazy("Who is to answer for them"),
        required=False,
        empty_label=gettext_lazy("Choose…"),
        help_text=gettext_lazy("They accept or decline each; until then it stays with who has it."),
    )
    when = MomentField(
        label=gettext_lazy("When the customer hears from us"),
        required=False,
        help_text=gettext_lazy("Each move is counted: a message to the customer needs no reason."),
    )
    reason = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=300)
    picked = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        people = self.fields["to"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = people_visible_to(actor).filter(is_active=True)


def several(request: HttpRequest) -> HttpResponse:
    """From the list with what was chosen; from its own page with what is to be done."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("web:threads"))
    actor = actor_of(request)
    if "act" in request.POST or "asking" in request.POST:
        return _do(request, actor)
    picked = _picked(request, actor)
    form = BulkForm(actor=actor, initial={"picked": said(picked), "act": BulkRun.Act.TRANSFER})
    return _page(request, form, picked, actor)


def _do(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = BulkForm(request.POST, actor=actor)
    picked = read(request.POST.get("picked", ""))
    attempt = run_command(
        form,
        lambda given: start_bulk(
            given["act"],
            picked,
            to_person=given["to"] if given["act"] == BulkRun.Act.TRANSFER else None,
            to_moment=given["when"] if given["act"] == BulkRun.Act.NEWS else None,
            reason=given["reason"],
            by=actor,
            now=now_of(request),
        ),
    )
    if isinstance(attempt.result, BulkRun):
        return HttpResponseRedirect(reverse("web:threads_bulk_run", args=[attempt.result.pk]))
    return _page(request, form, picked, actor, attempt.status)


def _picked(request: HttpRequest, actor: Actor) -> list[Picked]:
    """Those that were ticked, or all that the list's address finds, as they are now."""
    if not request.POST.get("all"):
        return read(",".join(request.POST.getlist("chosen")))
    asked = asked_with(actor, now_of(request), QueryDict(request.POST.get("asked", "")[:4_000]))
    ids = ids_in_order(asked.listing.tiers(), first=0, most=most_at_once() + 1)
    versions = dict(Thread.objects.filter(pk__in=ids).values_list("pk", "version"))
    return [Picked(pk, versions[pk]) for pk in ids if pk in versions]


def read(text: str) -> list[Picked]:
    """``17.3,21.1``: thread 17 as it was in its version 3. What is written otherwise is passed over."""
    pairs = (_PAIR.fullmatch(each) for each in text.split(","))
    return [Picked(int(pair[1]), int(pair[2])) for pair in pairs if pair]


def said(picked: list[Picked]) -> str:
    return ",".join(f"{each.thread_id}.{each.seen}" for each in picked)


def _page(
    request: HttpRequest, form: BulkForm, picked: list[Picked], actor: Actor, status: int = OK
) -> HttpResponse:
    most = most_at_once()
    ids = [each.thread_id for each in picked]
    visible = threads_visible_to(actor).filter(pk__in=ids[: most + 1])
    count = visible.count()
    trouble = ""
    if not count:
        trouble = _("Choose at least one thread.")
    elif count > most:
        trouble = _(
            "That is more than %(most)s, the most that are changed at once. Narrow the list first."
        ) % {"most": most}
    facts = {
        "form": form,
        "count": count,
        "threads": visible.select_related("customer")[:SHOWN],
        "more": max(0, count - SHOWN),
        "trouble": trouble,
        "is_too_many": count > most,
    }
    return render(request, "web_lists/bulk.html", facts, status=status if not trouble else UNPROCESSABLE)
