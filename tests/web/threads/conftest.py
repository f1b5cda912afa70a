from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.web.threads.scene import Scene, a_full_thread

type SignedIn = Callable[[str], Client]


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    return a_full_thread()


@pytest.fixture
def signed_in(scene: Scene) -> Iterator[SignedIn]:
    """``signed_in("sales")``: that area's person, at the hour of the scene."""

    def sign_in(code: str) -> Client:
        client = Client()
        client.force_login(scene.house.person(code))
        return client

    with time_machine.travel(scene.now, tick=False):
        yield sign_in
