"""Keeping a view of the list: naming it, sharing it, opening with it, deleting it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from hilo.parties.actor import Actor
from hilo.parties.permissions import may
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.fields import SeenForm
from hilo.web.doing.submitting import OK, done, look_again, run_command
from hilo.web.lists.asked import KEPT, asked_of
from hilo.work.commands.saved_views import change_view, delete_view, save_view, set_default_view
from hilo.work.models import SavedView
from hilo.work.queries.saved_views import views_of

NAME = gettext_lazy("Name of the view")
NAME_MISSING = gettext_lazy("Give the view a name, as you would say it.")


class ViewForm(forms.Form):
    """``query`` is what the list showed, as its address says it."""

    name = forms.CharField(label=NAME, max_length=80, error_messages={"required": NAME_MISSING})
    is_shared = forms.BooleanField(
        label=gettext_lazy("Everybody in the company sees it in their list"), required=False
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        if not may(actor, "view.share"):
            del self.fields["is_shared"]


class NewView(ViewForm):
    opens_with_it = forms.BooleanField(label=gettext_lazy("My list opens with it"), required=False)


class ChangedView(SeenForm, ViewForm):
    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.order_fields(["name", "is_shared", "seen"])


@require_safe
def views(request: HttpRequest) -> HttpResponse:
    """Mine and the shared ones, with what can be done to each."""
    actor = actor_of(request)
    rows = [(view, may_change(actor, view)) for view in views_of(actor.one)]
    return render(request, "web_lists/saved_views.html", {"rows": rows, "me": actor.one})


def new(request: HttpRequest) -> HttpResponse:
    """What is kept is what the address asks for: the list's own parameters stand in this page's address."""
    asked, actor = asked_of(request), actor_of(request)
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    form = NewView(request.POST if request.method == "POST" else None, actor=actor)
    status = OK
    if request.method == "POST":
        attempt = run_command(form, lambda given: _save(request, kept, given))
        if isinstance(attempt.result, SavedView):
            here = f"{reverse('web:threads')}?v={attempt.result.pk}"
            return done(request, here, _("The view «%(name)s» is kept.") % {"name": attempt.result.name})
        status = attempt.status
    facts = {"form": form, "asked": asked, "chips": asked.narrowing.chips(), "query": urlencode(kept)}
    return render(request, "web_lists/new_view.html", facts, status=status)


def _save(request: HttpRequest, kept: dict[str, str], given: dict[str, Any]) -> SavedView:
    by, now = actor_of(request), now_of(request)
    view = save_view(name=given["name"], query=kept, is_shared=given.get("is_shared", False), by=by, now=now)
    if given["opens_with_it"]:
        set_default_view(view, is_default=True, by=by, now=now)
    return view


def change(request: HttpRequest, pk: int) -> HttpResponse:
    actor, view = actor_of(request), _view_at(request, pk)
    initial = {"name": view.name, "is_shared": view.is_shared}
    if request.method != "POST":
        form = ChangedView(actor=actor, seen=view.version, initial=initial)
        return render(request, "web_lists/change_view.html", _facts(view, form, actor))
    form = ChangedView(request.POST, actor=actor)
    attempt = run_command(
        form,
        lambda given: change_view(
            view,
            name=given["name"],
            is_shared=given.get("is_shared"),
            seen=given["seen"],
            by=actor,
            now=now_of(request),
        ),
    )
    if attempt.done:
        return done(request, reverse("web:threads_views"), _("Changed."))
    if attempt.is_stale:
        view.refresh_from_db()
        look_again(form, view.version)
    facts = _facts(view, form, actor) | {"is_stale": attempt.is_stale}
    return render(request, "web_lists/change_view.html", facts, status=attempt.status)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    view = _view_at(request, pk)
    delete_view(view, seen=_seen(request), by=actor_of(request), now=now_of(request))
    return done(request, reverse("web:threads_views"), _("The view is deleted."))


@require_POST
def default(request: HttpRequest, pk: int) -> HttpResponse:
    """``is_default`` empty: the list opens with all open threads again."""
    view, wanted = _view_at(request, pk), bool(request.POST.get("is_default"))
    set_default_view(view, is_default=wanted, by=actor_of(request), now=now_of(request))
    said = (
        _("Your list opens with it from now on.") if wanted else _("Your list opens with all open threads.")
    )
    return done(request, reverse("web:threads_views"), said)


def may_change(actor: Actor, view: SavedView) -> bool:
    return view.owner_id == actor.one.pk or (view.is_shared and may(actor, "view.manage"))


def _facts(view: SavedView, form: forms.Form, actor: Actor) -> dict[str, object]:
    return {"view": view, "form": form, "may_change": may_change(actor, view), "is_stale": False}


def _seen(request: HttpRequest) -> int:
    given = request.POST.get("seen", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


def _view_at(request: HttpRequest, pk: int) -> SavedView:
    """404 for what is neither theirs nor shared."""
    view = views_of(actor_of(request).one).filter(pk=pk).first()
    if view is None:
        raise Http404
    return view
