"""Passing praise on: what they said, in their words, to everybody who took part in that thread, by name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from hilo.parties.models import Contact
from hilo.parties.permissions import require
from hilo.parties.queries.customers import contacts_visible_to, customer_family_ids
from hilo.quality.commands.praise import give_praise
from hilo.quality.models import Praise
from hilo.quality.queries.taking_part import took_part
from hilo.web.causes.forms import NO_MOMENT, Plain, Wanted
from hilo.web.causes.page import joined
from hilo.web.customers.fetching import customer_at
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.fields import MomentField
from hilo.web.doing.submitting import done, run_command
from hilo.web.people.form_page import FormPage, show_form
from hilo.web.threads.acting import visible_thread
from hilo.work.access import threads_visible_to
from hilo.work.models import Thread

MOST_THREADS = 40
LARGEST_ID = 2**63 - 1


class PraiseForm(Plain):
    text = Wanted(
        label=gettext_lazy("What they said, in their words"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=gettext_lazy("Who said it"), required=False
    )
    where = forms.ChoiceField(label=gettext_lazy("Where"), choices=Praise.Where.choices)
    said_at = MomentField(
        label=gettext_lazy("When"),
        required=False,
        help_text=gettext_lazy("Whoever had taken part by then is thanked."),
        error_messages=NO_MOMENT,
    )

    def __init__(self, *args: Any, contacts: QuerySet[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["contact"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.empty_label = contacts, _("Somebody of theirs")


def give(request: HttpRequest, code: str) -> HttpResponse:
    """Anybody may, wherever the thread lies: praise is passed on, not decided."""
    thread = visible_thread(request, code)
    actor, now = actor_of(request), now_of(request)
    require(actor, "praise.give")
    back = reverse("web:thread", args=[thread.code])
    page = FormPage(
        title=_("They are glad: pass it on"),
        lead=_whom(thread, now),
        button=_("Pass it on"),
        back_url=back,
        back=f"{thread.customer.name}, {thread.title}",
        template="web_week/praise_form.html",
    )
    contacts = contacts_visible_to(actor).filter(customer=thread.customer, erased_at__isnull=True)
    contacts = contacts.order_by("name")
    if request.method != "POST":
        first = {"said_at": timezone.localtime(now), "where": Praise.Where.CALL}
        return show_form(request, page, PraiseForm(contacts=contacts, initial=first))
    form = PraiseForm(request.POST, contacts=contacts)
    attempt = run_command(form, lambda given: _give(thread, given, actor, now))
    if isinstance(attempt.result, Praise):
        return done(request, back, _passed_on(attempt.result))
    return show_form(request, page, form, attempt)


def _give(thread: Thread, given: dict[str, Any], actor: Any, now: Any) -> Praise:
    """The field has no seconds: this very minute is now."""
    said = given["said_at"]
    if said is not None and said == now.replace(second=0, microsecond=0):
        said = None
    return give_praise(thread, **{**given, "said_at": said}, by=actor, now=now)


def _whom(thread: Thread, now: Any) -> str:
    names = [person.name for person in took_part(thread, by=now)]
    return _("It reaches, by name, whoever has taken part: %(names)s.") % {"names": joined(names)}


def _passed_on(praise: Praise) -> str:
    count = praise.praised.count()
    said = ngettext("It has reached one person.", "It has reached %(n)d people.", count)
    return said % {"n": count}


@require_safe
def praise_at(request: HttpRequest, pk: int) -> HttpResponse:
    """From a notice to the words themselves, among the glory of the week in which they were said."""
    seen = Praise.objects.filter(thread__in=threads_visible_to(actor_of(request)))
    found = seen.filter(pk=min(pk, LARGEST_ID)).first()
    if found is None:
        raise Http404
    day = timezone.localtime(found.said_at).date().isoformat()
    return HttpResponseRedirect(f"{reverse('web:week')}?day={day}#praise-{found.pk}")


@require_safe
def choose_thread(request: HttpRequest, pk: int) -> HttpResponse:
    """From a customer's page: which thread is it about? With only one there is nothing to choose."""
    customer = customer_at(request, pk)
    threads = threads_visible_to(actor_of(request)).filter(customer__in=customer_family_ids(customer))
    rows = list(threads.order_by("archived_at", "-opened_at", "-pk")[:MOST_THREADS])
    open_ones = [thread for thread in rows if thread.is_open]
    if len(rows) == 1:
        return HttpResponseRedirect(reverse("web:give_praise", args=[rows[0].code]))
    facts = {
        "now": now_of(request),
        "customer": customer,
        "open": open_ones,
        "archived": [thread for thread in rows if not thread.is_open],
    }
    return render(request, "web_week/choose_thread.html", facts)
