"""Asked for, run, answered with a report, a question or a refusal, asked again, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.analysis import folders
from hilo.analysis.access import require_theirs
from hilo.analysis.events import (
    DiagnosisAsked,
    DiagnosisAskedAgain,
    DiagnosisColumnsAsked,
    DiagnosisDeleted,
    DiagnosisFailed,
    DiagnosisFinished,
    DiagnosisRefused,
)
from hilo.analysis.folders import Kept
from hilo.analysis.jobs import run_diagnosis
from hilo.analysis.models import AT_REST, UNDER_WAY, Diagnosis
from hilo.analysis.outcome import Report, Sentence
from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, erase_private_texts, record, seal
from hilo.parties.actor import Actor
from hilo.parties.permissions import require
from hilo.parties.texts import line

IS_RUNNING = gettext_lazy("It is being read right now. Wait until it ends, then ask again.")
NO_LONGER_RUNS = gettext_lazy("This run is over: another one was asked for, or it ended already.")
_GONE = gettext_lazy("Somebody deleted this report while you were looking at it.")


@command(may_do_nothing=True)
def ask_diagnosis(
    *,
    name: str,
    token: str,
    ticket: str,
    files: Sequence[Kept],
    options: Mapping[str, Kept] | None = None,
    zone: str = "",
    is_example: bool = False,
    by: Actor,
    now: datetime,
) -> tuple[Diagnosis, bool]:
    """The files lie in the folder of ``token`` already. False: this form was sent before, and that diagnosis
    is meant; the files of the second sending are not needed."""
    require(by, "diagnosis.run")
    words = line(name, field="name", most=120, missing=_("Give the report a name."))
    if not files and not is_example:
        raise RuleViolation(_("Choose the file to read."), field="log")
    diagnosis, is_new = Diagnosis.objects.get_or_create(
        asked_by=by.one,
        ticket=ticket,
        defaults={
            "name": words,
            "token": token,
            "is_example": is_example,
            "files": [each.said for each in files],
            "options": {kind: each.said for kind, each in (options or {}).items()},
            "zone": zone,
            "asked_at": now,
        },
    )
    if not is_new:
        return diagnosis, False
    asked = DiagnosisAsked(
        subject=_ref(diagnosis),
        name=seal(words, about=_ref(diagnosis)),
        files=len(files),
        size=sum(each.size for each in files),
        is_example=is_example,
    )
    record(asked, by=by, now=now)
    _enqueue(diagnosis)
    return diagnosis, True


@command
def ask_again(
    diagnosis: Diagnosis,
    *,
    columns: Mapping[str, str] | None = None,
    options: Mapping[str, Kept | None] | None = None,
    zone: str | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Read the same files once more: as before, or with ``columns`` as the person says they are, or with
    another file beside them (None takes one away), or with its times in another ``zone`` ("": as it seems).
    """
    require(by, "diagnosis.run")
    require_theirs(by, diagnosis)
    chosen = dict(diagnosis.columns if columns is None else columns)
    beside = {**diagnosis.options, **{kind: kept and kept.said for kind, kept in (options or {}).items()}}
    _move(
        diagnosis,
        only_if={"state__in": AT_REST},
        refused=IS_RUNNING,
        seen=seen,
        state=Diagnosis.State.WAITING,
        run=diagnosis.run + 1,
        phase="",
        columns=chosen,
        zone=diagnosis.zone if zone is None else zone,
        options={kind: said for kind, said in beside.items() if said},
        said={},
        started_at=None,
        ended_at=None,
    )
    again = DiagnosisAskedAgain(subject=_ref(diagnosis), run=diagnosis.run, columns=len(chosen))
    record(again, by=by, now=now)
    _enqueue(diagnosis)


@command
def delete_diagnosis(diagnosis: Diagnosis, *, seen: int | None = None, by: Actor, now: datetime) -> None:
    """Its files, its reports and its name go; that it was there stays."""
    require(by, "diagnosis.run")
    require_theirs(by, diagnosis)
    _move(diagnosis, only_if={}, refused=_GONE, seen=seen)
    about = _ref(diagnosis)
    erase_private_texts(about=about)
    record(DiagnosisDeleted(subject=about, run=diagnosis.run), by=by, now=now)
    Diagnosis.objects.filter(pk=diagnosis.pk).delete()
    transaction.on_commit(partial(folders.forget, diagnosis.token))


# What came of it: said by the job ------------------------------------------------------------------------


@command
def finish_diagnosis(diagnosis: Diagnosis, *, run: int, report: Report, by: Actor, now: datetime) -> None:
    """``report.result`` lies in its folder already; the one before it goes when this is committed."""
    before = diagnosis.result
    _end(
        diagnosis,
        run,
        Diagnosis.State.DONE,
        by,
        now,
        result=report.result,
        cases=report.cases,
        events=report.events,
        findings=report.findings,
        headline=report.headline,
    )
    finished = DiagnosisFinished(
        subject=_ref(diagnosis), run=run, cases=report.cases, events=report.events, findings=report.findings
    )
    record(finished, by=by, now=now)
    if before != report.result:
        transaction.on_commit(partial(folders.forget_result, diagnosis.token, before))


@command
def ask_columns(diagnosis: Diagnosis, *, run: int, by: Actor, now: datetime) -> None:
    """What each column is cannot be told: the person says it, and it runs again."""
    _end(diagnosis, run, Diagnosis.State.ASKING, by, now)
    record(DiagnosisColumnsAsked(subject=_ref(diagnosis), run=run), by=by, now=now)


@command
def refuse_diagnosis(diagnosis: Diagnosis, *, run: int, sentence: Sentence, by: Actor, now: datetime) -> None:
    """The files cannot be used; ``sentence`` says why, by language. They are kept."""
    _end(diagnosis, run, Diagnosis.State.REFUSED, by, now, said=dict(sentence))
    about = _ref(diagnosis)
    words = seal(sentence["es"], about=about)
    record(DiagnosisRefused(subject=about, run=run, sentence=words), by=by, now=now)


@command
def fail_diagnosis(diagnosis: Diagnosis, *, run: int, by: Actor, now: datetime) -> None:
    """It broke off through no fault of the files."""
    _end(diagnosis, run, Diagnosis.State.FAILED, by, now)
    record(DiagnosisFailed(subject=_ref(diagnosis), run=run), by=by, now=now)


def _end(diagnosis: Diagnosis, run: int, state: str, by: Actor, now: datetime, **facts: Any) -> None:
    if not by.is_system:
        raise NotAllowed(_("Only Hilo itself says how a reading ended."))
    _move(
        diagnosis,
        only_if={"run": run, "state__in": UNDER_WAY},
        refused=NO_LONGER_RUNS,
        state=state,
        phase="",
        ended_at=now,
        **facts,
    )


def _move(diagnosis: Diagnosis, *, refused: str | Promise, **how: Any) -> None:
    try:
        move(diagnosis, refused=refused, **how)
    except Diagnosis.DoesNotExist:
        raise RuleViolation(_GONE) from None


def _ref(diagnosis: Diagnosis) -> Ref:
    return Ref("diagnosis", diagnosis.pk)


def _enqueue(diagnosis: Diagnosis) -> None:
    task = run_diagnosis.enqueue(diagnosis.pk, diagnosis.run)
    Diagnosis.objects.filter(pk=diagnosis.pk).update(task_id=task.id)
