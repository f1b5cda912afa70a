"""Running threads moved to a newer version: which there are, what would happen on each, and then it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hilo.errors import RuleViolation
from hilo.parties.permissions import may, require
from hilo.web.base.words import Status
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.processes.comparing import DiffShown, shown
from hilo.web.processes.pages import area_names, version_at
from hilo.web.processes.words import status_of
from hilo.work.access import threads_visible_to
from hilo.work.commands.moving_versions import move_to_version
from hilo.work.models import TemplateVersion, Thread, WorkItem
from hilo.work.template_rows import texts_of
from hilo.work.version_moves import Fate, MovePlan, StepFate, movable_items, plan_moves, standings_of

ON_ONE_PAGE = 25
AT_ONCE = 25

FATES: dict[Fate, tuple[Promise, str, str]] = {
    Fate.STAYS: (_("stays as it is"), "circle-check", "ok"),
    Fate.GOES_ON: (_("goes on as this step"), "player-play", "accent"),
    Fate.REPLACED: (_("planned: as the new version says"), "refresh", ""),
    Fate.NEW: (_("new: it is planned"), "plus", "accent"),
    Fate.PASSED: (_("new, but too late here: what follows has begun"), "ban", ""),
    Fate.TAKEN_OUT: (_("taken out: not needed any more"), "trash", "warn"),
    Fate.BY_HAND: (_("added by hand: it stays"), "pin", ""),
}


@dataclass(frozen=True, slots=True)
class FateRow:
    name: str
    before: str  # as it is called until now, when that changes
    status: Status
    refusal: str
    note: str


@dataclass(slots=True)
class Moving:
    """One thread, with each piece of its work that would move."""

    thread: Thread
    standing: int
    works: list[tuple[str, str, list[FateRow]]] = field(default_factory=list)  # order, from, steps
    refusals: list[str] = field(default_factory=list)


def moving(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Threads chosen in the address are looked at; posting what was looked at moves them."""
    version = version_at(request, code, number)
    if request.method == "POST":
        return _moved(request, version)
    items = _items(request, version)
    chosen = [code for code in request.GET.getlist("hilo") if code][:AT_ONCE]
    threads = _threads(items)
    plans = _plans(request, version, items, chosen) if chosen else []
    facts = {
        "version": version,
        "status": status_of(version),
        "page": Paginator(threads, ON_ONE_PAGE).get_page(request.GET.get("page")) if not chosen else None,
        "count": 0 if chosen else threads.count(),
        "plans": plans,
        "ready": sum(not plan.refusals for plan in plans),
        "chosen": bool(chosen),
        "diffs": _diffs(version, plans, items) if chosen else [],
        "may_change": may(actor_of(request), "template.manage"),
    }
    return render(request, "web_processes/moving.html", facts)


def _items(request: HttpRequest, version: TemplateVersion) -> QuerySet[WorkItem]:
    return movable_items(version).filter(thread__in=threads_visible_to(actor_of(request)))


def _threads(items: QuerySet[WorkItem]) -> QuerySet[Thread]:
    rows = Thread.objects.filter(pk__in=items.values("thread")).select_related("customer", "owner")
    return rows.order_by("code")


def _plans(
    request: HttpRequest, version: TemplateVersion, items: QuerySet[WorkItem], chosen: list[str]
) -> list[Moving]:
    plans = plan_moves(items.filter(thread__code__in=chosen).order_by("pk"), version, now=now_of(request))
    standings = standings_of({plan.work_item.thread_id for plan in plans})
    found: dict[int, Moving] = {}
    for plan in plans:
        thread = plan.work_item.thread
        each = found.setdefault(thread.pk, Moving(thread, standings[thread.pk]))
        each.works.append(_work(plan))
        each.refusals += [said for said in plan.refusals if said not in each.refusals]
    return sorted(found.values(), key=lambda each: each.thread.code)


def _work(plan: MovePlan) -> tuple[str, str, list[FateRow]]:
    old = plan.work_item.template_version
    order = plan.work_item.order
    return (
        str(order.number) if order else "",
        str(old.number) if old else "",
        [_row(each) for each in sorted(plan.fates, key=_place)],
    )


def _place(each: StepFate) -> int:
    row = each.step or each.run
    return row.position if row is not None else 0


def _row(each: StepFate) -> FateRow:
    words, sign, tone = FATES[each.fate]
    status = Status(str(words), sign, tone)  # type: ignore[arg-type]
    if each.refusal:
        status = Status(str(_("keeps it from moving")), "hand-stop", "late")
    before = each.run.name if each.run is not None and each.run.name != each.name else ""
    note = str(_("The list being prepared is taken back.")) if each.gives_back else ""
    return FateRow(each.name, before, status, each.refusal, note)


def _diffs(
    version: TemplateVersion, plans: Iterable[Moving], items: QuerySet[WorkItem]
) -> list[tuple[int, DiffShown]]:
    """Against each version from which one of them would move."""
    numbers = {int(old) for plan in plans for _order, old, _rows in plan.works if old}
    rows = version.template.versions.filter(number__in=numbers).select_related("template")
    olds = list(rows.order_by("-number")[:3])
    new, *before = texts_of([version, *olds])
    names = area_names()
    return [(old.number, shown(text, new, names)) for old, text in zip(olds, before, strict=True)]


def _moved(request: HttpRequest, version: TemplateVersion) -> HttpResponse:
    """Each thread for itself: one that refuses keeps no other from moving."""
    by, now = actor_of(request), now_of(request)
    require(by, "template.manage")
    moved = 0
    for code, seen in _looked_at(request):
        thread = threads_visible_to(by).filter(code=code).first()
        if thread is None:
            continue
        try:
            move_to_version(thread, version=version, seen=seen, by=by, now=now)
        except RuleViolation as refusal:
            messages.error(request, f"{thread.code}: {refusal}")
        else:
            moved += 1
    if moved:
        text = ngettext(
            "%(n)d thread goes on with version %(number)d.",
            "%(n)d threads go on with version %(number)d.",
            moved,
        )
        messages.success(request, text % {"n": moved, "number": version.number})
    return HttpResponseRedirect(request.path)


def _looked_at(request: HttpRequest) -> list[tuple[str, int]]:
    """``hilo=2026-0148:37``: the thread, and its standing when it was looked at."""
    found = []
    for each in request.POST.getlist("hilo")[:AT_ONCE]:
        code, _colon, seen = each.partition(":")
        if seen.isascii() and seen.isdecimal() and len(seen) < 12:
            found.append((code, int(seen)))
    return found
