"""The board of a process: its steps as columns, and the work that stands at each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from hilo.work.models import ProcessTemplate, Step, StepRun, TemplateVersion, Thread
from hilo.work.queries.thread_list import counted, statement_of, under_way

CARDS = 12  # of a column; the rest are counted and a click away


@dataclass(slots=True)
class BoardColumn:
    """A step by its key, over all versions; ``is_old`` when the published version no longer has it."""

    key: str
    step: Step
    is_old: bool
    step_ids: list[int] = field(default_factory=list)
    count: int = 0
    runs: list[StepRun] = field(default_factory=list)

    @property
    def more(self) -> int:
        return max(0, self.count - len(self.runs))

    @property
    def is_waited_for(self) -> bool:
        """Whether something stands before this step that nobody has accepted yet."""
        return any(run.state != StepRun.State.RUNNING for run in self.runs)


def processes_with_a_board() -> list[ProcessTemplate]:
    work = StepRun.objects.filter(under_way(), step__template_version__template=OuterRef("pk"))
    published = TemplateVersion.objects.filter(template=OuterRef("pk"), state="published")
    return list(
        ProcessTemplate.objects.annotate(is_published=Exists(published))
        .filter(Q(is_published=True) | Exists(work))
        .order_by("pk")
    )


def columns_of_board(process: ProcessTemplate, threads: QuerySet[Thread]) -> list[BoardColumn]:
    """In the order of the published version, then what older ones had; cards by what is due first.

    Three queries for the columns, their counts and their cards, however many there are.
    """
    columns = _columns(process)
    if not columns:
        return []
    runs = {column.key: _runs_at(column, threads) for column in columns}
    counts = counted(dict(runs))
    cards = _first_of_each(runs)
    for column in columns:
        column.count, column.runs = counts[column.key], cards[column.key]
    return [column for column in columns if column.count or not column.is_old]


def _columns(process: ProcessTemplate) -> list[BoardColumn]:
    steps = (
        Step.objects.filter(template_version__template=process)
        .exclude(template_version__state="draft")
        .select_related("area", "template_version")
        .order_by("-template_version__number", "position")
    )
    found: dict[str, BoardColumn] = {}
    for step in steps:
        is_old = step.template_version.state != "published"
        found.setdefault(step.key, BoardColumn(step.key, step, is_old)).step_ids.append(step.pk)
    return sorted(found.values(), key=lambda each: (each.is_old, each.step.position))


def _runs_at(column: BoardColumn, threads: QuerySet[Thread]) -> QuerySet[StepRun]:
    seen = Exists(threads.filter(pk=OuterRef("thread")))
    return StepRun.objects.filter(under_way(), seen, step__in=column.step_ids).order_by("due_at", "pk")


def _first_of_each(runs: dict[str, QuerySet[StepRun]]) -> dict[str, list[StepRun]]:
    parts: list[str] = []
    params: list[str | int] = []
    for place, each in enumerate(runs.values()):
        found = statement_of(each.values_list("id")[:CARDS])
        if found is None:
            continue
        sql, given = found
        parts.append(f"SELECT id FROM ({sql}) AS b{place}")
        params.extend(given)
    if not parts:
        return defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        ids = [pk for (pk,) in cursor.fetchall()]
    return _by_key(
        StepRun.objects.filter(pk__in=ids)
        .select_related("step", "area", "work_item__order")
        .order_by("due_at", "pk")
    )


def _by_key(runs: Iterable[StepRun]) -> defaultdict[str, list[StepRun]]:
    found: defaultdict[str, list[StepRun]] = defaultdict(list)
    for run in runs:
        found[run.step.key if run.step else ""].append(run)
    return found
