"""A mail server on the loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings

from tests.work.core.conftest import house as house
from tests.work.core.conftest import in_english as in_english


class Postman:
    """Keeps what arrives; refuses addresses that begin with "no."."""

    def __init__(self) -> None:
        self.arrived: list[Envelope] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("no."):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.arrived.append(envelope)
        return "250 OK"


def smtp(port: int) -> dict[str, object]:
    options = {"host": "127.0.0.1", "port": port, "timeout": 5}
    return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def postman() -> Iterator[Postman]:
    handler = Postman()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    with override_settings(MAILERS=smtp(port), DEFAULT_FROM_EMAIL="Hilo <hilo@envasa.example>"):
        yield handler
    controller.stop()
