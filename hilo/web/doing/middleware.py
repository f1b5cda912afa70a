"""Nobody comes in without signing in; who does is spoken to in their language, at their hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme as is_ours

from hilo.errors import NotAllowed, RuleViolation, Stale
from hilo.parties.actor import Actor, actor_for
from hilo.parties.models import Person
from hilo.parties.modules import MODULES, Module, is_on
from hilo.parties.permissions import may, require
from hilo.web.doing.asking import is_htmx
from hilo.web.doing.routes import ROUTES, Route

CONFLICT, FORBIDDEN, MISSING = 409, 403, 404
DOOR = "browser"


class PersonMiddleware:
    """Spanish unless the person (or a visitor, on our own page) chose otherwise; never the browser's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        person = request.user if isinstance(request.user, Person) else None
        language = person.language if person else _chosen_by_visitor(request)
        zone = ZoneInfo(person.zone) if person else ZoneInfo("Europe/Madrid")
        request.now = timezone.now()  # type: ignore[attr-defined]
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        route = ROUTES.get(request.resolver_match.view_name if request.resolver_match else "")
        if route is not None and route.is_public:
            return None
        person = get_user(request)  # the row itself: request.user is a proxy, which commands cannot change
        if not isinstance(person, Person):
            return _sign_in_first(request)
        now: datetime = request.now  # type: ignore[attr-defined]
        request.actor = actor_for(person, now=now, door=DOOR)  # type: ignore[attr-defined]
        return None if route is None else _refuse_outright(request, route)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What a view did not put beside a field is said on a page of its own."""
        if not isinstance(error, RuleViolation):
            return None
        return refused_page(request, error)


def refused_page(request: HttpRequest, error: RuleViolation) -> HttpResponse:
    status = FORBIDDEN if isinstance(error, NotAllowed) else CONFLICT
    facts = {"sentence": str(error), "is_stale": isinstance(error, Stale), "back": _back(request)}
    return render(request, "refused.html", facts, status=status)


def _back(request: HttpRequest) -> str:
    """The page they came from, when it is one of ours."""
    referer = request.headers.get("Referer", "")
    return referer if is_ours(referer, allowed_hosts={request.get_host()}) else "/"


def _refuse_outright(request: HttpRequest, route: Route) -> HttpResponse | None:
    """What no thing of theirs would allow either is refused before anything is read."""
    actor = request.actor  # type: ignore[attr-defined]
    if route.module and not is_on(route.module):
        return _resting_page(request, MODULES[route.module], actor)
    if may(actor, route.action, own=True):
        return None
    try:
        require(actor, route.action, own=True)
    except NotAllowed as refusal:
        return refused_page(request, refusal)
    return None


def _resting_page(request: HttpRequest, module: Module, actor: Actor) -> HttpResponse:
    """Not there, for whoever asks; why is said on the page."""
    if is_htmx(request):
        return HttpResponse(status=MISSING)
    facts = {"module": module, "may_switch": may(actor, "company.manage")}
    return render(request, "module_off.html", facts, status=MISSING)


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    login = resolve_url(settings.LOGIN_URL)
    if is_htmx(request):
        return HttpResponse(status=401, headers={"HX-Redirect": login})
    return redirect_to_login(request.get_full_path(), login)


def _chosen_by_visitor(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
