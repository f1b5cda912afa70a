"""The list: the answer in its heading, the order, the groups, and a constant number of queries."""

from __future__ import annotations

import pytest

from hilo.parties.models import Person
from hilo.work.models import Thread
from tests.web.cases.reading import heading, text_of, titles
from tests.web.cases.scenes import HOSTILE, Week
from tests.web.signed_in import as_

pytestmark = pytest.mark.django_db


def test_the_heading_is_the_answer_in_numbers(week: Week) -> None:
    html = text_of(as_(week.house.person("sales")), "/casos/")
    assert heading(html).startswith("5 casos abiertos; en ")
    assert "ya debería saber de nosotros" in heading(html)


def test_it_is_said_in_english_to_who_reads_english(week: Week) -> None:
    person = week.house.person("sales")
    Person.objects.filter(pk=person.pk).update(language="en")
    html = text_of(as_(person), "/casos/")
    assert heading(html).startswith("5 open cases; in ")
    assert "Vencida" not in html and "Overdue" in html


def test_who_waits_longest_for_news_comes_first_and_what_nobody_knows_last(week: Week) -> None:
    client = as_(week.house.person("sales"))
    shown = titles(text_of(client, "/casos/"))
    assert shown[0] == week.late.title
    assert shown[-1] == week.near_miss.title
    by_severity = titles(text_of(client, "/casos/?order=severity"))
    assert set(by_severity[:2]) == {week.late.title, week.complaint.title}


def test_money_neither_shows_nor_orders_for_whom_it_is_not_shown(week: Week) -> None:
    seer, other = as_(week.house.company.director), as_(week.house.person("technical"))
    assert "118.400" in text_of(seer, "/casos/?order=money")
    assert titles(text_of(seer, "/casos/?order=money"))[0] == week.complaint.title
    hidden = text_of(other, "/casos/?order=money")
    assert "118.400" not in hidden and "74.500" not in hidden
    assert titles(hidden) == titles(text_of(other, "/casos/"))


def test_filters_narrow_and_a_mistyped_address_still_shows_a_list(week: Week) -> None:
    client = as_(week.house.person("sales"))
    assert titles(text_of(client, "/casos/?kind=near_miss")) == [week.near_miss.title]
    assert titles(text_of(client, "/casos/?kind=query")) == []
    assert len(titles(text_of(client, "/casos/?kind=nonsense&order=nonsense&delegation=x&page=99"))) == 5
    closed = text_of(client, "/casos/?view=closed")
    assert titles(closed) == [week.closed.title]


def test_each_row_leads_to_the_composer_and_near_misses_have_no_news_to_send(week: Week) -> None:
    html = text_of(as_(week.house.person("sales")), "/casos/")
    assert f'href="/casos/{week.late.code}/#tell"' in html
    assert f'href="/casos/{week.near_miss.code}/#tell"' not in html
    assert html.count("btn-primary") == 1


def test_hostile_titles_stay_text(week: Week) -> None:
    html = text_of(as_(week.house.person("sales")), "/casos/") + text_of(
        as_(week.house.person("sales")), f"/casos/{week.strange.code}/"
    )
    assert HOSTILE not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_confidential_thread_hides_its_cases(week: Week) -> None:
    Thread.objects.filter(pk=week.late.thread_id).update(is_confidential=True)
    outsider = as_(week.house.person("technical"))
    assert week.late.title not in text_of(outsider, "/casos/")
    assert outsider.get(f"/casos/{week.late.code}/").status_code == 404
    assert outsider.get(f"/casos/numero/{week.late.pk}/").status_code == 404
