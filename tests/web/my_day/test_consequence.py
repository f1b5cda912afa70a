"""The order of Mi día."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from hilo.web.my_day.consequence import Weight, weight
from hilo.work.owed import OwedTo
from tests.factories.parties import NOW


def weighed(
    kind: str = "do_step",
    to: OwedTo = OwedTo.AREA,
    *,
    late: bool = False,
    money: int | None = None,
    due: datetime = NOW,
) -> Weight:
    return weight(kind=kind, to=to, is_late=late, money=None if money is None else Decimal(money), due=due)


def test_late_to_the_customer_comes_first_then_borders_then_customers_areas_and_oneself() -> None:
    late_news = weighed("give_news", OwedTo.CUSTOMER, late=True)
    border = weighed("answer_handoff", OwedTo.AREA)
    promise = weighed("keep_promise", OwedTo.CUSTOMER)
    ask = weighed("answer_ask", OwedTo.AREA, late=True)
    loose_end = weighed("settle_loose_end", OwedTo.SELF, late=True)
    shuffled = [loose_end, promise, ask, border, late_news]
    assert sorted(shuffled) == [late_news, border, promise, ask, loose_end]


def test_all_four_kinds_of_waiting_at_a_border_weigh_alike() -> None:
    kinds = ["answer_handoff", "start_colleague_offer", "confirm_conditions", "prepare_handoff"]
    assert len({weighed(kind) for kind in kinds}) == 1


def test_within_one_rank_the_most_money_comes_first_and_then_the_earliest() -> None:
    soon, later = NOW, NOW + timedelta(days=1)
    dear = weighed(money=90_000, due=later)
    cheap = weighed(money=500, due=soon)
    cheap_later = weighed(money=500, due=later)
    nothing = weighed(money=None, due=soon)
    assert sorted([nothing, cheap_later, cheap, dear]) == [dear, cheap, cheap_later, nothing]


def test_money_never_lifts_a_row_above_what_the_customer_has_been_waiting_for() -> None:
    assert weighed("keep_promise", OwedTo.CUSTOMER, late=True) < weighed("answer_handoff", money=10_000_000)
