from __future__ import annotations

from tests.factories.quality import a_strand, closed, investigated, make_case, make_near_miss, take_on
from hilo.work.commands.step_runs import finish_step
from tests.factories.work import House


def test_smoke(house: House) -> None:
    case = make_case(house)
    print(case.code, case.thread.next_kind, case.thread.next_due, case.thread.next_news_at)
    investigated(house, case)
    s = a_strand(house, case, "production", accept=True)
    finish_step(s, seen=s.version, by=house.actor("production"), now=house.at)
    closed(house, case)
    assert case.stage == "closed"
    near = make_near_miss(house)
    closed(house, near)
    other = make_case(house, customer=house.customer)
    print(other.thread, other.thread.next_kind)
