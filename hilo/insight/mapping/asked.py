"""Columns named by a person: found, or refused with the closest names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hilo.insight.mapping.names import folded
from hilo.insight.raw import Role, Unreadable
from hilo.insight.speaking import Listed, _

NONE = ("", "-")
"""Said of a role that no column has."""


def columns_of(given: Mapping[Role, str], names: Sequence[str]) -> dict[Role, str]:
    """The columns meant, as the file writes them; "" for a role that is said to have none."""
    return {role: "" if said in NONE else column_of(role, said, names) for role, said in given.items()}


def column_of(role: Role, said: str, names: Sequence[str]) -> str:
    if said in names:
        return said
    alike = [name for name in names if folded(name).strip() == folded(said).strip()]
    if len(alike) == 1:
        return alike[0]
    raise Unreadable(
        _(
            "There is no column “%(said)s” to take for --%(role)s. The closest are: %(columns)s.",
            said=said,
            role=str(role),
            columns=Listed(closest(said, names), 5),
        )
    )


def closest(said: str, names: Sequence[str], most: int = 5) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process

    found = process.extract(said, names, scorer=fuzz.WRatio, processor=folded, limit=most)
    return tuple(name for name, _score, _place in found)
