"""What happened at Envasa Líneas: one play per thread, each told from its first word to today."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hilo.demo.plays import (
    accounts,
    cases,
    company_life,
    complaints,
    formats,
    lines,
    machines,
    services,
    supply,
)
from hilo.demo.stage import Play, Stage

MODULES = (company_life, supply, lines, formats, machines, accounts, services, complaints, cases)


def all_plays(stage: Stage) -> Iterator[Play]:
    for module in MODULES:
        plays: tuple[Callable[[Stage], Play], ...] = module.PLAYS
        for play in plays:
            yield play(stage)
