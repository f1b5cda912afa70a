"""The demo company: Envasa Líneas S.A., half a year of it, told through the commands with past dates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # this package is an installed app: importing it must not touch a model
    from hilo.demo.faces import SignIn

type Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Size:
    """About how many customers there are in the end, and exactly how many threads, or a few more."""

    customers: int
    threads: int


SIZES = {"medium": Size(500, 10_000), "large": Size(5_000, 100_000)}


def load(*, seed: int = 1, now: datetime | None = None, tell: Tell | None = None) -> None:
    """Fill an empty database; ``tell`` hears how many of the simulated days have passed, of how many."""
    from hilo.demo.playing import play_everything

    play_everything(seed=seed, now=now, tell=tell)


def load_many(
    size: Size,
    *,
    seed: int = 1,
    now: datetime | None = None,
    tell: Tell | None = None,
    tell_threads: Tell | None = None,
) -> None:
    """The demo company and many like it, as one of ``size``; ``tell_threads`` hears of the copying."""
    from hilo.demo.multiplying import multiply
    from hilo.demo.playing import play_everything
    from hilo.demo.plays import everyday

    play_everything(seed=seed, now=now, tell=tell, also=everyday.PLAYS)
    multiply(size, seed=seed, tell=tell_threads)


def sign_ins() -> Sequence[SignIn]:
    """Whom a visitor may be; nobody in a database without the demo company."""
    from hilo.demo.faces import sign_ins_here

    return sign_ins_here()
