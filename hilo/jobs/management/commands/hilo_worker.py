from __future__ import annotations

import logging
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from hilo.jobs.supervisor import supervise_workers
from hilo.jobs.worker import run_worker


class Command(BaseCommand):
    help = "Run background jobs until told to stop (SIGTERM or Ctrl C)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", help="shown in the list of workers; made unique by a suffix")
        parser.add_argument("--burst", action="store_true", help="run what is due now and end")
        parser.add_argument("--processes", type=int, default=0, help="keep this many workers alive")
        parser.add_argument("--parent", type=int, help="stop when this process is no longer the parent")

    def handle(
        self, *, name: str | None, burst: bool, processes: int, parent: int | None, **_: object
    ) -> None:
        logging.getLogger("hilo.jobs").setLevel(logging.INFO)
        if processes:
            return supervise_workers(processes)
        attempts = run_worker(name=name, burst=burst, parent=parent)
        self.stderr.write(f"{attempts} tasks attempted")
