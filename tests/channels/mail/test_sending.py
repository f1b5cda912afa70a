"""Messages leave through a real SMTP server (aiosmtpd on the loopback)."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import translation

from hilo.channels.mail.sending import message_id, send_queued
from hilo.channels.models import Leaving
from hilo.errors import RuleViolation
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.parties.commands.customers import add_contact
from hilo.work.commands.conversation import tell_customer
from hilo.work.commands.mailing import note_mailed
from hilo.work.models import Update
from tests.channels.mail.conftest import Postman, smtp
from tests.factories.parties import NOW
from tests.work.core.conftest import House


def said(house: House, **facts: object) -> Update:
    given: dict[str, object] = {"text": "La prueba sigue en pie el jueves 26.", "contacts": [house.contact]}
    return tell_customer(house.thread, by=house.by_seller, now=NOW, **{**given, **facts})  # type: ignore[arg-type]


def test_a_message_arrives_with_its_next_news_and_is_noted_as_sent(house: House, postman: Postman) -> None:
    update = said(house)
    assert update.mail == "queued"

    assert send_queued(NOW + timedelta(minutes=1)) == 1

    mail = email.message_from_bytes(postman.arrived[0].content or b"", policy=email.policy.default)  # type: ignore[arg-type]
    assert mail["Subject"] == "Línea de 0,1 l [2026-0001]"
    assert house.seller.name in mail["From"] and mail["Reply-To"] == house.seller.email
    assert mail["Message-ID"] == message_id(update)
    body = mail.get_body()
    assert body is not None
    assert "La prueba sigue en pie" in body.get_content()
    assert "Volverá a tener noticias nuestras" in body.get_content()
    update.refresh_from_db()
    assert update.mail == "sent"
    assert LedgerEvent.objects.filter(kind="update.mailed", subject_id=update.pk).count() == 1
    assert send_queued(NOW + timedelta(minutes=2)) == 0 and len(postman.arrived) == 1


def test_a_server_that_is_down_is_tried_again_for_a_day(house: House) -> None:
    update = said(house)
    with override_settings(MAILERS=smtp(1)):
        send_queued(NOW + timedelta(hours=1))
        update.refresh_from_db()
        assert update.mail == "queued"
        send_queued(NOW + timedelta(hours=25))
    update.refresh_from_db()
    assert update.mail == "failed"
    assert LedgerEvent.objects.get(kind="update.mail_failed").facts["code"] == "unreachable"


def test_a_refused_address_and_a_contact_without_one_fail_visibly(house: House, postman: Postman) -> None:
    refused = add_contact(house.customer, name="No Existe", email="no.existe@x.example", by=system(), now=NOW)
    without = add_contact(house.customer, name="Sin Correo", by=system(), now=NOW)
    said(house, contacts=[refused])
    said(house, contacts=[without])
    send_queued(NOW + timedelta(minutes=1))
    codes = {event.facts["code"] for event in LedgerEvent.objects.filter(kind="update.mail_failed")}
    assert codes == {"refused", "no_address"}
    assert not postman.arrived


def test_what_was_said_yesterday_or_by_telephone_is_not_sent(house: House) -> None:
    assert said(house, said_at=NOW - timedelta(days=1)).mail == "none"
    assert said(house, channel="call").mail == "none"
    with override_settings(HILO_SENDS_MAIL=False):
        assert said(house).mail == "none"


def test_a_message_is_noted_as_sent_once(house: House) -> None:
    update = said(house)
    note_mailed(update, message_id="<x>", by=system("mail"), now=NOW)
    with translation.override("en"), pytest.raises(RuleViolation, match="not waiting"):
        note_mailed(update, message_id="<x>", by=system("mail"), now=NOW)


def test_a_message_that_another_worker_is_sending_is_left_alone_until_its_lease_ends(
    house: House, postman: Postman
) -> None:
    update = said(house)
    Leaving.objects.create(key=f"update:{update.pk}", until=NOW + timedelta(minutes=5))  # then it was killed
    assert send_queued(NOW + timedelta(minutes=4)) == 0
    assert send_queued(NOW + timedelta(minutes=6)) == 1
    assert not Leaving.objects.exists()


def test_a_lease_written_while_the_clock_was_a_day_ahead_does_not_hold_for_a_day(
    house: House, postman: Postman
) -> None:
    update = said(house)
    Leaving.objects.create(key=f"update:{update.pk}", until=NOW + timedelta(days=1, minutes=5))
    assert send_queued(NOW + timedelta(minutes=1)) == 1
