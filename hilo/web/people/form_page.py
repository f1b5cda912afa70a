"""One way to show a form on a page of its own, to refuse it, and to say who was quicker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from hilo.web.base.words import Stale
from hilo.web.customers.fetching import who_was_quicker
from hilo.web.doing.submitting import OK, Attempt, done, look_again, run_command


@dataclass(frozen=True, slots=True)
class FormPage:
    """``subject`` is the row whose version the form carries; ``kind`` is what the ledger calls it."""

    title: str
    button: str
    back_url: str
    back: str
    lead: str = ""
    is_danger: bool = False
    subject: Model | None = None
    kind: str = ""
    template: str = "web_people/form_page.html"


def show_form(
    request: HttpRequest, page: FormPage, form: BaseForm, attempt: Attempt | None = None, **more: object
) -> HttpResponse:
    notice, stands = None, []
    if attempt is not None and attempt.is_stale and page.subject is not None:
        page.subject.refresh_from_db()
        notice = somebody_was_quicker(page)
        stands = what_stands(form, page.subject)
        look_again(form, getattr(page.subject, "version", 0))
    facts = {"page": page, "form": form, "notice": notice, "stands": stands, **more}
    return render(request, page.template, facts, status=attempt.status if attempt else OK)


def rewrite(form: BaseForm, **values: str) -> None:
    """Puts other values into a posted form before it is shown again."""
    data = form.data.copy() if isinstance(form.data, QueryDict) else QueryDict(mutable=True)
    for name, value in values.items():
        data[form.add_prefix(name)] = value
    form.data = data


def somebody_was_quicker(page: FormPage) -> Stale:
    did = _("changed the same thing")
    subject = page.subject
    known = who_was_quicker(page.kind, subject.pk, did) if subject is not None and page.kind else None
    return known or Stale(_("somebody"), did)


def what_stands(form: BaseForm, subject: Model) -> list[tuple[str, str]]:
    """Label and present value of each field that now says something else than what was typed."""
    found = []
    for bound in form:
        value = getattr(subject, bound.name, None)
        typed = bound.data
        if bound.is_hidden or value is None or str(getattr(value, "pk", value)) == str(typed or ""):
            continue
        found.append((str(bound.label), _said(subject, bound.name, value)))
    return found


def _said(subject: Model, name: str, value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    shown = getattr(subject, f"get_{name}_display", None)
    return str(shown() if shown else value) or _("nothing")


def answer_form(
    request: HttpRequest,
    page: FormPage,
    form: BaseForm,
    call: Callable[[dict[str, Any]], object],
    *,
    then: str,
    said: str,
    **more: object,
) -> HttpResponse:
    """Run the command for a posted form; on to ``then`` when it is done, the same page when it is not."""
    attempt = run_command(form, call)
    if attempt.done:
        return done(request, then, said)
    return show_form(request, page, form, attempt, **more)
