"""What the copies' people and customers are called: every name of the original gets one of its own."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from hilo.demo.multiplying.names import customer_names, people_names, plain
from hilo.demo.multiplying.originals import Originals, Row

HOUSE = "envasa.example"


class Christening:
    def __init__(self, originals: Originals, chance: Random) -> None:
        self._people = [row for row in originals.people.rows if row.type == "person"]
        self._customers = [row for row in originals.customers.rows if row.type == "customer"]
        self._contacts = [row for row in originals.customers.rows if row.type == "contact"]
        self._names_of_customers = customer_names(chance)
        self._names_of_people = people_names(chance)

    def names(self) -> Iterator[str]:
        """What a text of the original may call somebody, or where to write to them."""
        for row in self._customers:
            yield from (_text(row, "name"), _short(_text(row, "name")), _text(row, "website"))
        for row in (*self._people, *self._contacts):
            yield from (_text(row, "name"), _text(row, "email"))

    def people(self) -> dict[str, str]:
        new: dict[str, str] = {}
        for row in self._people:
            name = next(self._names_of_people)
            new[_text(row, "name")] = name
            new[_text(row, "email")] = f"{_mailbox(name)}@{HOUSE}"
        return new

    def customers(self) -> dict[str, str]:
        new: dict[str, str] = {}
        domains: dict[object, str] = {}
        for row in self._customers:
            old, name = _text(row, "name"), next(self._names_of_customers)
            domains[row.values["id"]] = f"{plain(name)}.example"
            new |= {_short(old): _short(name), _text(row, "website"): f"https://{plain(name)}.example"}
            new[old] = name
        for row in self._contacts:
            name = next(self._names_of_people)
            new[_text(row, "name")] = name
            new[_text(row, "email")] = f"{_mailbox(name)}@{domains[row.values['customer_id']]}"
        return new


def _text(row: Row, column: str) -> str:
    return str(row.values[column] or "")


def _short(name: str) -> str:
    """As one says it: "Sierra Clara" for "Aguas Sierra Clara"; the whole where that would be "del Ebro"."""
    rest = name.partition(" ")[2]
    return rest if rest[:1].isupper() and not rest.startswith("La ") else name


def _mailbox(name: str) -> str:
    return ".".join(plain(word) for word in name.split())
