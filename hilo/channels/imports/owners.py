"""Whose a thread is: the person here whom the other system names, or whoever the import says."""

from __future__ import annotations

from hilo.channels.imports.cleaning import fold
from hilo.parties.models import Person


class Owners:
    """By e-mail address, else by a name that only one person here has."""

    def __init__(self, otherwise: Person) -> None:
        self.otherwise = otherwise
        self._by_word: dict[str, list[Person]] = {}
        for person in Person.objects.filter(is_active=True).order_by("pk"):
            for word in {person.email.casefold(), fold(person.name)}:
                self._by_word.setdefault(word, []).append(person)

    def of(self, reference: str) -> Person:
        return self.known(reference) or self.otherwise

    def known(self, reference: str) -> Person | None:
        said = reference.strip()
        found = self._by_word.get(said.casefold()) or self._by_word.get(fold(said)) or []
        return found[0] if len(found) == 1 else None
