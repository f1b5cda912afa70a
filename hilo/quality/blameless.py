"""Causes are about places in the process: a text that names one of our people is handed back, kindly.

Full names count, those of people who left too; of active people also the first name or a surname alone,
unless it is an ordinary word or stands inside the name of an area, a delegation or the customer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.parties.models import Area, Customer, Delegation, Person
from hilo.quality.models import Analysis
from hilo.quality.ordinary_words import ORDINARY, PARTICLES
from hilo.work.texts import line

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SHORTEST = 3
_OWN_WORD = 4  # letters of a customer's word that may be a surname too
# «Pedro (no) (le) mandó el plano» → «No se mandó el plano»: a verb in the past, third person.
_DID = re.compile(
    r"^(?P<no>no\s+)?(?:(?:les?|l[oa]s?|se)\s+)*(?P<verb>\w+ó)\b(?P<rest>.*)$", re.IGNORECASE | re.DOTALL
)
_MANY = re.compile(r"\s+(?:los|las|unos|unas|sus|estos|estas|esos|esas)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A stretch of the text that names somebody of ours."""

    words: str  # as written
    start: int
    end: int


def impersonal_line(
    text: str, *, field: str, most: int = 300, missing: str = "", customers: Iterable[Customer] = ()
) -> str:
    """One clean line that names nobody of ours, or a refusal that proposes how to say it."""
    plain = line(text, field=field, most=most, missing=missing)
    refuse_names(plain, field=field, customers=customers)
    return plain


def refuse_names(text: str, *, field: str, customers: Iterable[Customer] = ()) -> None:
    named = first_named(text, customers=customers)
    if named is not None:
        raise RuleViolation(_said(text, named), field=field)


def _said(text: str, named: Named) -> str:
    names = {"name": named.words, "proposal": impersonal(text, named).rstrip(".")}
    if names["proposal"]:
        return (
            _(
                "Here we look for the gap in the process, not for the person (“%(name)s”). "
                "Try: “%(proposal)s”."
            )
            % names
        )
    return (
        _(
            "Here we look for the gap in the process, not for the person (“%(name)s”). Say what was "
            "missing at that step: “it was not asked for”, “it got lost”, “nobody could see it”."
        )
        % names
    )


def impersonal(text: str, named: Named) -> str:
    """The same sentence without its doer, where that is plain; else nothing."""
    did = _DID.match(text[named.end :].strip()) if not text[: named.start].strip(" ¿¡«“\"'") else None
    if did is None or first_named(did["rest"]) is not None:
        return ""
    verb = _plural(did["verb"]) if _MANY.match(did["rest"]) else did["verb"]
    return f"{'No se' if did['no'] else 'Se'} {verb}{did['rest']}"


def _plural(verb: str) -> str:
    """«No pidió las muestras» → «No se pidieron las muestras»: what was not asked for is the subject now."""
    if verb.endswith(("ió", "yó")):
        return f"{verb[:-1]}eron"
    return f"{verb[:-1]}aron"


def first_named(text: str, *, customers: Iterable[Customer] = ()) -> Named | None:
    """The first of our people whom the text names."""
    words = [(fold(found.group()), found.start(), found.end()) for found in _WORD.finditer(text)]
    said = {word for word, _start, _end in words}
    people = [person for person in _people() if said & set(person.words)]
    if not people:
        return None
    masked = _masked([word for word, _start, _end in words], list(customers), said)
    for place, (_word, start, end) in enumerate(words):
        length = max((person.named_at(words, place, masked) for person in people), default=0)
        if length:
            end = words[place + length - 1][2]
            return Named(text[start:end], start, end)
    return None


def fold(text: str) -> str:
    """Without accents and case: Ibáñez and IBANEZ are one name."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


@dataclass(frozen=True, slots=True)
class _Ours:
    words: tuple[str, ...]  # of the name, without "de la"
    particles: frozenset[str]
    is_active: bool

    def named_at(self, words: Sequence[tuple[str, int, int]], place: int, masked: set[int]) -> int:
        """How many words from ``place`` name them: a run of two of their names, or one telling word."""
        run = self._run(words, place)
        telling = [each for each in run if words[each][0] in self.words]
        if len({words[each][0] for each in telling}) > 1 and not set(telling) <= masked:
            return telling[-1] - place + 1
        alone = bool(telling) and self.is_active and place not in masked
        return 1 if alone and _is_telling(words[place][0]) else 0

    def _run(self, words: Sequence[tuple[str, int, int]], place: int) -> list[int]:
        """Places of one name of theirs after the other, with the particles of their own name between."""
        run: list[int] = []
        for each in range(place, len(words)):
            word = words[each][0]
            if word not in self.words and not (run and word in self.particles):
                break
            run.append(each)
        return run


def _is_telling(word: str) -> bool:
    return len(word) >= _SHORTEST and word not in ORDINARY


def _people() -> list[_Ours]:
    rows = Person.objects.values_list("name", "is_active")
    return [_Ours(_words_of(name), _particles_of(name), is_active) for name, is_active in rows]


def _words_of(name: str) -> tuple[str, ...]:
    return tuple(word for word in _all_words(name) if word not in PARTICLES)


def _particles_of(name: str) -> frozenset[str]:
    return PARTICLES.intersection(_all_words(name))


def _all_words(name: str) -> list[str]:
    return [fold(found.group()) for found in _WORD.finditer(name)]


def _masked(words: list[str], customers: list[Customer], said: set[str]) -> set[int]:
    """Places in the text that belong to the name of an area, a delegation, or the customer."""
    names = [*Area.objects.values_list("name", flat=True)]
    for delegation, city in Delegation.objects.values_list("name", "city"):
        names += [delegation, city]
    names += [customer.name for customer in customers]
    masked = {place for name in names for place in _places(words, _words_of(name))}
    own = {word for customer in customers for word in _words_of(customer.name) if len(word) >= _OWN_WORD}
    return masked | {place for place, word in enumerate(words) if word in own & said}


def _places(words: list[str], name: tuple[str, ...]) -> set[int]:
    """Where the whole name stands, particles between its words passed over."""
    found: set[int] = set()
    for start, word in enumerate(words):
        place, left = start, list(name)
        if not left or word != left[0]:
            continue
        while left and place < len(words) and (words[place] == left[0] or words[place] in PARTICLES):
            if words[place] == left[0]:
                left.pop(0)
            place += 1
        if not left:
            found |= set(range(start, place))
    return found


def customers_of(analysis: Analysis) -> list[Customer]:
    threads = analysis.analysed.select_related("case__thread__customer")
    return [each.case.thread.customer for each in threads]
