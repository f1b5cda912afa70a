"""The same facts as an 8D report, in the order a customer's quality people ask for; made to be printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from hilo.parties.queries.company import policy
from hilo.quality.models import Case, CaseStage, CorrectiveAction, Stage
from hilo.quality.queries.eight_d import EightD, Root, eight_d
from hilo.web.base.hours import said_length, said_on
from hilo.web.base.words import Status
from hilo.web.causes.fetching import case_asked
from hilo.web.causes.page import joined, page_of, place_in_sentence
from hilo.web.causes.showing import frame_of
from hilo.web.doing.asking import actor_of, now_of

State = CorrectiveAction.State


@dataclass(frozen=True, slots=True)
class Discipline:
    """``css`` is is-done, is-now (the first one that waits) or nothing."""

    code: str
    title: str
    lines: list[str]
    status: Status
    css: str


@dataclass(frozen=True, slots=True)
class _Row:
    code: str
    title: str
    lines: list[str]
    is_done: bool
    waits: str = ""


@require_safe
def report(request: HttpRequest, code: str) -> HttpResponse:
    case, actor, now = case_asked(request, code), actor_of(request), now_of(request)
    page = page_of(case, actor, now=now)
    if page.analysis is None:
        return HttpResponseRedirect(reverse("web:cause", args=[code]))
    facts = {
        **frame_of(page, actor, now),
        "tab": "8d",
        "rows": _shown(rows_of(eight_d(page.analysis), now)),
        "company": policy().name,
    }
    return render(request, "web_causes/eight_d.html", facts)


def _shown(rows: list[_Row]) -> list[Discipline]:
    first = next((row.code for row in rows if not row.is_done), "")
    return [_discipline(row, is_now=row.code == first) for row in rows]


def _discipline(row: _Row, *, is_now: bool) -> Discipline:
    if row.is_done:
        return Discipline(row.code, row.title, row.lines, Status(_("Done"), "check", "ok"), "is-done")
    waits = row.waits or _("Pending")
    status = Status(waits, "clock", "warn") if is_now else Status(waits, "circle-dashed")
    return Discipline(row.code, row.title, row.lines, status, "is-now" if is_now else "")


def rows_of(found: EightD, now: datetime) -> list[_Row]:
    missing = set(found.missing)
    return [
        _Row("D0", _("First reaction"), _reaction(found.d0_first_reaction), is_done=True),
        _Row("D1", _("Team"), _team(found), "D1" not in missing, _("No areas yet")),
        _Row("D2", _("Problem"), [found.d2_problem], is_done=True),
        _Row("D3", _("Containment"), _containment(found), "D3" not in missing, _("Nothing noted")),
        _Row("D4", _("Root cause and escape point"), _roots(found), "D4" not in missing, _lacking(found)),
        _Row("D5", _("Solution chosen"), _chosen(found), "D5" not in missing, _("No action yet")),
        _Row("D6", _("Put in place and checked"), _done(found, now), "D6" not in missing, _next(found, now)),
        _Row(
            "D7",
            _("So that it cannot happen again"),
            _prevented(found),
            "D7" not in missing,
            _("No line yet"),
        ),
        _Row("D8", _("Closing, and thanks to the team"), _closing(found, now), "D8" not in missing),
    ]


def _reaction(cases: list[Case]) -> list[str]:
    """Per case: how severe, and how soon the customer knew that we had it."""
    acknowledged = dict(
        CaseStage.objects.filter(case__in=cases, stage=Stage.ACKNOWLEDGED, run=1).values_list(
            "case_id", "reached_at"
        )
    )
    return [_first_moments(case, acknowledged.get(case.pk), several=len(cases) > 1) for case in cases]


def _first_moments(case: Case, acknowledged: datetime | None, *, several: bool) -> str:
    said = _("Severity %(severity)s.") % {"severity": case.get_severity_display().lower()}
    if acknowledged is not None:
        length = said_length(max((acknowledged - case.received_at).total_seconds(), 0))
        said += " " + _("Acknowledged %(length)s after it was received.") % {"length": length}
    elif not case.customer_knows:
        said += " " + _("We saw it before the customer did.")
    return f"{case.code}, {case.thread.customer.name}: {said}" if several else said


def _team(found: EightD) -> list[str]:
    who = _("%(who)s facilitates") % {"who": found.analysis.owner.name}
    areas = joined([area.name for area in found.d1_team])
    return [f"{areas}. {who}." if areas else f"{who}."]


def _containment(found: EightD) -> list[str]:
    return [case.containment for case in found.d3_containment] or [
        _("Nothing was needed, or nobody has noted it on the case.")
    ]


def _roots(found: EightD) -> list[str]:
    lines = [_root(root) for root in found.d4_roots]
    if found.d4_lost_at is not None:
        lines.append(_("It got lost in %(place)s.") % {"place": place_in_sentence(found.analysis)})
    if found.d4_escaped_at is not None:
        lines.append(_("It could have been seen in «%(step)s».") % {"step": found.d4_escaped_at.name})
    return lines or [_("Not found yet.")]


def _root(root: Root) -> str:
    facts = {"letter": root.branch, "answer": " ".join(_ended(why.text) for why in root.roots)}
    if root.is_proven:
        return _("Branch %(letter)s: %(answer)s") % facts
    last = root.whys[-1].text if root.whys else ""
    return _("Branch %(letter)s: %(answer)s One more why is missing.") % {**facts, "answer": _ended(last)}


def _ended(sentence: str) -> str:
    return sentence if not sentence or sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def _lacking(found: EightD) -> str:
    open_branches = [root.branch for root in found.d4_roots if not root.is_proven]
    if open_branches:
        said = ngettext(
            "Branch %(letters)s is missing", "Branches %(letters)s are missing", len(open_branches)
        )
        return said % {"letters": joined(open_branches)}
    return _("The place is missing") if found.d4_lost_at is None else _("The whys are missing")


def _chosen(found: EightD) -> list[str]:
    return [_ended(action.text) for action in found.d5_chosen] or [_("Not chosen yet.")]


def _done(found: EightD, now: datetime) -> list[str]:
    lines = [_how_it_stands(action, now) for action in found.d5_chosen]
    return lines or [_("Nothing to put in place yet.")]


def _how_it_stands(action: CorrectiveAction, now: datetime) -> str:
    facts = {
        "what": _ended(action.text),
        "criterion": _ended(action.criterion),
        "done": said_on(action.done_at, now) if action.done_at else "",
        "due": said_on(action.due_at, now),
        "n": action.exposures or 0,
        "count": action.recurrences or 0,
    }
    if action.state == State.EFFECTIVE:
        return _("%(what)s Judged to work: it came back %(count)d times in %(n)d uses.") % facts
    if action.done_at is not None and action.state != State.OPEN:
        return _("%(what)s Done %(done)s; being watched. It works if: %(criterion)s") % facts
    return _("%(what)s To be done %(due)s.") % facts


def _next(found: EightD, now: datetime) -> str:
    open_ones = [action.due_at for action in found.d5_chosen if action.state == State.OPEN]
    return said_on(min(open_ones), now) if open_ones else ""


def _prevented(found: EightD) -> list[str]:
    lessons: Iterable[str] = (
        _("New line in «%(process)s»: %(text)s")
        % {"process": lesson.template.name, "text": _ended(lesson.text)}
        for lesson in found.d7_lessons
    )
    return [*lessons, *(_ended(action.text) for action in found.d7_prevented)] or [_("Nothing yet.")]


def _closing(found: EightD, now: datetime) -> list[str]:
    if found.d8_closed_at is not None:
        return [_("Closed %(when)s.") % {"when": said_on(found.d8_closed_at, now)}]
    return [_("When the customer accepts, and every action has come through its watch.")]
