"""One page for each thing somebody can do on a thread: what it is, what is asked, one button.

An ``Act`` names the command and the form; ``view_of`` is the page. Adding one is a row in ``acts_*.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _

from hilo.parties.actor import Actor
from hilo.web.base.words import Stale
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.routes import route
from hilo.web.doing.submitting import Attempt, done, look_again, run_command
from hilo.web.threads.entries import titles_of
from hilo.web.threads.forms import ActForm, ConfirmForm, Place
from hilo.work.access import require_on
from hilo.work.models import Thread
from hilo.work.queries.thread_page import thread_for
from hilo.work.queries.timeline import last_change, names_in

type Do = Callable[[Place, dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Reminder:
    """A line to look at before the button is pressed, and the case it comes from."""

    text: str
    case_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """``path`` follows the thread's own; with ``model`` it has the thing's number in it.

    ``about`` says in which words the page names the thing; ``after`` where it leads when done.
    """

    name: str
    path: str
    title: Lazy
    button: Lazy
    said: Lazy
    do: Do
    form: type[ActForm] = ConfirmForm
    model: type[Model] | None = None
    about: str = ""
    lead: Lazy | str = ""
    action: str = "thread.work"
    anchor: str = ""
    danger: bool = False
    after: Callable[[Place, object], str] | None = None
    reminders: Callable[[Place], list[Reminder]] | None = None

    @property
    def kind(self) -> str:
        return self.model._meta.model_name or "" if self.model else "thread"


def visible_thread(request: HttpRequest, code: str) -> Thread:
    """404 for what may not be seen: it does not even exist."""
    thread = thread_for(actor_of(request), code)
    if thread is None:
        raise Http404
    return thread


def find_target(act: Act, thread: Thread, pk: int | None) -> Any:
    if act.model is None:
        return thread
    path = "document__thread" if act.kind == "documentversion" else "thread"
    row = act.model._default_manager.filter(**{"pk": pk, path: thread.pk}).first()
    if row is None:
        raise Http404
    if path == "thread":
        setattr(row, "thread", thread)  # noqa: B010
    return row


def view_of(act: Act) -> Callable[..., HttpResponseBase]:
    def view(request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
        thread = visible_thread(request, code)
        place = Place(thread, find_target(act, thread, pk), actor_of(request), now_of(request))
        require_on(place.actor, act.action, thread)
        if request.method != "POST":
            return _page(request, act, place, act.form(what=place, seen=_version(place.target)))
        form = act.form(request.POST, request.FILES, what=place)
        attempt = run_command(form, lambda data: act.do(place, data))
        if attempt.done:
            return done(request, _where(act, place, attempt.result), str(act.said))
        return _page(request, act, place, form, attempt)

    return view


def _version(row: Any) -> int:
    return int(getattr(row, "version", 0))


def _where(act: Act, place: Place, result: object) -> str:
    if act.after is not None:
        return act.after(place, result)
    here = reverse("web:thread", args=[place.thread.code])
    return f"{here}#{act.anchor}" if act.anchor else here


def _page(
    request: HttpRequest, act: Act, place: Place, form: ActForm, attempt: Attempt | None = None
) -> HttpResponse:
    notice = None
    if attempt is not None and attempt.is_stale:
        notice = stale_notice(place.target, act.kind, place.thread)
        place.target.refresh_from_db()
        look_again(form, _version(place.target))
    facts = {
        "act": act,
        "thread": place.thread,
        "about": getattr(place.target, act.about, "") if act.about else "",
        "form": form,
        "notice": notice,
        "reminders": act.reminders(place) if act.reminders else [],
        "hanging": getattr(attempt.refusal if attempt else None, "hanging", None),
        "now": place.now,
        "back": reverse("web:thread", args=[place.thread.code]),
        "has_file": any(field.widget.needs_multipart_form for field in form.fields.values()),
    }
    return render(request, "web_threads/act.html", facts, status=attempt.status if attempt else 200)


def stale_notice(row: Any, kind: str, thread: Thread) -> Stale | None:
    """Who was quicker and with what: the newest event about the thing."""
    event = last_change(_CHAINS.get(kind, kind), row.pk, thread.pk)
    if event is None:
        return None
    who, what = next(titles_of([event], names_in([event])))
    said = _("wrote down «%(what)s»") % {"what": what}
    return Stale(who, said, f"{reverse('web:thread', args=[thread.code])}#story")


_CHAINS = {
    "steprun": "step_run",
    "looseend": "loose_end",
    "ownershiptransfer": "ownership_transfer",
    "affectedgroup": "affected_group",
    "closingquestion": "closing_question",
    "documentversion": "document",
    "reviewmoment": "review_moment",
}


def act_route(act: Act) -> URLPattern:
    return route(
        f"hilos/<slug:code>/{act.path}/",
        view_of(act),
        name=f"thread_{act.name}",
        action=act.action,
        of="thread" if act.model is None else _CHAINS.get(act.kind, act.kind),
        changes=True,
    )


def by_and_now(place: Place) -> dict[str, Any]:
    return {"by": place.actor, "now": place.now}


__all__ = ["Act", "Actor", "act_route", "by_and_now", "stale_notice", "view_of", "visible_thread"]
