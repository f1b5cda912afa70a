"""Runs one diagnosis in a process of its own and says what came of it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from hilo.analysis import apart, folders
from hilo.analysis.apart import Request
from hilo.analysis.commands.diagnoses import (
    ask_columns,
    fail_diagnosis,
    finish_diagnosis,
    refuse_diagnosis,
)
from hilo.analysis.limits import limits
from hilo.analysis.models import UNDER_WAY, Diagnosis
from hilo.analysis.outcome import (
    Called,
    Crash,
    Outcome,
    Question,
    Refusal,
    Report,
    Sentence,
    TooLarge,
    TooLong,
)
from hilo.errors import RuleViolation
from hilo.jobs.claims import FAILED
from hilo.parties.actor import system

log = logging.getLogger(__name__)

READER = (sys.executable, "-m", "hilo.analysis.apart")
_PACKAGE_PARENT = Path(__file__).resolve().parents[2]
_OF_TRACE = 8_000

_TOO_LARGE = _(
    "The file needs more memory than reading it here may take. Bring fewer months of it, or read it at a"
    " terminal with hilo diagnose."
)
_TOO_LONG = _(
    "Reading it took longer than %(minutes)s minutes and was ended. Bring fewer months of it, or read it at a"
    " terminal with hilo diagnose."
)


def run_one(diagnosis_id: int, run: int) -> None:
    """Nothing happens when it was deleted, was asked for again, or has ended."""
    diagnosis = _begun(diagnosis_id, run)
    if diagnosis is None:
        return
    aside = folders.room_aside(diagnosis.token)
    try:
        outcome = read_apart(_request(diagnosis, aside), _telling(diagnosis))
        _settle(diagnosis, run, outcome, aside)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        _leave_nothing_of_a_deleted(diagnosis)


def give_up_failed(now: datetime) -> None:
    """Mark what the queue has given up: its task ended for good without a word about the diagnosis."""
    under_way = Diagnosis.objects.filter(state__in=UNDER_WAY, task_id__isnull=False)
    for diagnosis in under_way:
        if DBTaskResult.objects.filter(pk=str(diagnosis.task_id), status=FAILED).exists():
            _say(partial(fail_diagnosis, diagnosis, run=diagnosis.run, by=system(), now=now))


# Around the reading ---------------------------------------------------------------------------------------


def _begun(diagnosis_id: int, run: int) -> Diagnosis | None:
    """How far it is, is no history: rows under way are marked here, without an event."""
    current = Diagnosis.objects.filter(pk=diagnosis_id, run=run, state__in=UNDER_WAY)
    if not current.update(state=Diagnosis.State.RUNNING, phase="", started_at=timezone.now()):
        return None
    return current.first()


def _telling(diagnosis: Diagnosis) -> Callable[[str], bool]:
    current = Diagnosis.objects.filter(pk=diagnosis.pk, run=diagnosis.run, state=Diagnosis.State.RUNNING)

    def tell(phase: str) -> bool:
        return bool(current.update(phase=phase[:16]))

    return tell


def _request(diagnosis: Diagnosis, aside: Path) -> Request:
    token = diagnosis.token
    return Request(
        paths=_paths(diagnosis),
        folder=aside,
        columns=diagnosis.columns,
        options={kind: folders.path_of(token, "options", one) for kind, one in diagnosis.options.items()},
        zone=diagnosis.zone,
        memory=limits().memory,
    )


def _paths(diagnosis: Diagnosis) -> tuple[Path, ...]:
    if diagnosis.is_example:
        from hilo.insight import example

        return (example.path(),)
    return tuple(folders.path_of(diagnosis.token, "files", one) for one in diagnosis.files)


def _settle(diagnosis: Diagnosis, run: int, outcome: Outcome, aside: Path) -> None:
    facts: dict[str, Any] = {"run": run, "by": system(), "now": timezone.now()}
    if not isinstance(outcome, Crash | Called):
        folders.keep_look(diagnosis.token, aside)
    match outcome:
        case Report():
            _keep_report(diagnosis, outcome, aside, facts)
        case Question():
            _say(partial(ask_columns, diagnosis, **facts))
        case Refusal(sentence):
            _refuse(diagnosis, sentence, facts)
        case TooLarge():
            _refuse(diagnosis, _in_both(_TOO_LARGE), facts)
        case TooLong():
            minutes = round(limits().longest / timedelta(minutes=1))
            _refuse(diagnosis, _in_both(_TOO_LONG, minutes=minutes), facts)
        case Crash(trace):
            log.error("diagnosis %s, run %s, broke off:\n%s", diagnosis.pk, run, trace)
            _say(partial(fail_diagnosis, diagnosis, **facts))
        case Called():
            pass


def _keep_report(diagnosis: Diagnosis, report: Report, aside: Path, facts: dict[str, Any]) -> None:
    """The reports have their name before the row does; when the row will not have them, they go."""
    token = diagnosis.token
    result = folders.keep_result(token, aside)
    kept = Report(report.cases, report.events, report.findings, report.headline, result)
    try:
        finish_diagnosis(diagnosis, report=kept, **facts)
    except RuleViolation:
        folders.forget_result(token, result)


def _refuse(diagnosis: Diagnosis, sentence: Sentence, facts: dict[str, Any]) -> None:
    _say(partial(refuse_diagnosis, diagnosis, sentence=sentence, **facts))


def _say(call: Callable[[], None]) -> None:
    try:
        call()
    except RuleViolation as late:
        log.info("nobody waits for it any more: %s", late)


def _leave_nothing_of_a_deleted(diagnosis: Diagnosis) -> None:
    if not Diagnosis.objects.filter(pk=diagnosis.pk).exists():
        folders.forget(diagnosis.token)


def _in_both(sentence: Promise, **facts: object) -> Sentence:
    said = {}
    for lang in folders.LANGUAGES:
        with translation.override(lang):
            said[lang] = str(sentence) % facts if facts else str(sentence)
    return said


# The process apart ----------------------------------------------------------------------------------------


def read_apart(request: Request, tell: Callable[[str], bool]) -> Outcome:
    """Blocks until the reader ends, is too slow, or ``tell`` says that nobody waits for it any more."""
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(
            READER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(_path())},
            text=True,
        )
        ending = _Ending(child)
        clock = threading.Timer(limits().longest.total_seconds(), ending.end, args=(TooLong(),))
        clock.daemon = True
        clock.start()
        try:
            _follow(child, request, tell, ending)
            code = child.wait()
        finally:
            clock.cancel()
            child.kill()
            child.wait()
            _close(child.stdin, child.stdout)
        return ending.outcome or _came_of_it(request.folder, code, errors)


class _Ending:
    """Why we ended the child, when we did."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self.child = child
        self.outcome: Outcome | None = None

    def end(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.child.kill()


def _follow(
    child: subprocess.Popen[str], request: Request, tell: Callable[[str], bool], ending: _Ending
) -> None:
    assert child.stdin is not None and child.stdout is not None
    try:
        child.stdin.write(request.as_line())
        child.stdin.flush()  # left open: when this process dies, the child hears it
    except BrokenPipeError:
        return
    for line in child.stdout:
        if not tell(line.strip()):
            ending.end(Called())
            return


def _came_of_it(folder: Path, code: int, errors: IO[bytes]) -> Outcome:
    if code in (-signal.SIGKILL, -signal.SIGABRT):  # not by us: the system needed its memory, or gave none
        return TooLarge()
    try:
        said = json.loads((folder / apart.OUTCOME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        errors.seek(max(0, errors.seek(0, os.SEEK_END) - _OF_TRACE))
        return Crash(f"exit {code}\n{errors.read().decode(errors='replace')}")
    match said.pop("outcome"):
        case apart.REPORT:
            return Report(**said)
        case apart.REFUSAL:
            return Refusal(said["sentence"])
        case apart.QUESTION:
            return Question()
    return TooLarge()


def _path() -> list[str]:
    return [str(_PACKAGE_PARENT), *filter(None, [os.environ.get("PYTHONPATH")])]


def _close(*pipes: IO[str] | None) -> None:
    for pipe in pipes:
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
