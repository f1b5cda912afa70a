"""The provider of ``tests/support/oidc_provider.py``, started once, and a person walking through it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client

from tests.conftest import PROJECT

CLIENT = "hilo-tests"


@dataclass
class Provider:
    url: str

    def knows(self, subject: str, **claims: object) -> None:
        requests.put(f"{self.url}/users/{subject}", json=claims, timeout=20).raise_for_status()

    def bends(self, **how: object) -> None:
        requests.put(f"{self.url}/bend", json=how, timeout=20).raise_for_status()

    def lets_in(self, address: str, subject: str) -> str:
        """What the person does there: sign in; where their browser is sent then."""
        return self._sends(address, sub=subject)

    def is_left(self, address: str) -> str:
        return self._sends(address, action="deny")

    def _sends(self, address: str, **form: str) -> str:
        answer = requests.post(address, data=form, allow_redirects=False, timeout=20)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


@pytest.fixture(scope="session")
def running_provider() -> Iterator[Provider]:
    script = PROJECT / "tests" / "support" / "oidc_provider.py"
    process = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    port = process.stdout.readline().strip()
    assert port, "the provider did not start"
    yield Provider(f"http://127.0.0.1:{port}")
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    running_provider.bends()
    return running_provider


def begin(client: Client, **query: str) -> str:
    """From the button at the door to the provider's address."""
    answer = client.get("/entrar/empresa/", query)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def come_back(client: Client, address: str) -> Any:
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def come_in(client: Client, provider: Provider, subject: str, **query: str) -> Any:
    return come_back(client, provider.lets_in(begin(client, **query), subject))


def sentence(answer: Any) -> str:
    found = re.search(r'<p role="alert">(.*?)</p>', answer.content.decode(), re.S)
    assert found is not None, answer.content.decode()[-1500:]
    return found[1]
