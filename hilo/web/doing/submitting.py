"""A form asks a command; what it refuses stands beside the field, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from hilo.errors import NotAllowed, RuleViolation, Stale
from hilo.web.doing.asking import is_htmx

OK, FORBIDDEN, CONFLICT, UNPROCESSABLE = 200, 403, 409, 422


@dataclass(frozen=True, slots=True)
class Attempt:
    """``status`` is for the page that shows the form again: 422, 403, or 409 when somebody was quicker."""

    status: int
    result: object = None
    refusal: RuleViolation | None = None

    @property
    def done(self) -> bool:
        return self.status == OK

    @property
    def is_stale(self) -> bool:
        return isinstance(self.refusal, Stale)


def run_command(form: BaseForm, call: Callable[[dict[str, Any]], object]) -> Attempt:
    """Validate ``form`` and give its cleaned data to ``call``; a refusal becomes an error of its field."""
    if not form.is_valid():
        return Attempt(UNPROCESSABLE)
    try:
        return Attempt(OK, call(form.cleaned_data))
    except Stale as refusal:
        return Attempt(CONFLICT, refusal=refusal)  # the page names what changed; the form is as it was
    except RuleViolation as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        status = FORBIDDEN if isinstance(refusal, NotAllowed) else UNPROCESSABLE
        return Attempt(status, refusal=refusal)


def look_again(form: BaseForm, version: int) -> None:
    """Give a stale form the version its page now shows, with what changed named beside it.

    Only for a page that shows the change: who sends it again has seen it.
    """
    data = form.data.copy() if isinstance(form.data, QueryDict) else QueryDict(mutable=True)
    data[form.add_prefix("seen")] = str(version)
    form.data = data


def done(request: HttpRequest, url: str, said: str) -> HttpResponse:
    """Say that it is done, and go there: by the browser, or by htmx when it asked."""
    messages.success(request, said)
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
