"""The customer's people: added, changed, gone, erased."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hilo.parties.commands.customers import add_contact, change_contact, erase_contact, mark_contact_left
from hilo.parties.models import Contact, Customer
from hilo.parties.queries.customers import survivor_of
from hilo.web.customers.fetching import contact_at, customer_at, url_of, who_was_quicker
from hilo.web.customers.forms import CONTACT_FIELDS, ContactForm, Plain, shown_of
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import OK, Attempt, done, look_again, run_command


def new_contact(request: HttpRequest, pk: int) -> HttpResponse:
    customer = survivor_of(customer_at(request, pk))
    if request.method != "POST":
        return _shown(request, customer, ContactForm(initial={"role": Contact.Role.OTHER}, is_new=True))
    form = ContactForm(request.POST, is_new=True)
    attempt = run_command(form, lambda given: _add(request, customer, given))
    if isinstance(attempt.result, Contact):
        said = _("%(name)s is on the page of %(customer)s now.")
        names = {"name": attempt.result.name, "customer": customer.name}
        return done(request, url_of(customer), said % names)
    return _shown(request, customer, form, attempt)


def _add(request: HttpRequest, customer: Customer, given: dict[str, Any]) -> Contact:
    return add_contact(customer, **given, by=actor_of(request), now=now_of(request))


def edit_contact(request: HttpRequest, pk: int) -> HttpResponse:
    contact = contact_at(request, pk)
    customer = survivor_of(contact.customer)
    if contact.erased_at is not None:
        messages.info(request, _("This contact was erased, as they asked."))
        return HttpResponseRedirect(url_of(customer))
    if request.method != "POST":
        return _shown(
            request, customer, ContactForm(initial=shown_of(contact, CONTACT_FIELDS)), None, contact
        )
    form = ContactForm(request.POST)
    attempt = run_command(
        form, lambda given: change_contact(contact, **given, by=actor_of(request), now=now_of(request))
    )
    if attempt.done:
        return done(request, url_of(customer), _("Saved."))
    return _shown(request, customer, form, attempt, contact)


def _shown(
    request: HttpRequest,
    customer: Customer,
    form: ContactForm,
    attempt: Attempt | None = None,
    contact: Contact | None = None,
) -> HttpResponse:
    notice = None
    if contact is not None and attempt is not None and attempt.is_stale:
        contact.refresh_from_db()
        notice = who_was_quicker("contact", contact.pk, _("changed this contact"))
        look_again(form, contact.version)
    facts = {
        "form": form,
        "customer": customer,
        "contact": contact,
        "notice": notice,
        "now_stands": contact if notice else None,
    }
    status = attempt.status if attempt else OK
    return render(request, "web_customers/contact_form.html", facts, status=status)


@require_POST
def contact_left(request: HttpRequest, pk: int) -> HttpResponse:
    contact = contact_at(request, pk)
    name = contact.name
    mark_contact_left(contact, seen=_seen(request), by=actor_of(request), now=now_of(request))
    said = _("%(name)s no longer works there. What was said with them stays.") % {"name": name}
    return done(request, url_of(survivor_of(contact.customer)), said)


def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """First a page that says what will be gone and what stays; then, by its button, it is done."""
    contact = contact_at(request, pk)
    customer = survivor_of(contact.customer)
    form = Plain(request.POST or None, initial={"seen": contact.version})
    attempt = Attempt(OK)
    if request.method == "POST":
        attempt = run_command(
            form, lambda given: erase_contact(contact, **given, by=actor_of(request), now=now_of(request))
        )
        if attempt.done:
            return done(request, url_of(customer), _("Erased. Nothing here names them any more."))
    contact.refresh_from_db()
    if attempt.is_stale:
        look_again(form, contact.version)
    facts = {"form": form, "contact": contact, "customer": customer, "is_stale": attempt.is_stale}
    return render(request, "web_customers/erase_contact.html", facts, status=attempt.status)


def _seen(request: HttpRequest) -> int | None:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else -1
