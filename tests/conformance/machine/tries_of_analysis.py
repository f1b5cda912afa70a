"""Diagnoses: asked for, answered by the job, asked again, deleted."""

from __future__ import annotations

from django.db.models import Q

from hilo.analysis.folders import Kept, new_token
from hilo.analysis.models import AT_REST, UNDER_WAY, Diagnosis
from hilo.analysis.outcome import Report
from hilo.parties.actor import Actor
from hilo.parties.models import Person
from tests.conformance.machine.world import Call, World, tries


def a_head(w: World) -> Actor:
    heads = Person.objects.filter(memberships__is_head=True, memberships__ends_on__isnull=True)
    return w.by(*heads.order_by("pk").distinct())


def under_way(w: World) -> Diagnosis:
    return w.row(Diagnosis.objects.all(), Q(state__in=UNDER_WAY))


def the_job(w: World) -> Actor:
    return w.system() if w.pick.in_ten(9) else a_head(w)


def run_of(w: World, diagnosis: Diagnosis) -> int:
    return diagnosis.run if w.pick.in_ten(9) else diagnosis.run + 1


@tries("analysis.diagnoses.ask_diagnosis")
def ask_diagnosis(w: World) -> Call:
    w.count += 1
    ticket = f"ticket-{w.count if w.pick.in_ten(8) else 0}"
    files = [Kept("pedidos.csv", 2048, "f")] if w.pick.in_ten(9) else []
    return w.call(name=w.words("Pedidos"), token=new_token(), ticket=ticket, files=files, by=a_head(w))


@tries("analysis.diagnoses.ask_again")
def ask_again(w: World) -> Call:
    diagnosis = w.row(Diagnosis.objects.all(), Q(state__in=AT_REST))
    columns = w.pick.one((None, {"case": w.words("Pedido")}))
    return w.call(diagnosis, columns=columns, seen=w.seen(diagnosis), by=w.by(diagnosis.asked_by))


@tries("analysis.diagnoses.delete_diagnosis")
def delete_diagnosis(w: World) -> Call:
    diagnosis = w.row(Diagnosis.objects.all())
    return w.call(diagnosis, seen=w.seen(diagnosis), by=w.by(diagnosis.asked_by))


@tries("analysis.diagnoses.finish_diagnosis")
def finish_diagnosis(w: World) -> Call:
    diagnosis = under_way(w)
    text = w.words("Comercial espera")
    report = Report(cases=30, events=400, findings=2, headline={"es": text, "en": text}, result=new_token())
    return w.call(diagnosis, run=run_of(w, diagnosis), report=report, by=the_job(w))


@tries("analysis.diagnoses.ask_columns")
def ask_columns(w: World) -> Call:
    diagnosis = under_way(w)
    return w.call(diagnosis, run=run_of(w, diagnosis), by=the_job(w))


@tries("analysis.diagnoses.refuse_diagnosis")
def refuse_diagnosis(w: World) -> Call:
    diagnosis = under_way(w)
    said = w.words("No hay ninguna fecha")
    return w.call(diagnosis, run=run_of(w, diagnosis), sentence={"es": said, "en": said}, by=the_job(w))


@tries("analysis.diagnoses.fail_diagnosis")
def fail_diagnosis(w: World) -> Call:
    diagnosis = under_way(w)
    return w.call(diagnosis, run=run_of(w, diagnosis), by=the_job(w))
