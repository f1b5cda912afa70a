"""Columns read together are what each would be read alone: days, moments, amounts, sums, nothing at all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Exists, F, Max, OuterRef, QuerySet, Sum

from hilo.work.models import NewsMove, Thread, Update
from hilo.work.queries.together import Columns, Part, Together, as_amount, as_day, as_moment, together
from tests.factories.work import House, a_house, a_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return a_house()


def _of_threads(ids: Collection[int]) -> QuerySet[Any]:
    told = Update.objects.filter(thread=OuterRef("pk"))
    rows: QuerySet[Any] = Thread.objects.filter(pk__in=ids).annotate(
        is_told=Exists(told), by=F("owner__name")
    )
    return rows


COLUMNS = {
    "pk": None,
    "by": None,
    "amount": as_amount,
    "opened_at": as_moment,
    "archived_at": as_moment,
    "is_confidential": bool,
    "is_told": bool,
}


def test_each_row_is_the_tuple_that_it_would_be_alone(house: House) -> None:
    threads = [a_thread(house), a_thread(house), a_thread(house)]
    Thread.objects.filter(pk=threads[0].pk).update(amount=Decimal("12.5"), is_confidential=True)
    ids = {each.pk for each in threads}

    def parts(*, ids: Collection[int]) -> list[Part]:
        return [Thread.objects.filter(pk__in=ids), Columns(_of_threads(ids), COLUMNS)]

    whole, found = Together(parts)(ids=ids)

    alone = list(_of_threads(ids).order_by("pk").values_list(*COLUMNS))
    assert found == alone
    assert [list(map(type, row)) for row in found] == [list(map(type, row)) for row in alone]
    assert whole == threads


def test_sums_stay_those_of_their_groups(house: House) -> None:
    for amount in ("0.1", "0.2", "7"):
        Thread.objects.filter(pk=a_thread(house).pk).update(amount=Decimal(amount), kind="service")
    grouped = Thread.objects.filter(kind="service").values("kind").annotate(Sum("amount"), Max("opened_at"))
    columns = {"kind": None, "amount__sum": as_amount, "opened_at__max": as_moment}

    nobody, found = together(NewsMove.objects.all(), Columns(grouped, columns))

    assert nobody == []
    assert found == list(grouped.values_list(*columns)) == [("service", Decimal("7.30"), found[0][2])]


def test_a_day_stays_a_day() -> None:
    assert as_day("2026-02-28") == date(2026, 2, 28)
