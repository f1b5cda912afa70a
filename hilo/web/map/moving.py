"""Trying a date of the plan out, seeing what follows, and saving it: nothing moves before it was seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hilo.businesstime import NoWorkingTime, WorkingTime
from hilo.errors import NotAllowed, RuleViolation
from hilo.web.base.hours import said_long_day
from hilo.web.base.words import Stale
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.fields import DayInput, DayOrMomentField, MomentField, SeenForm
from hilo.web.doing.submitting import done, look_again, run_command
from hilo.web.map.consequences import Consequences, consequences_of
from hilo.web.map.page import Board, rendered
from hilo.web.threads.acting import visible_thread
from hilo.web.threads.forms import AskedField, OptionalField, said_with_role
from hilo.work.access import require_on
from hilo.work.commands.promised_dates import Telling
from hilo.work.commands.replanning import FURTHEST_YEARS, replan_step, said_obstacle, undo_replan
from hilo.work.models import PlanMove, Promise, StepRun, Thread, Update
from hilo.work.planned import Foresight
from hilo.work.planning import Edge, dues, may_begin
from hilo.work.queries.map_page import MapPage, map_page

_FURTHEST = 40  # working days in one go


@dataclass(frozen=True, slots=True)
class Asked:
    """Which end of a step goes where; ``to`` is None while nobody said."""

    run: StepRun
    edge: Edge
    to: datetime | None


class TryForm(forms.Form):
    """What is tried out: it stands in the address, so that the page can be shown to somebody else."""

    edge = forms.ChoiceField(
        label=gettext_lazy("What moves"),
        choices=[(Edge.END.value, gettext_lazy("Its end")), (Edge.START.value, gettext_lazy("Its start"))],
        widget=forms.RadioSelect,
    )
    to = DayOrMomentField(label=gettext_lazy("To"), widget=DayInput())

    def __init__(self, *, edges: tuple[str, ...], initial: dict[str, Any]) -> None:
        super().__init__(auto_id="try_%s", initial=initial, label_suffix="")
        self.use_required_attribute = False
        if "start" not in edges:
            self.fields["edge"].widget = forms.HiddenInput()


class SaveForm(SeenForm):
    """``shown`` binds what is saved to the consequences that stood on the page."""

    edge = forms.ChoiceField(choices=[(each.value, each.value) for each in Edge], widget=forms.HiddenInput)
    to = DayOrMomentField(widget=forms.HiddenInput())
    shown = forms.CharField(max_length=16, widget=forms.HiddenInput)
    reason = AskedField(label=gettext_lazy("Why it moves"), strip=False)
    text = AskedField(
        label=gettext_lazy("What we tell the customer"), widget=forms.Textarea(attrs={"rows": 6}), strip=False
    )
    contacts = forms.TypedMultipleChoiceField(
        label=gettext_lazy("To whom"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose who at the customer is told.")},
    )
    channel = forms.ChoiceField(label=gettext_lazy("How"), choices=Update.Channel.choices)
    next_news_at = MomentField(label=gettext_lazy("They hear from us again"))

    def __init__(self, *args: Any, page: MapPage, foresight: Foresight, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="save_%s", **kwargs)
        people = self.fields["contacts"]
        people.choices = [(one.pk, said_with_role(one)) for one in page.contacts]  # type: ignore[attr-defined]
        if not foresight.late:
            for name in ("text", "contacts", "channel", "next_news_at"):
                del self.fields[name]
        if not foresight.needs_reason:
            self.fields["reason"] = OptionalField(
                label=self.fields["reason"].label, required=False, strip=False
            )


# ---- trying it out --------------------------------------------------------------------------------------


def move_date(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """GET shows what would follow and changes nothing; POST saves it."""
    thread = visible_thread(request, code)
    actor, now = actor_of(request), now_of(request)
    require_on(actor, "thread.work", thread)
    page = map_page(thread, actor, now=now)
    run = next((each for each in page.runs if each.pk == pk), None)
    if run is None:
        raise Http404
    _require_movable(page, run)
    if request.method == "POST":
        return _save(request, page, run)
    asked = _asked(request.GET, page, run)
    return _tried(request, page, asked)


def from_the_step(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The address under which a date moved without its consequences: it leads to where they are seen."""
    thread = visible_thread(request, code)
    require_on(actor_of(request), "thread.work", thread)
    if not StepRun.objects.filter(pk=pk, thread=thread).exists():
        raise Http404
    return redirect("web:map_move", code, pk)


def _require_movable(page: MapPage, run: StepRun) -> None:
    """What is over or on offer is refused by its obstacle, in words of its own."""
    can_move = run.state in (StepRun.State.PLANNED, StepRun.State.RUNNING)
    if page.thread.state == Thread.State.PAUSED:
        raise RuleViolation(_("This thread is paused. Wake it first."))
    if not page.thread.is_open:
        raise RuleViolation(_("This thread is in the archive. Reopen it first, saying why."))
    if can_move and run.pk not in page.movable:
        who = run.holder if run.state == StepRun.State.RUNNING else page.thread.owner
        raise NotAllowed(
            _("%(person)s answers for the date of this step: ask them, or the head of %(area)s.")
            % {"person": who or page.thread.owner, "area": run.area}
        )


def _tried(request: HttpRequest, page: MapPage, asked: Asked) -> HttpResponse:
    foresight = page.foresee(asked.run, edge=asked.edge, to=asked.to) if asked.to else None
    save = None
    if foresight is not None and foresight.obstacle is None:
        initial = _initial(page, foresight, asked)
        save = SaveForm(page=page, foresight=foresight, seen=asked.run.version, initial=initial)
    return rendered(request, page, _board(page, asked, foresight, save))


def _asked(given: Mapping[str, str], page: MapPage, run: StepRun) -> Asked:
    """``to`` is a day (or a moment), ``steps`` so many working days on from it."""
    edge = Edge.START if given.get("edge") == "start" else Edge.END
    field = DayOrMomentField(required=False)
    try:
        to = field.clean(given.get("to", ""))
    except forms.ValidationError:
        to = None
    return Asked(run, edge, _moment(to, given.get("steps", ""), edge, page, run))


def _moment(
    to: date | datetime | None, steps: str, edge: Edge, page: MapPage, run: StepRun
) -> datetime | None:
    clock = page.plan_with(run).clock_of(run.pk)
    count = int(steps) if re.fullmatch(r"-?\d{1,3}", steps, re.ASCII) else 0
    day = to.date() if isinstance(to, datetime) else to
    if day is not None and abs(day.year - page.now.year) > FURTHEST_YEARS:
        return None
    if day is not None and count:
        try:
            to = clock.add_working_days(day, max(min(count, _FURTHEST), -_FURTHEST))
        except NoWorkingTime:
            return None
    return _as_early_as_it_can(moment_of(to, edge, clock), edge, page, run) if to else None


def _as_early_as_it_can(at: datetime, edge: Edge, page: MapPage, run: StepRun) -> datetime:
    """The day on which the step before ends is a day to begin: from then on, not from its opening."""
    plan = page.plan_with(run)
    piece = plan.piece(run.pk)
    free = piece.clock.next_open(
        max(may_begin(piece, dues(plan.pieces), now=page.now), page.now + timedelta(minutes=1))
    )
    zone = ZoneInfo(piece.clock.rules.zone)
    same_day = at.astimezone(zone).date() == free.astimezone(zone).date()
    return free if edge == Edge.START and at < free and same_day else at


def moment_of(to: date | datetime, edge: Edge, clock: WorkingTime) -> datetime:
    """A day means its close of business for an end, its opening for a start; a closed day stays closed."""
    if isinstance(to, datetime):
        return to
    noon = datetime.combine(to, time(12), ZoneInfo(clock.rules.zone)).astimezone(UTC)
    if not clock.rules.is_working_day(to):
        return noon
    if edge == Edge.START:
        return clock.next_open(clock.end_of_day(to - timedelta(days=1)))
    return clock.previous_close(clock.end_of_day(to))


def _initial(page: MapPage, foresight: Foresight, asked: Asked) -> dict[str, Any]:
    assert asked.to is not None
    initial: dict[str, Any] = {
        "edge": asked.edge.value,
        "to": asked.to.astimezone(timezone.get_current_timezone()).strftime("%Y-%m-%dT%H:%M:%S"),
        "shown": foresight.shown,
    }
    if foresight.late:
        initial |= {
            "text": suggested_text(foresight, foresight.late[0], page.thread),
            "contacts": list({promise.contact_id for promise in foresight.late}),
            "channel": Update.Channel.MAIL,
            "next_news_at": page.next_news,
        }
    return initial


def suggested_text(foresight: Foresight, promise: Promise, thread: Thread) -> str:
    """A message to begin from, in the customer's language: the fact with its dates, and whom to call."""
    assert foresight.outcome is not None and foresight.outcome.finish_after is not None
    with translation.override(promise.contact.language or "es"):
        return _(
            "Dear %(contact)s,\n\nWe had promised you “%(promise)s” for %(old)s. We will not make that date: "
            "by our plan of today you will have it on %(new)s. The reason is ours to solve: …\n\n"
            "%(owner)s answers for it and is there for anything you need."
        ) % {
            "contact": promise.contact,
            "promise": promise.text,
            "old": said_long_day(promise.due_at),
            "new": said_long_day(foresight.outcome.finish_after),
            "owner": thread.owner,
        }


def _board(
    page: MapPage, asked: Asked, foresight: Foresight | None, save: SaveForm | None, **more: Any
) -> Board:
    piece = page.plan_with(asked.run).piece(asked.run.pk)
    edges = ("end",) if asked.run.state == StepRun.State.RUNNING or piece.target is None else ("start", "end")
    start = page.plan_with(asked.run).begins(asked.run.pk, now=page.now)
    stands = start if asked.edge == Edge.START else asked.run.due_at
    shown = asked.to or stands
    given = {"edge": asked.edge.value, "to": timezone.localtime(shown).date() if shown else None}
    told: Consequences | None = consequences_of(page, foresight) if foresight else None
    return Board(
        run=asked.run,
        edge=asked.edge.value,
        day=given["to"].isoformat() if given["to"] else "",  # type: ignore[union-attr]
        trying=TryForm(initial=given, edges=edges),
        foresight=foresight,
        consequences=told,
        refused=said_obstacle(foresight) if foresight and foresight.obstacle else "",
        possible=_possible_day(foresight),
        save=save,
        move_url=reverse("web:map_move", args=[page.thread.code, asked.run.pk]),
        **more,
    )


def _possible_day(foresight: Foresight | None) -> str:
    """The day that would do, for a button that takes it."""
    if foresight is None or foresight.obstacle is None or foresight.obstacle.possible is None:
        return ""
    zone = ZoneInfo(foresight.plan.clock_of(foresight.run.pk).rules.zone)
    return foresight.obstacle.possible.astimezone(zone).date().isoformat()


# ---- saving it ------------------------------------------------------------------------------------------


def _save(request: HttpRequest, page: MapPage, run: StepRun) -> HttpResponse:
    asked = _asked(request.POST, page, run)
    if asked.to is None:
        return _tried(request, page, asked)
    foresight = page.foresee(run, edge=asked.edge, to=asked.to)
    form = SaveForm(request.POST, page=page, foresight=foresight)
    actor, now, to = actor_of(request), page.now, asked.to
    attempt = run_command(
        form,
        lambda given: replan_step(
            run,
            edge=asked.edge.value,
            to=to,
            reason=given["reason"],
            telling=_telling(given, page) if foresight.late else None,
            shown=given["shown"],
            seen=given["seen"],
            by=actor,
            now=now,
        ),
    )
    if attempt.done:
        said = _("The date is moved and the customer told.") if foresight.late else _("The date is moved.")
        return done(request, reverse("web:map", args=[page.thread.code]), said)
    notice = None
    if attempt.is_stale:
        page = map_page(page.thread, actor, now=now)  # as it is by now, with what would follow now
        run = next(each for each in page.runs if each.pk == run.pk)
        asked = Asked(run, asked.edge, asked.to)
        foresight = page.foresee(run, edge=asked.edge, to=to)
        notice = Stale(_("somebody"), _("changed the plan"), reverse("web:map", args=[page.thread.code]))
        form = _shown_anew(request, page, foresight, run)
    board = _board(page, asked, foresight, form if foresight.obstacle is None else None, notice=notice)
    return rendered(request, page, board, status=attempt.status)


def _shown_anew(request: HttpRequest, page: MapPage, foresight: Foresight, run: StepRun) -> SaveForm:
    """The same form about today's consequences: who sends it again has seen these."""
    form = SaveForm(request.POST, page=page, foresight=foresight)
    look_again(form, run.version)
    form.data["shown"] = foresight.shown if foresight.obstacle is None else ""  # type: ignore[index]
    if foresight.late and not form.data.get("text"):
        form.data["text"] = suggested_text(foresight, foresight.late[0], page.thread)  # type: ignore[index]
    return form


def _telling(given: dict[str, Any], page: MapPage) -> Telling:
    chosen = set(given["contacts"])
    return Telling(
        text=given["text"],
        contacts=[one for one in page.contacts if one.pk in chosen],
        channel=given["channel"],
        next_news_at=given["next_news_at"],
    )


@require_POST
def undo(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    thread = visible_thread(request, code)
    actor, now = actor_of(request), now_of(request)
    require_on(actor, "thread.work", thread)
    moved = PlanMove.objects.filter(pk=pk, thread=thread).first()
    if moved is None:
        raise Http404
    seen = request.POST.get("seen", "")
    undo_replan(moved, seen=int(seen) if seen.isdecimal() and len(seen) < 9 else 0, by=actor, now=now)
    return done(request, reverse("web:map", args=[code]), _("Every date is as it was before."))
