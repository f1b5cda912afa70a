"""The demo company as a visitor finds it: whole, believable, alive for each of the four, and never twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core import mail
from django.db import transaction
from django.utils import timezone

from hilo import demo
from hilo.demo.days import Days
from hilo.demo.faces import PASSWORD
from hilo.errors import RuleViolation
from hilo.ledger.models import EventObject, LedgerEvent, PrivateText
from hilo.ledger.verify import verify
from hilo.parties.actor import actor_for
from hilo.parties.models import Contact, Customer, Delegation, Person
from hilo.quality.models import (
    Analysis,
    Case,
    ClockPause,
    CorrectiveAction,
    Escalation,
    Lesson,
    Praise,
    Rung,
)
from hilo.quality.queries.clocks import clocks_of
from hilo.quality.queries.stuck import stuck_topics
from hilo.web.my_day.grouping import Group, group_of
from hilo.work.gate import what_hangs
from hilo.work.models import (
    AffectedGroup,
    Ask,
    ClosingQuestion,
    Contradiction,
    Deliverable,
    DocumentVersion,
    Handoff,
    LooseEnd,
    OwnershipTransfer,
    Promise,
    ReserveUse,
    Span,
    StepRun,
    Thread,
    Update,
)
from hilo.work.owed import owed_by
from hilo.work.queries.supervised import threads_supervised
from hilo.work.queries.thread_line import lines_of

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)  # a Wednesday, 10:30 in Zaragoza
MOST_EVENTS = 5_000

# The story is the same over either database; that it can be told over both, test_seed.py shows.
pytestmark = [pytest.mark.any_database, pytest.mark.django_db, pytest.mark.usefixtures("told")]


@pytest.fixture(scope="module")
def told(
    django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[tuple[int, int]]]:
    """Loaded once for the whole module, and rolled back after it: each test stands on a savepoint."""
    heard: list[tuple[int, int]] = []
    folder = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("attachments")
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        demo.load(seed=1, now=NOW, tell=lambda done, days: heard.append((done, days)))
        yield heard
        transaction.set_rollback(True)
    settings.MEDIA_ROOT = folder


def a_visitor(email: str) -> Person:
    return Person.objects.get(email=email)


def texts() -> Iterator[str]:
    yield from PrivateText.objects.values_list("body", flat=True)
    for model, columns in (
        (Thread, ("title", "purpose")),
        (StepRun, ("name", "waits_for_what")),
        (Handoff, ("ask", "read_back", "conditions", "return_comment")),
        (Promise, ("text", "criterion", "evidence")),
        (Deliverable, ("name", "criterion", "evidence")),
        (Update, ("text",)),
        (Customer, ("name", "city")),
        (Person, ("name", "position")),
        (Contact, ("name", "position")),
        (DocumentVersion, ("note", "file_name")),
        (Case, ("title", "text", "remedy", "containment", "solution")),
        (CorrectiveAction, ("text", "criterion", "done_how")),
        (Praise, ("text",)),
    ):
        for row in model.objects.values_list(*columns):
            yield from row


# The ledger ----------------------------------------------------------------------------------------------


def test_it_is_quick_to_load_because_it_is_small() -> None:
    assert 1_500 < LedgerEvent.objects.count() <= MOST_EVENTS


def test_all_chains_hold_and_history_was_written_in_the_order_of_time() -> None:
    assert verify().holds
    recorded = list(LedgerEvent.objects.order_by("id").values_list("recorded_at", flat=True))
    assert recorded == sorted(recorded) and recorded[-1] <= NOW
    assert NOW - recorded[0] > timedelta(days=200)


def test_everything_came_through_the_demo_door_the_clocks_or_an_invitation() -> None:
    doors = set(LedgerEvent.objects.values_list("door", flat=True))
    assert doors <= {"demo", "job", "web"} and "demo" in doors
    by_invitation = LedgerEvent.objects.filter(door="web").values_list("kind", flat=True)
    assert set(by_invitation) == {"person.joined"}


def test_every_row_of_the_core_has_an_event_that_tells_of_it() -> None:
    told_of = set(LedgerEvent.objects.values_list("subject_type", "subject_id"))
    told_of |= set(EventObject.objects.values_list("type", "object_id"))
    for kind, model in (
        ("thread", Thread),
        ("step_run", StepRun),
        ("handoff", Handoff),
        ("promise", Promise),
        ("deliverable", Deliverable),
        ("update", Update),
        ("ask", Ask),
        ("loose_end", LooseEnd),
        ("person", Person),
        ("customer", Customer),
        ("contact", Contact),
        ("delegation", Delegation),
        ("case", Case),
        ("analysis", Analysis),
        ("action", CorrectiveAction),
        ("lesson", Lesson),
        ("praise", Praise),
    ):
        missing = [pk for pk in model.objects.values_list("pk", flat=True) if (kind, pk) not in told_of]
        assert not missing, (kind, missing)


def test_no_mail_leaves() -> None:
    assert not mail.outbox
    assert set(Update.objects.values_list("mail", flat=True)) == {"none"}
    assert not Contact.objects.exclude(email__endswith=".example").exists()


# Threads in every state ----------------------------------------------------------------------------------


def test_the_company_is_as_large_as_one_would_believe() -> None:
    assert set(Delegation.objects.values_list("name", flat=True)) == {"Zaragoza", "Sevilla", "Vigo"}
    assert 22 <= Person.objects.count() <= 28
    assert 15 <= Customer.objects.count() <= 18
    assert 35 <= Thread.objects.count() <= 45
    assert all(2 <= customer.contacts.count() <= 4 for customer in Customer.objects.all())
    for delegation, own in (
        ("Zaragoza", "San Valero"),
        ("Sevilla", "San Fernando"),
        ("Vigo", "La Reconquista"),
    ):
        rules = Delegation.objects.get(name=delegation).calendar.versions.get().rules
        assert own in {day["name"] for day in rules["days"]}


def test_threads_stand_in_every_state_and_of_every_kind() -> None:
    assert set(Thread.objects.values_list("state", flat=True)) == set(Thread.State.values)
    assert set(Thread.objects.values_list("kind", flat=True)) == set(Thread.Kind.values)
    assert Thread.objects.filter(reopened_count=1).exists()
    assert Thread.objects.filter(is_caretaken=True).count() == 2
    assert Thread.objects.filter(is_confidential=True).count() == 1
    forced = LedgerEvent.objects.get(kind="thread.archived", payload__contains='"forced":true')
    assert forced.facts["hanging"] == 2  # the loose end and the closing question


def test_every_noun_is_there_in_each_of_its_states() -> None:
    states: dict[type[Any], set[str]] = {
        Promise: {"open", "kept", "kept_late", "broken", "renegotiated", "released"},
        Deliverable: {"planned", "delivered", "accepted", "tacit", "refused"},
        Ask: {"open", "countered", "accepted", "declined", "done", "withdrawn"},
        Handoff: {"draft", "offered", "conditional", "accepted", "returned", "withdrawn"},
        StepRun: {"planned", "offered", "running", "done", "skipped"},
        OwnershipTransfer: {"offered", "accepted", "declined"},
        ClosingQuestion: {"asked", "answered"},
    }
    for model, expected in states.items():
        assert expected <= set(model.objects.values_list("state", flat=True)), model
    assert Promise.objects.filter(state="broken", answered_at=None).exists()
    assert Promise.objects.filter(state="kept_late", answered_at__isnull=False).exists()
    assert Contradiction.objects.filter(kind="message_plan", settled_at=None).exists()
    assert Contradiction.objects.filter(settled_at=None).values("thread").distinct().count() == 1
    assert LooseEnd.objects.filter(settled_at=None).exists() and ReserveUse.objects.count() > 3
    assert LooseEnd.objects.filter(settled_at__isnull=False).exists()
    assert AffectedGroup.objects.filter(trained_at=None, told_at__isnull=False).exists()
    assert AffectedGroup.objects.filter(trained_at__isnull=False).exists()
    approved = DocumentVersion.objects.filter(approval__isnull=False, number=3)
    assert approved.exists() and all(version.file.read() for version in approved)


def test_what_took_of_a_reserve_is_logged_once() -> None:
    """A date that moves on the map logs it by itself."""
    uses = list(ReserveUse.objects.order_by("thread", "used_at"))
    twice = [
        (one.thread.code, one.reason, other.reason)
        for one, other in pairwise(uses)
        if one.thread_id == other.thread_id and other.used_at - one.used_at < timedelta(hours=2)
    ]
    assert twice == []


def test_the_line_has_each_kind_of_stretch() -> None:
    endings = set(Span.objects.values_list("kind", "ended_as"))
    assert {("border", ""), ("work", ""), ("border", "accepted"), ("border", "returned")} <= endings
    lines = lines_of(Thread.objects.exclude(state="archived"), now=NOW).values()
    assert any(quiet.until is None for line in lines for quiet in line.silences)
    assert any(line.pauses for line in lines)
    escalated = Handoff.objects.filter(state="offered", escalated_at__isnull=False)
    assert escalated.exists() and escalated.filter(reminded_at__isnull=False).exists()
    twice = StepRun.objects.filter(handoffs__state="returned", handoffs__attempt=2)
    assert twice.exists()


def test_what_came_back_knows_whether_it_was_offered_again() -> None:
    """Kept on the row for the list of threads; here from what was opened afterwards."""
    borders = list(Span.objects.filter(kind="border").order_by("opened_at", "pk"))
    returned = [span for span in borders if span.ended_as == "returned"]
    for span in returned:
        across = (span.thread_id, span.from_area_id, span.area_id)
        again = (
            later.opened_at
            for later in borders
            if later.opened_at > span.opened_at
            and (later.thread_id, later.from_area_id, later.area_id) == across
        )
        assert span.offered_again_at == next(again, None)
    assert len({span.offered_again_at is None for span in returned}) == 2, "the demo has both"


def test_two_branches_run_at_once() -> None:
    bought, built = StepRun.objects.filter(
        thread__title__startswith="Enlatadora", step__key__in=["compras", "fabricar"]
    ).order_by("step__key")
    ends = [
        min(each.spans.filter(kind="work").values_list("opened_at", flat=True)) for each in (bought, built)
    ]
    assert bought.handoffs.filter(state="returned").count() == 2
    assert built.finished_at is not None and ends[0] < built.finished_at


def test_no_open_thread_is_without_owner_next_step_and_news() -> None:
    for thread in Thread.objects.exclude(state="archived").select_related("owner"):
        assert thread.owner.is_active and thread.next_kind and thread.next_due and thread.next_news_at
    for thread in Thread.objects.filter(state="archived"):
        hanging = [hang for hang in what_hangs(thread, now=NOW) if not hang.excused]
        assert not hanging or "Acuerdo marco" in thread.title


def test_texts_are_said_as_the_house_says_them() -> None:
    everything = list(texts())
    assert len(everything) > 1_000
    for text in everything:
        assert "!" not in text and "¡" not in text and '"' not in text
        assert not re.search(r"(?i:lorem|ipsum|en breve|lamentamos)|TODO|N/A", text), text
        assert not re.search(r"\d{4,}(,\d+)? ?€", text.replace(".", "x")), text  # 412.000 €


# Cases ---------------------------------------------------------------------------------------------------


def test_cases_of_several_kinds_stand_in_several_stages() -> None:
    kinds = set(Case.objects.values_list("kind", flat=True))
    assert {"complaint", "incident", "query", "near_miss"} <= kinds
    stages = set(Case.objects.values_list("stage", flat=True))
    assert {"acknowledged", "assessed", "investigating", "closed"} <= stages
    assert set(Case.objects.values_list("severity", flat=True)) == {"low", "medium", "high"}
    assert Case.objects.get(kind="near_miss").closed_at is not None


def test_the_grave_case_has_areas_at_work_a_pause_behind_it_and_news_due_today() -> None:
    case = Case.objects.get(severity="high", closed_at=None)
    strands = case.work_item.step_runs.exclude(area=case.area).values_list("area__code", "state")
    assert set(strands) == {("purchasing", "running"), ("logistics", "offered")}
    assert case.remedy and case.containment
    assert ClockPause.objects.get(case=case).resumed_at is not None
    escalation = Escalation.objects.get(case=case, why=Escalation.Why.CUSTOMER)
    assert escalation.owner is not None and escalation.owner.is_director
    assert case.links.get(qualifier="recovery").type == "promise"
    news = case.thread.next_news_at
    assert news is not None and news > NOW and news.date() == NOW.date()


def test_news_of_one_case_are_late_and_another_case_is_stuck() -> None:
    late = [
        case.kind
        for case in Case.objects.filter(closed_at=None)
        if (news := clocks_of([case], NOW)[case.pk].news) is not None and news.state == "late"
    ]
    assert late == ["incident"] and Rung.objects.filter(case__kind="incident").exists()
    director = actor_for(a_visitor("elena.aguirre@envasa.example"), now=NOW, door="web")
    stuck = [topic for topic in stuck_topics(director, now=NOW) if topic.case is not None]
    assert len(stuck) == 1 and stuck[0].working_days > 15


def test_one_cause_was_found_at_a_border_and_what_changed_is_being_watched() -> None:
    found = Analysis.objects.get(state=Analysis.State.CONCLUDED)
    assert found.lost_at_entry and found.lost_from_area is not None and found.lost_at is not None
    assert (found.lost_from_area.code, found.lost_at.area.code) == ("sales", "technical")
    assert found.cause is not None and found.cause.code == "information_lost_in_handoff"
    assert found.whys.count() == 5 and not found.whys.filter(evidence="").exists()
    assert found.actions.get().state == CorrectiveAction.State.WATCHING
    assert found.lessons.get().draft.state == "draft"


def test_praise_of_this_week_and_of_the_last_reached_somebody() -> None:
    monday = NOW - timedelta(days=NOW.weekday(), hours=NOW.hour, minutes=NOW.minute)
    assert Praise.objects.filter(said_at__gte=monday).count() == 2
    assert Praise.objects.filter(said_at__lt=monday, said_at__gte=monday - timedelta(days=7)).count() == 1
    assert all(praise.praised.exists() for praise in Praise.objects.all())


# The visitors --------------------------------------------------------------------------------------------


def test_the_four_come_in_with_what_is_shown_at_the_start() -> None:
    shown = demo.sign_ins()
    assert [each.name for each in shown] == ["Marta Gil", "Lucía Herrera", "Andrés Lahoz", "Elena Aguirre"]
    for each in shown:
        assert each.password == PASSWORD
        person = authenticate(None, email=each.email, password=each.password)
        assert isinstance(person, Person) and person.name == each.name
    assert not Person.objects.get(name="Gonzalo Mur").has_usable_password()


@pytest.mark.parametrize("email", ["marta.gil", "lucia.herrera", "andres.lahoz", "elena.aguirre"])
def test_the_day_of_each_is_alive(email: str) -> None:
    actor = actor_for(a_visitor(f"{email}@envasa.example"), now=NOW, door="web")
    groups = [(group_of(row.due, NOW), row) for row in owed_by(actor, now=NOW)]
    near = [row for group, row in groups if group is not Group.LATER]
    assert 5 <= len(near) <= 9, [row.label for row in near]
    assert sum(group is Group.LATE for group, _row in groups) == 2
    assert any(row.kind in ("answer_handoff", "confirm_conditions") for row in near)
    assert threads_supervised(actor).exists()


def test_people_come_and_go() -> None:
    left = Person.objects.get(is_active=False)
    assert left.name == "Sergio Blasco"
    assert not Thread.objects.filter(owner=left).exclude(state="archived").exists()
    away = [
        (each.person.name, each.substitute.name)
        for person in Person.objects.all()
        for each in person.absences.filter(first_day__lte=NOW.date(), last_day__gte=NOW.date())
    ]
    assert sorted(away) == [("Daniel Ibáñez", "Lucía Herrera"), ("Manuela Pavón", "Rosa Benítez")]
    assert Customer.objects.get(merged_into__isnull=False).name == "Aceites Lora, S.L."
    authorities = Person.objects.values_list("is_director", "is_administrator", "is_auditor")
    assert {(True, True, False), (False, True, False), (False, False, True)} <= set(authorities)


# Loading -------------------------------------------------------------------------------------------------


def test_loading_says_how_far_it_is(told: list[tuple[int, int]]) -> None:
    done = [day for day, _days in told]
    assert done == sorted(done) and told[-1][0] == told[-1][1] > 200


def test_it_is_never_loaded_over_a_company() -> None:
    before = LedgerEvent.objects.count()
    with pytest.raises(RuleViolation, match="HILO_DATA"):
        demo.load(seed=2, now=timezone.now())
    assert LedgerEvent.objects.count() == before


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 21, 23, 0, tzinfo=UTC),  # Saturday night
        datetime(2027, 1, 1, 0, 30, tzinfo=UTC),
        datetime(2026, 6, 15, 17, 0, tzinfo=UTC),
    ],
)
def test_day_zero_is_ahead_and_the_day_before_is_over(now: datetime) -> None:
    days = Days(now)
    assert days.at(-1, "17:59") < now < days.at(0, "18:30") and days.at(days.earliest, "09:00") < now


def test_attachments_stand_in_the_data_folder() -> None:
    assert all(Path(version.file.path).is_file() for version in DocumentVersion.objects.all())
