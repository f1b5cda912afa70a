"""Open cases as they stand beside a thread or a customer: what happens, how serious, what is due next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from hilo.quality.queries.beside import CaseInShort
from hilo.web.base.words import Status
from hilo.web.cases.words import ResponseSaid, kind_said, response_shown, severity_shown


@dataclass(frozen=True, slots=True)
class CaseBeside:
    facts: CaseInShort
    url: str
    kind: str
    severity: Status
    response: ResponseSaid


def cases_beside(found: Iterable[CaseInShort], now: datetime) -> list[CaseBeside]:
    return [
        CaseBeside(
            facts=each,
            url=reverse("web:case", args=[each.case.code]),
            kind=kind_said(each.case),
            severity=severity_shown(each.case.severity, long=True),
            response=response_shown(each.clocks, now),
        )
        for each in found
    ]
