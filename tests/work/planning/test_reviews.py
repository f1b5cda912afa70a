"""Moments to look in: whose week they stand in, and the secret address of one's calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hilo.errors import NotAllowed, RuleViolation, Stale
from hilo.parties.actor import actor_for
from hilo.parties.commands.absences import plan_absence
from hilo.parties.models import Person
from hilo.work.commands.calendar_addresses import (
    make_calendar_address,
    person_at,
    revoke_calendar_address,
)
from hilo.work.commands.reviews import cancel_review, hold_review, move_review, plan_review
from hilo.work.commands.threads import make_confidential
from hilo.work.models import CalendarAddress, ReviewMoment
from hilo.work.owed import owed_by
from hilo.work.queries.reviews import next_free_moment, reviews_of, threads_unreviewed
from tests.factories.planning import Scene, a_review, a_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return a_scene()


def at(scene: Scene, who: str = "sales") -> dict[str, Any]:
    return {"by": scene.house.actor(who), "now": scene.now}


def week(scene: Scene, person: Person) -> list[str]:
    seats = reviews_of(person, actor_for(person, now=scene.now, door="web"), since=scene.now)
    return [seat.review.text for seat in seats]


def test_a_review_stands_in_the_owners_week_and_day(scene: Scene) -> None:
    a_review(scene)
    assert week(scene, scene.owner) == ["Ver el bastidor con Producción"]
    assert week(scene, scene.house.person("technical")) == []
    owed = owed_by(scene.house.actor("sales"), now=scene.now)
    assert "hold_review" in {one.kind for one in owed}
    assert not threads_unreviewed(scene.house.actor("sales"), now=scene.now).exists()


def test_threads_in_other_hands_without_a_review_are_named(scene: Scene) -> None:
    assert list(threads_unreviewed(scene.house.actor("sales"), now=scene.now)) == [scene.thread]


def test_it_is_moved_held_with_what_was_seen_or_called_off(scene: Scene) -> None:
    review = a_review(scene)
    uid = review.uid
    move_review(
        review, starts_at=review.starts_at + timedelta(hours=1), minutes=45, seen=review.version, **at(scene)
    )
    assert (review.uid, review.version, review.minutes) == (uid, 2, 45)
    with pytest.raises(Stale):
        hold_review(review, outcome="Va bien", seen=1, **at(scene))
    hold_review(review, outcome="Va bien", seen=review.version, **at(scene))
    assert (review.state, review.outcome) == ("held", "Va bien")
    with pytest.raises(RuleViolation, match="ya se cerró"):
        cancel_review(review, reason="No hace falta", seen=review.version, **at(scene))


def test_only_who_answers_for_the_thread_plans_reviews_of_it(scene: Scene) -> None:
    moment = next_free_moment(scene.thread, now=scene.now)
    for who in ("technical", "logistics"):
        with pytest.raises(NotAllowed):
            plan_review(scene.thread, text="Ver", starts_at=moment, **at(scene, who))
    assert not ReviewMoment.objects.exists()


def test_two_reviews_do_not_share_an_hour_and_nobody_reviews_at_night(scene: Scene) -> None:
    review = a_review(scene)
    with pytest.raises(RuleViolation, match="tiene otra revisión"):
        plan_review(
            scene.thread, text="Otra", starts_at=review.starts_at + timedelta(minutes=10), **at(scene)
        )
    plan_review(scene.thread, text="Otra", starts_at=review.starts_at + timedelta(minutes=30), **at(scene))
    night = review.starts_at.replace(hour=2)
    with pytest.raises(RuleViolation, match="siguiente momento laborable"):
        plan_review(scene.thread, text="Otra", starts_at=night + timedelta(days=1), **at(scene))


def test_on_a_day_away_it_stands_in_the_substitutes_week(scene: Scene) -> None:
    review = a_review(scene)
    day = review.starts_at.date()
    substitute = scene.house.company.heads["sales"]
    plan_absence(scene.owner, substitute=substitute, first_day=day, last_day=day, **at(scene))
    assert week(scene, scene.owner) == []
    assert week(scene, substitute) == [review.text]


def test_a_confidential_thread_is_in_nobody_elses_week(scene: Scene) -> None:
    review = a_review(scene)
    day = review.starts_at.date()
    substitute = scene.house.company.heads["sales"]
    plan_absence(scene.owner, substitute=substitute, first_day=day, last_day=day, **at(scene))
    scene.thread.refresh_from_db()
    make_confidential(
        scene.thread, readers=[scene.owner], seen=scene.thread.version, by=scene.house.head("sales"),
        now=scene.now,
    )  # fmt: skip
    assert week(scene, substitute) == []


# ---- the address ----------------------------------------------------------------------------------------


def test_the_address_is_kept_as_a_digest_and_renewed(scene: Scene) -> None:
    first = make_calendar_address(**at(scene))
    assert person_at(first) == scene.owner
    assert not CalendarAddress.objects.filter(token_digest__contains=first).exists()
    second = make_calendar_address(**at(scene))
    assert (person_at(first), person_at(second)) == (None, scene.owner)


def test_a_revoked_address_opens_nothing_and_only_its_owner_revokes_it(scene: Scene) -> None:
    token = make_calendar_address(**at(scene))
    address = CalendarAddress.objects.get()
    with pytest.raises(NotAllowed):
        revoke_calendar_address(address, seen=address.version, **at(scene, "technical"))
    revoke_calendar_address(address, seen=address.version, **at(scene))
    assert person_at(token) is None


def test_who_left_has_no_calendar(scene: Scene) -> None:
    token = make_calendar_address(**at(scene))
    Person.objects.filter(pk=scene.owner.pk).update(is_active=False, left_at=scene.now)
    assert person_at(token) is None
