"""How something done to several threads went: per thread what was done, or the sentence that refused it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from hilo.parties.actor import Actor
from hilo.web.doing.asking import actor_of, is_htmx
from hilo.work.access import threads_visible_to
from hilo.work.models import BulkItem, BulkRun, Thread

ROWS_PER_PAGE = 100


@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    one = _run_at(actor, pk)
    refused = _items(one, actor).filter(state=BulkItem.State.REFUSED)
    done = Paginator(_items(one, actor).filter(state=BulkItem.State.DONE), ROWS_PER_PAGE)
    facts = {
        "run": one,
        **_counts(one),
        "refused": [(item, f"{item.thread_id}.{item.thread.version}") for item in refused],
        "done_page": done.get_page(request.GET.get("page")),
    }
    return render(request, "web_lists/bulk_run.html", facts)


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page asks every two seconds; when all is done, the page itself."""
    one = _run_at(actor_of(request), pk)
    if not is_htmx(request):
        return redirect("web:threads_bulk_run", pk=pk)
    if one.ended_at is not None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "web_lists/_bulk_progress.html", {"run": one, **_counts(one)})


def _run_at(actor: Actor, pk: int) -> BulkRun:
    """Each sees what they asked for themselves, and nobody else's."""
    found = BulkRun.objects.filter(pk=pk, person=actor.one).select_related("to_person").first()
    if found is None:
        raise Http404
    return found


def _items(one: BulkRun, actor: Actor) -> QuerySet[BulkItem]:
    """Without those that have become confidential to others since."""
    visible: QuerySet[Thread] = threads_visible_to(actor)
    return one.items.filter(thread__in=visible).select_related("thread__customer").order_by("pk")


def _counts(one: BulkRun) -> dict[str, int]:
    found = dict(one.items.order_by().values_list("state").annotate(n=Count("pk")))
    counts = {f"n_{state}": found.get(state, 0) for state in BulkItem.State.values}
    total = sum(counts.values())
    return {**counts, "total": total, "over": total - counts["n_waiting"]}
