"""Calendars: which there are and who keeps them, one as a readable year, and every change a new version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hilo.businesstime import CalendarRules, Season, SpecialDay
from hilo.businesstime.calendar import InvalidCalendar
from hilo.businesstime.holidays_seed import special_days
from hilo.errors import RuleViolation, Stale
from hilo.parties.commands.calendars import add_calendar, assign_area_calendar, change_calendar
from hilo.parties.days import local_day
from hilo.parties.models import AreaCalendar, WorkCalendar
from hilo.parties.permissions import may
from hilo.parties.seeds import seeded_rules
from hilo.web.company.calendar_words import (
    HAND,
    day_and_month,
    hours_in,
    refused,
    said_day_and_month,
    said_hours,
)
from hilo.web.company.calendar_year import (
    FIRST_YEAR,
    LAST_YEAR,
    months_of,
    specials_of,
    timetables_of,
    total_of,
)
from hilo.web.company.forms import (
    WEEKDAYS,
    AssignForm,
    HolidaysForm,
    NewCalendar,
    RemoveDay,
    RemoveSeason,
    SeasonForm,
    SpecialDayForm,
)
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import done, run_command
from hilo.web.people.fetching import LARGEST_ID
from hilo.web.people.form_page import FormPage, answer_form, show_form

type Change = Callable[[CalendarRules], CalendarRules]


def calendar_at(request: HttpRequest, pk: int) -> WorkCalendar:
    rows = (
        WorkCalendar.objects.all() if may(actor_of(request), "company.see") else WorkCalendar.objects.none()
    )
    found = rows.filter(pk=min(pk, LARGEST_ID)).first()
    if found is None:
        raise Http404
    return found


def rules_of(calendar: WorkCalendar) -> CalendarRules:
    newest = calendar.versions.order_by("-number")[0]
    return CalendarRules.from_dict(newest.rules)


def url_of(calendar: WorkCalendar) -> str:
    return reverse("web:calendar", args=[calendar.pk])


@require_safe
def calendars(request: HttpRequest) -> HttpResponse:
    rows = WorkCalendar.objects.prefetch_related("delegations", "areas__area", "areas__delegation")
    shown = [
        {"calendar": each, "timetables": timetables_of(rules_of(each))} for each in rows.order_by("name")
    ]
    facts = {"calendars": shown, "may_change": may(actor_of(request), "company.manage")}
    return render(request, "web_company/calendars.html", facts)


@require_safe
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    found = calendar_at(request, pk)
    rules = rules_of(found)
    today = local_day(now_of(request), rules.zone)
    year = _year(request, today)
    newest = found.versions.select_related("created_by").order_by("-number")[0]
    facts = {
        "calendar": found,
        "newest": newest,
        "zone": rules.zone,
        "year": year,
        "earlier": year - 1 if year > FIRST_YEAR else None,
        "later": year + 1 if year < LAST_YEAR else None,
        "months": months_of(rules, year, today),
        "specials": specials_of(rules, year),
        "timetables": timetables_of(rules),
        "total": total_of(rules, year),
        "has_seasons": len(rules.seasons) > 1,
        "delegations": found.delegations.all(),
        "areas": AreaCalendar.objects.filter(calendar=found).select_related("area", "delegation"),
        "may_change": may(actor_of(request), "company.manage"),
    }
    return render(request, "web_company/calendar.html", facts)


def _year(request: HttpRequest, today: date) -> int:
    text = request.GET.get("year", "")
    asked = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else today.year
    return min(max(asked, FIRST_YEAR), LAST_YEAR)


def new_calendar(request: HttpRequest) -> HttpResponse:
    page = FormPage(
        title=_("A new calendar"),
        lead=_("It begins with its country's and region's holidays; everything can be changed afterwards."),
        button=_("Add the calendar"),
        back_url=reverse("web:calendars"),
        back=_("Calendars"),
    )
    if request.method != "POST":
        return show_form(request, page, NewCalendar(initial={"country": "ES"}))
    form = NewCalendar(request.POST)
    attempt = run_command(form, lambda given: _add(request, given))
    if isinstance(attempt.result, WorkCalendar):
        return done(request, url_of(attempt.result), _("The calendar is there."))
    return show_form(request, page, form, attempt)


def _add(request: HttpRequest, given: dict[str, Any]) -> WorkCalendar:
    hours = [str(window) for window in hours_in(given["hours"], field="hours")]
    try:
        rules = seeded_rules(
            zone=given["zone"],
            country=given["country"],
            region=given["region"] if given["country"] == "ES" else "",
            first_year=now_of(request).year,
            hours=hours,
        )
    except InvalidCalendar as fault:
        raise refused(fault, "zone" if fault.code == "zone" else "hours") from None
    return add_calendar(name=given["name"], rules=rules, by=actor_of(request), now=now_of(request))


# Changing the rules --------------------------------------------------------------------------------------


def _edit(request: HttpRequest, calendar: WorkCalendar, seen: int, change: Change) -> None:
    """New rules from those that stand; somebody else's change in between makes ``seen`` stale."""
    if seen != calendar.version:
        raise Stale(_("Somebody changed this calendar meanwhile. Look at it and do it again."))
    try:
        rules = change(rules_of(calendar))
    except InvalidCalendar as fault:
        raise refused(fault) from None
    change_calendar(calendar, rules=rules, seen=seen, by=actor_of(request), now=now_of(request))


def _page(calendar: WorkCalendar, title: str, button: str, template: str = "") -> FormPage:
    return FormPage(
        title=title,
        button=button,
        back_url=url_of(calendar),
        back=calendar.name,
        subject=calendar,
        kind="calendar",
        template=template or "web_people/form_page.html",
    )


def season(request: HttpRequest, pk: int) -> HttpResponse:
    """``?season=2`` changes one that is there; without it a new one is added, which wins over the others."""
    found = calendar_at(request, pk)
    rules = rules_of(found)
    index = _asked_season(request, rules)
    is_whole_year = index == 0
    title = _("Hours of %(calendar)s") if index is not None else _("Another timetable for %(calendar)s")
    page = _page(found, title % {"calendar": found.name}, _("Save the hours"), "web_company/season.html")
    if request.method != "POST":
        shown = _season_shown(rules.seasons[index] if index is not None else rules.seasons[0], index is None)
        form = SeasonForm(initial=shown, seen=found.version, is_whole_year=is_whole_year)
        return show_form(request, page, form)

    def change(given: dict[str, Any]) -> None:
        made = _season(given, rules.seasons[0] if is_whole_year else None)
        _edit(request, found, given["seen"], lambda now: replace(now, seasons=_with(now, index, made)))

    form = SeasonForm(request.POST, is_whole_year=is_whole_year)
    said = _("The new hours hold for every deadline computed from now on.")
    return answer_form(request, page, form, change, then=url_of(found), said=said)


def _asked_season(request: HttpRequest, rules: CalendarRules) -> int | None:
    text = request.GET.get("season", "")
    known = text.isascii() and text.isdecimal() and len(text) < 4 and int(text) < len(rules.seasons)
    return int(text) if known else None


def _season_shown(season: Season, is_new: bool) -> dict[str, object]:
    shown: dict[str, object] = {
        name: said_hours(windows) for name, windows in zip(WEEKDAYS, season.week, strict=True)
    }
    if is_new:
        return {**shown, "name": _("Summer"), "first": "15/06", "last": "15/09"}
    first, last = said_day_and_month(season.first), said_day_and_month(season.last)
    return {**shown, "name": season.name, "first": first, "last": last}


def _season(given: dict[str, Any], whole_year: Season | None) -> Season:
    week = tuple(hours_in(given[name], field=name) for name in WEEKDAYS)
    if whole_year is not None:
        return Season.whole_year(given["name"], week)
    first, last = day_and_month(given["first"], field="first"), day_and_month(given["last"], field="last")
    return Season(given["name"], first, last, week)


def _with(rules: CalendarRules, index: int | None, made: Season) -> tuple[Season, ...]:
    if index is None:
        return (*rules.seasons, made)
    return tuple(made if place == index else each for place, each in enumerate(rules.seasons))


@require_POST
def season_removed(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = calendar_at(request, pk), RemoveSeason(request.POST)
    if not form.is_valid():
        raise RuleViolation(_("The timetable of the whole year stays. Change its hours instead."))
    index = form.cleaned_data["index"]
    _edit(
        request,
        found,
        form.cleaned_data["seen"],
        lambda now: replace(now, seasons=tuple(s for place, s in enumerate(now.seasons) if place != index)),
    )
    return done(request, url_of(found), _("Removed. Those days keep the ordinary timetable."))


def special_day(request: HttpRequest, pk: int) -> HttpResponse:
    found = calendar_at(request, pk)
    title = _("A holiday or a half day in %(calendar)s") % {"calendar": found.name}
    page = _page(found, title, _("Add the day"))
    if request.method != "POST":
        return show_form(request, page, SpecialDayForm(seen=found.version))

    def change(given: dict[str, Any]) -> None:
        windows = hours_in(given["hours"], field="hours")
        made = SpecialDay(given["date"], windows, given["name"].strip(), HAND)
        _edit(request, found, given["seen"], lambda now: replace(now, days=_with_day(now, made)))

    form = SpecialDayForm(request.POST)
    year = form.data.get("date", "")[:4]
    then = f"{url_of(found)}?year={year}" if year.isdecimal() else url_of(found)
    return answer_form(request, page, form, change, then=then, said=_("The day is in the calendar."))


def _with_day(rules: CalendarRules, made: SpecialDay) -> tuple[SpecialDay, ...]:
    others = [day for day in rules.days if day.date != made.date]
    return tuple(sorted([*others, made], key=lambda each: each.date))


@require_POST
def day_removed(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = calendar_at(request, pk), RemoveDay(request.POST)
    if not form.is_valid():
        raise RuleViolation(_("Write a date that exists."))
    day: date = form.cleaned_data["date"]
    _edit(
        request,
        found,
        form.cleaned_data["seen"],
        lambda now: replace(now, days=tuple(each for each in now.days if each.date != day)),
    )
    return done(request, f"{url_of(found)}?year={day.year}", _("Removed: that day is like any other again."))


def holidays(request: HttpRequest, pk: int) -> HttpResponse:
    """A further year's holidays of a country and region; days that are there already stay as they are."""
    found = calendar_at(request, pk)
    page = _page(
        found, _("Holidays of a year for %(calendar)s") % {"calendar": found.name}, _("Bring them in")
    )
    if request.method != "POST":
        last = max((day.date.year for day in rules_of(found).days), default=now_of(request).year - 1)
        return show_form(
            request, page, HolidaysForm(initial={"country": "ES", "year": last + 1}, seen=found.version)
        )

    def change(given: dict[str, Any]) -> None:
        known = _holidays(given)
        _edit(request, found, given["seen"], lambda now: replace(now, days=_merged(now, known)))

    form = HolidaysForm(request.POST)
    year = form.data.get("year", "")
    then = f"{url_of(found)}?year={year}" if year.isdecimal() else url_of(found)
    return answer_form(request, page, form, change, then=then, said=_("The holidays are in the calendar."))


def _holidays(given: dict[str, Any]) -> tuple[SpecialDay, ...]:
    region = given["region"] if given["country"] == "ES" else ""
    try:
        return special_days(given["country"], region or None, [given["year"]])
    except ValueError:
        sentence = _("No holidays are known for that region. Leave it empty, and add them by hand.")
        raise RuleViolation(sentence, field="region") from None


def _merged(rules: CalendarRules, known: tuple[SpecialDay, ...]) -> tuple[SpecialDay, ...]:
    days = {day.date: day for day in known} | {day.date: day for day in rules.days}
    return tuple(days[day] for day in sorted(days))


def assign(request: HttpRequest, pk: int) -> HttpResponse:
    found, actor, now = calendar_at(request, pk), actor_of(request), now_of(request)
    page = _page(found, _("An area with hours of its own"), _("Save"))
    if request.method != "POST":
        return show_form(
            request, page, AssignForm(initial={"calendar": found}, seen=found.version, actor=actor)
        )

    def hang(given: dict[str, Any]) -> None:
        facts = {name: value for name, value in given.items() if name != "seen"}
        assign_area_calendar(**facts, by=actor, now=now)

    form = AssignForm(request.POST, actor=actor)
    return answer_form(request, page, form, hang, then=url_of(found), said=_("Saved."))
