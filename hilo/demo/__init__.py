"""The demo company: Envasa Líneas S.A., half a year of it, told through the commands with past dates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # this package is an installed app: importing it must not touch a model
    from hilo.demo.faces import SignIn

type Tell = Callable[[int, int], None]


def load(*, seed: int = 1, now: datetime | None = None, tell: Tell | None = None) -> None:
    """Fill an empty database; ``tell`` hears how many of the simulated days have passed, of how many."""
    from hilo.demo.playing import play_everything

    play_everything(seed=seed, now=now, tell=tell)


def sign_ins() -> Sequence[SignIn]:
    """Whom a visitor may be; nobody in a database without the demo company."""
    from hilo.demo.faces import sign_ins_here

    return sign_ins_here()
