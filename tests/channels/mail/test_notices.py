"""People of ours are told by mail: one mail for all that waits, sent once, never what they may not see."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings
from django.utils.translation import gettext_lazy

from hilo.channels.mail.notices import mail_notices, put_together
from hilo.ledger.record import Ref
from hilo.parties.commands.notices import notify, read_notices
from hilo.parties.models import NoticeMail, Person
from hilo.parties.notice_words import NOTICE_WORDS, register_notice
from hilo.work.models import Thread
from tests.channels.mail.conftest import Postman, smtp
from tests.factories.parties import NOW
from tests.work.core.conftest import House

SOON = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def a_daily_kind() -> object:
    register_notice("thanked", gettext_lazy("Mail"), "star", daily=True)
    yield
    del NOTICE_WORDS["thanked"]


def tell(house: House, key: str, *, interrupts: bool = True, kind: str = "handoff_silence") -> None:
    notify(
        house.seller,
        key=key,
        kind=kind,
        thread_id=house.thread.pk,
        subject=Ref("thread", house.thread.pk),
        interrupts=interrupts,
        now=NOW,
    )


def letters(postman: Postman) -> list[email.message.EmailMessage]:
    return [
        email.message_from_bytes(each.content or b"", policy=email.policy.default)  # type: ignore[arg-type, misc]
        for each in postman.arrived
    ]


def body(letter: email.message.EmailMessage) -> str:
    part = letter.get_body()
    assert part is not None
    return str(part.get_content())


def test_what_interrupts_goes_at_once_and_once(house: House, postman: Postman) -> None:
    tell(house, "one")
    with override_settings(HILO_URL="https://hilo.envasa.example/"):
        assert mail_notices(SOON) == 1
    assert mail_notices(SOON) == 0

    (letter,) = letters(postman)
    assert letter["To"] == house.seller.email and house.thread.code in letter["Subject"]
    assert "Nadie respondió a tiempo" in body(letter) and house.thread.title in body(letter)
    assert "https://hilo.envasa.example/" in body(letter)


def test_a_night_without_workers_ends_in_one_mail_each(house: House, postman: Postman) -> None:
    for number in range(5):
        tell(house, f"late {number}", interrupts=number < 3)
        tell(house, f"thanks {number}", interrupts=False, kind="thanked")
    assert mail_notices(NOW + timedelta(hours=12)) == 1
    (letter,) = letters(postman)
    assert letter["Subject"] == "8 cosas que te conviene saber"
    assert (
        body(letter).count("–") == 8
    )  # the two that do not interrupt and are of no mailed kind stay in Mi día


def test_thanks_wait_for_the_morning_and_come_once_a_day(house: House, postman: Postman) -> None:
    early = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)  # 06:30 in Madrid
    tell(house, "thanks", interrupts=False, kind="thanked")
    assert mail_notices(early) == 0
    assert mail_notices(early + timedelta(hours=2)) == 1
    tell(house, "more thanks", interrupts=False, kind="thanked")
    assert mail_notices(early + timedelta(hours=4)) == 0
    assert mail_notices(early + timedelta(days=1, hours=2)) == 1


def test_what_was_read_in_the_day_is_not_mailed(house: House, postman: Postman) -> None:
    tell(house, "one")
    read_notices(house.seller, ids=house.seller.notices.values_list("pk", flat=True), now=NOW)
    assert mail_notices(SOON) == 0


def test_a_server_that_is_down_gets_the_same_mail_again_until_a_day_has_passed(
    house: House, postman: Postman
) -> None:
    tell(house, "one")
    with override_settings(MAILERS=smtp(1)):
        assert mail_notices(SOON) == 0
    assert mail_notices(SOON + timedelta(hours=1)) == 1
    tell(house, "two")
    with override_settings(MAILERS=smtp(1)):
        put_together(SOON)
        mail_notices(SOON + timedelta(hours=26))
    assert NoticeMail.objects.filter(gave_up_at__isnull=False).count() == 1
    assert mail_notices(SOON + timedelta(hours=27)) == 0


def test_a_thread_made_confidential_meanwhile_is_not_named_to_who_may_not_read_it(
    house: House, postman: Postman
) -> None:
    tell(house, "one")
    other = Person.objects.exclude(pk=house.seller.pk).first()
    Thread.objects.filter(pk=house.thread.pk).update(is_confidential=True, owner=other)
    assert mail_notices(SOON) == 0
    assert not postman.arrived and NoticeMail.objects.get().gave_up_at is not None


def test_who_has_left_is_not_written_to(house: House, postman: Postman) -> None:
    tell(house, "one")
    put_together(SOON)
    Person.objects.filter(pk=house.seller.pk).update(is_active=False)
    assert mail_notices(SOON) == 0 and not postman.arrived
