"""Why a table is no log, in one sentence that says what to bring."""

from __future__ import annotations

import pyarrow as pa

from hilo.insight.mapping.looking import Kind
from hilo.insight.raw import RawTable, Role, Unreadable
from hilo.insight.speaking import Listed, _

_MOMENTS = (Role.TIME, Role.START, Role.DUE)


def files_of(raw: RawTable) -> Listed:
    return Listed(tuple(file.name for file in raw.files) or ("?",), 3)


def unless_it_may_be_a_log(raw: RawTable) -> None:
    """Refuse what has no rows, or a single column."""
    if not raw.data.num_rows:
        raise Unreadable(
            _("%(files)s has no rows. Bring an export in which each row is a step.", files=files_of(raw))
        )
    if raw.data.num_columns == 1:
        raise Unreadable(
            _(
                "%(files)s has a single column, “%(column)s”. A log needs at least three: the case, what was"
                " done and when. If there are more in it, the separator may be an unusual one.",
                files=files_of(raw),
                column=raw.data.column_names[0],
            )
        )


def of_the_wrong_kind(raw: RawTable, role: Role, column: str, kind: Kind) -> None:
    """Refuse a column that was named for a role it cannot have."""
    if kind is Kind.NOTHING:
        raise Unreadable(
            _("The column “%(column)s” is empty: it cannot be --%(role)s.", column=column, role=str(role))
        )
    if role in _MOMENTS and kind is not Kind.MOMENT:
        raise Unreadable(
            _(
                "The column “%(column)s” holds no dates, but for example “%(example)s”: it cannot be"
                " --%(role)s.",
                column=column,
                role=str(role),
                example=_example(raw, column),
            )
        )
    if role is Role.AMOUNT and (kind is Kind.MOMENT or not _is_number(raw, column)):
        raise Unreadable(
            _(
                "The column “%(column)s” holds no numbers, but for example “%(example)s”: it cannot be"
                " --%(role)s.",
                column=column,
                role=str(role),
                example=_example(raw, column),
            )
        )


def _is_number(raw: RawTable, column: str) -> bool:
    kind = raw.data[column].type
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _example(raw: RawTable, column: str) -> str:
    return str(next((one for one in raw.data[column].to_pylist() if one is not None), ""))[:40]


def without_times(raw: RawTable) -> Unreadable:
    return Unreadable(
        _(
            "%(files)s is not a log: it has no column of dates, so nothing can be put in order. Bring the"
            " export that says when each step was done.",
            files=files_of(raw),
        )
    )


def without_case(raw: RawTable) -> Unreadable:
    return Unreadable(
        _(
            "%(files)s does not show which rows belong together: no column looks like the number of an order,"
            " a ticket or a case. If one is, name it with --case; the columns are %(columns)s.",
            files=files_of(raw),
            columns=Listed(tuple(raw.data.column_names), 12),
        )
    )


def without_activity(raw: RawTable, case: str, moment: str) -> Unreadable:
    return Unreadable(
        _(
            "%(files)s is not a log: it has a case (“%(case)s”) and a date (“%(moment)s”), but no column says"
            " what was done. Bring the history of changes, or a table with two or more dates for each case;"
            " if a column does say it, name it with --activity.",
            files=files_of(raw),
            case=case,
            moment=moment,
        )
    )
