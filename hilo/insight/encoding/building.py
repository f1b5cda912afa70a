"""The story of an encoding: what is usable, when it was, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hilo.insight.encoding.clocks import from_wall, plausible
from hilo.insight.encoding.labels import MISSING, codes_of
from hilo.insight.encoding.pairs import Paired, paired, phases_of
from hilo.insight.encoding.segments import segments_of
from hilo.insight.log import NO_TIME, Codes, EventLog, Ints, Micros
from hilo.insight.mapping import words
from hilo.insight.mapping.asked import closest
from hilo.insight.mapping.looking import micros
from hilo.insight.mapping.refusing import files_of
from hilo.insight.raw import RawTable, ReadFile, Role, Unreadable
from hilo.insight.speaking import Said, _, ngettext

type Places = NDArray[np.int64]
type Mask = NDArray[np.bool_]

_SPAIN, _NOWHERE = "Europe/Madrid", "UTC"
_HEADED = ("csv", "xlsx")  # formats whose first line names the columns


@dataclass
class Building:
    raw: RawTable
    columns: Mapping[Role, str]
    said_zone: str | None
    notes: list[Said] = field(default_factory=list)

    def log(self) -> EventLog:
        self.zone = self._zone()
        case, activity = self.labels(Role.CASE, missing=("",)), self.labels(Role.ACTIVITY, missing=("",))
        assert case is not None and activity is not None  # a guess without them is refused
        start, time = self.moments(Role.START), self.moments(Role.TIME)
        assert time is not None
        time, start = self._ended_or_begun(time, start)
        rows = self._usable(case, activity, time)
        case = _without_unused(case, rows)
        activity, detail, rows, joined = self._lifecycle(case, activity, time, rows)
        if joined is not None:
            start = np.full(len(time), NO_TIME)
            start[rows] = joined.start
        rows = (
            _order(case.codes, time) if len(rows) == len(time) else rows[_order(case.codes[rows], time[rows])]
        )
        if start is not None:
            start = self._starts(start[rows], time[rows])
        return self._assembled(case, activity, detail, time[rows], start, rows)

    # Columns -----------------------------------------------------------------------------------------------

    def labels(self, role: Role, *, missing: tuple[str, ...] = MISSING) -> Codes | None:
        column = self.columns.get(role)
        return codes_of(self.raw.data[column], missing=missing) if column else None

    def moments(self, role: Role) -> Micros | None:
        """As instants, ``NO_TIME`` where there is none that can be."""
        column = self.columns.get(role)
        if not column:
            return None
        values = self.raw.data[column]
        said = micros(values)
        good = plausible(said)
        if role is Role.TIME:
            self.implausible = ~good & (said != NO_TIME)
            self._say_implausible(column)
        said = said if good.all() else np.where(good, said, NO_TIME)
        return said if values.type.tz else self._from_wall(said, role)

    def amounts(self, rows: Places) -> NDArray[np.float64] | None:
        column = self.columns.get(Role.AMOUNT)
        if not column:
            return None
        values = self.raw.data[column].cast(pa.float64()).fill_null(float("nan"))
        found: NDArray[np.float64] = values.to_numpy()[rows]
        return found

    # When --------------------------------------------------------------------------------------------------

    def _zone(self) -> str:
        if not self.said_zone:
            return _SPAIN if words.sounds_spanish(self.raw.data.column_names) else _NOWHERE
        from zoneinfo import ZoneInfo, available_timezones

        if self.said_zone not in available_timezones():
            near = closest(self.said_zone, sorted(available_timezones()), 3)
            raise Unreadable(
                _(
                    "There is no time zone “%(zone)s”. Did you mean %(near)s?",
                    zone=self.said_zone,
                    near=near[0],
                )
            )
        return ZoneInfo(self.said_zone).key

    def _from_wall(self, said: Micros, role: Role) -> Micros:
        instants = from_wall(said, self.zone)
        if role is Role.TIME:
            self.notes.append(
                _("The times say no zone: they are taken as those of %(zone)s.", zone=self.zone)
            )
            self._say_clock_changes(instants.repeated, instants.skipped)
        return instants.at

    def _say_clock_changes(self, repeated: Mask, skipped: Mask) -> None:
        if n := int(repeated.sum()):
            self.notes.append(
                ngettext(
                    "%(n)s event falls in the hour that the clock shows twice in autumn: its place among"
                    " others of that night is uncertain.",
                    "%(n)s events fall in the hour that the clock shows twice in autumn: their place among"
                    " others of that night is uncertain.",
                    n=n,
                )
            )
        if n := int(skipped.sum()):
            self.notes.append(
                ngettext(
                    "%(n)s event stands at a time of a spring night that no clock of %(zone)s showed: the"
                    " times may be of another zone.",
                    "%(n)s events stand at a time of a spring night that no clock of %(zone)s showed: the"
                    " times may be of another zone.",
                    n=n,
                    zone=self.zone,
                )
            )

    def _say_implausible(self, column: str) -> None:
        odd = np.flatnonzero(self.implausible)
        if len(odd):
            file, row = self.place(int(odd[0]))
            self.notes.append(
                ngettext(
                    "%(n)s date of “%(column)s” cannot be (before 1900, after 2199, or a stand-in for none):"
                    " the event is left out. It is in row %(row)s of %(file)s.",
                    "%(n)s dates of “%(column)s” cannot be (before 1900, after 2199, or a stand-in for none):"
                    " the events are left out. The first is in row %(row)s of %(file)s.",
                    n=len(odd),
                    column=column,
                    row=str(row),
                    file=file,
                )
            )

    def _ended_or_begun(self, time: Micros, start: Micros | None) -> tuple[Micros, Micros | None]:
        """Work that began and has no end is an event at its beginning."""
        if start is None:
            return time, None
        begun = (time == NO_TIME) & (start != NO_TIME)
        if not begun.any():
            return time, start
        self.notes.append(
            ngettext(
                "%(n)s event has a start and no end: it counts at its start.",
                "%(n)s events have a start and no end: they count at their start.",
                n=int(begun.sum()),
            )
        )
        return np.where(begun, start, time), np.where(begun, NO_TIME, start)

    def _starts(self, start: Micros, time: Micros) -> Micros:
        late = (start != NO_TIME) & (start > time)
        if n := int(late.sum()):
            self.notes.append(
                ngettext(
                    "%(n)s event starts after it ends: its start is not used.",
                    "%(n)s events start after they end: their starts are not used.",
                    n=n,
                )
            )
        return np.where(late, NO_TIME, start)

    # What is usable ----------------------------------------------------------------------------------------

    def _usable(self, case: Codes, activity: Codes, time: Micros) -> Places:
        lacking = {
            Role.CASE: case.codes < 0,
            Role.ACTIVITY: activity.codes < 0,
            Role.TIME: time == NO_TIME,
        }
        self._say_lacking(Role.CASE, lacking[Role.CASE])
        self._say_lacking(Role.ACTIVITY, lacking[Role.ACTIVITY])
        self._say_lacking(Role.TIME, lacking[Role.TIME] & ~self.implausible)
        rows = np.flatnonzero(~(lacking[Role.CASE] | lacking[Role.ACTIVITY] | lacking[Role.TIME]))
        if not len(rows):
            raise Unreadable(
                _(
                    "No row of %(files)s has a case (“%(case)s”), an activity (“%(activity)s”) and a time"
                    " (“%(time)s”) at once. Perhaps these are not the right columns: name them.",
                    files=files_of(self.raw),
                    case=self.columns[Role.CASE],
                    activity=self.columns[Role.ACTIVITY],
                    time=self.columns[Role.TIME],
                )
            )
        self._refuse_one_moment(time[rows] if len(rows) < len(time) else time)
        return rows

    def _refuse_one_moment(self, time: Micros) -> None:
        if len(time) > 1 and int(time.min()) == int(time.max()):
            raise Unreadable(
                _(
                    "All %(n)s rows of %(files)s have the same time in “%(column)s”: what came first"
                    " cannot be told. Bring an export with the time of each step, or name the right column"
                    " with --time.",
                    n=len(time),
                    files=files_of(self.raw),
                    column=self.columns[Role.TIME],
                )
            )

    def _say_lacking(self, role: Role, lacking: Mask) -> None:
        if n := int(lacking.sum()):
            file, row = self.place(int(np.argmax(lacking)))
            self.notes.append(
                ngettext(
                    "%(n)s row is left out because “%(column)s” is empty: row %(row)s of %(file)s.",
                    "%(n)s rows are left out because “%(column)s” is empty: the first is row %(row)s of"
                    " %(file)s.",
                    n=n,
                    column=self.columns[role],
                    row=str(row),
                    file=file,
                )
            )

    def place(self, row: int) -> tuple[str, int]:
        """The file of a row of the table, and its place there as a spreadsheet would number it."""
        inside = [file for file in self.raw.files if file.first <= row < file.first + file.rows]
        file = inside[0] if inside else ReadFile("?", "", 0)
        return file.name, row - file.first + (2 if file.format in _HEADED else 1)

    # Starts and completions --------------------------------------------------------------------------------

    def _lifecycle(
        self, case: Codes, activity: Codes, time: Micros, rows: Places
    ) -> tuple[Codes, Codes | None, Places, Paired | None]:
        """Pairs become one event; any other lifecycle says finer what is going on."""
        lifecycle = self.labels(Role.LIFECYCLE)
        if lifecycle is None:
            return activity, None, rows, None
        some = Codes(lifecycle.codes[rows], lifecycle.names)
        person = self.labels(Role.PERSON)
        found = paired(
            case.codes[rows],
            Codes(activity.codes[rows], activity.names),
            Codes(person.codes[rows], person.names) if person else None,
            time[rows],
            some,
        )
        if found is None:
            return activity, lifecycle if some.codes.min() < some.codes.max() else None, rows, None
        self.notes.append(
            ngettext(
                "Starts and completions stood in rows of their own: %(n)s pair of them is one event each.",
                "Starts and completions stood in rows of their own: %(n)s pairs of them are one event each.",
                n=found.joined,
            )
        )
        return _with_other_phases(activity, lifecycle), None, rows[found.kept], found

    # The log -----------------------------------------------------------------------------------------------

    def _assembled(
        self,
        case: Codes,
        activity: Codes,
        detail: Codes | None,
        time: Micros,
        start: Micros | None,
        rows: Places,
    ) -> EventLog:
        cases = case.codes[rows]
        same_case = cases[1:] == cases[:-1]
        due = self.moments(Role.DUE)
        people = {role: self._at(self.labels(role), rows) for role in _UNITS}
        beside = {
            str(role): codes for role, codes in people.items() if codes is not None and role in _STAYING
        }
        return EventLog(
            case=cases,
            case_names=case.names,
            first=np.r_[0, np.flatnonzero(~same_case) + 1, len(cases)].astype(np.int64),
            activity=Codes(activity.codes[rows], activity.names),
            time=time,
            row=rows,
            start=start if start is not None and bool((start != NO_TIME).any()) else None,
            person=people[Role.PERSON],
            area=people[Role.AREA],
            site=people[Role.SITE],
            customer=people[Role.CUSTOMER],
            due=due[rows] if due is not None else None,
            amount=self.amounts(rows),
            segments=segments_of(self.raw, set(self.columns.values()), rows, same_case, beside),
            detail=self._at(detail, rows),
            zone=self.zone,
            notes=tuple(self.notes),
        )

    def _at(self, codes: Codes | None, rows: Places) -> Codes | None:
        return Codes(codes.codes[rows], codes.names) if codes is not None else None


_UNITS = (Role.PERSON, Role.AREA, Role.SITE, Role.CUSTOMER)
_STAYING = (Role.SITE, Role.CUSTOMER, Role.AREA)


def _without_unused(case: Codes, rows: Places) -> Codes:
    """Cases are numbered by first appearance among the rows that are used."""
    if len(rows) == len(case):
        return case
    present = case.codes[rows]
    unique, first = np.unique(present, return_index=True)
    old = unique[np.argsort(first)]
    new = np.full(len(case.names), -1, np.int32)
    new[old] = np.arange(len(old), dtype=np.int32)
    return Codes(np.append(new, np.int32(-1))[case.codes], [case.names[place] for place in old])


def _with_other_phases(activity: Codes, lifecycle: Codes) -> Codes:
    """A suspension or a schedule of an activity is something else than doing it."""
    starts, completes = phases_of(lifecycle)
    other = (lifecycle.codes >= 0) & ~np.isin(lifecycle.codes, np.r_[starts, completes])
    if not other.any():
        return activity
    width = len(lifecycle.names)
    pairs = activity.codes[other].astype(np.int64) * width + lifecycle.codes[other]
    unique, inverse = np.unique(pairs, return_inverse=True)
    codes = activity.codes.copy()
    codes[other] = len(activity.names) + inverse
    names = [f"{activity.names[pair // width]} ({lifecycle.names[pair % width]})" for pair in unique]
    return Codes(codes, [*activity.names, *names])


def _order(case: Ints, time: Micros) -> Places:
    """Stable by case, then time: file order decides between equals."""
    later = (case[1:] > case[:-1]) | ((case[1:] == case[:-1]) & (time[1:] >= time[:-1]))
    if bool(later.all()):
        return np.arange(len(case))
    if bool((time[1:] >= time[:-1]).all()):
        return _stably(case)
    by_time = np.argsort(time, kind="stable")
    return by_time[_stably(case[by_time])]


def _stably(codes: Ints) -> Places:
    """``np.argsort(codes, kind="stable")`` in a fifth of its time: each code and its place are one number,
    and those numpy sorts with vector instructions."""
    pairs = codes.astype(np.int64) << np.int64(32)
    pairs |= np.arange(len(codes))
    pairs.sort()
    pairs &= np.int64(0xFFFF_FFFF)
    return pairs
