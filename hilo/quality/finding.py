"""Ctrl K finds a case by its code, its words and its customer, for whoever may read its thread."""

from __future__ import annotations

from hilo.parties.search import index, register_search_kind
from hilo.quality.models import Case

register_search_kind("case", see="case.see")


def index_case(case: Case) -> None:
    customer = case.thread.customer.name
    index(
        "case",
        case.pk,
        title=case.title,
        subtitle=f"{customer} · {case.code}",
        text=f"{case.code} {case.thread.code} {case.text} {case.remedy} {case.solution}",
        thread_id=case.thread_id,
    )
