"""Companies that are probably one: the same tax number, or the same name but for its legal form.

Names are compared only inside blocks that share the beginning of their longest word, and a block stops
growing at ``MOST_IN_A_BLOCK``: 100,000 rows against each other would be five thousand million pairs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from hilo.channels.imports.cleaning import fold, is_lost
from hilo.channels.imports.fields import CustomerRow

MOST_IN_A_BLOCK = 200
ALIKE_FROM = 92.0
_FORMS = (
    "sl slu sll slp slne sa sau sal sc scp scl scoop scoopltda cb aie ute ltd limited inc incorporated corp"
    " corporation co company llc llp plc gmbh ag kg ohg ug sarl sas srl spa bv nv lda ltda oy ab as aps pty"
    " cia compania"
)
_LEGAL_FORMS = frozenset(_FORMS.split())
_WRITTEN_OUT = re.compile(r"\b(sociedad (limitada|anonima|cooperativa)( unipersonal| laboral)?)\s*$")


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """A customer Hilo already has. ``external_ids``: what this source calls it, if it came from there."""

    id: int
    name: str
    tax_id: str = ""
    external_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Duplicate:
    """``number`` and ``name`` of the row; it looks like another row, or like a customer Hilo has."""

    number: int
    name: str
    other_name: str
    other_number: int | None
    known_id: int | None
    score: float
    is_by_tax_id: bool = False


@dataclass(frozen=True, slots=True)
class _Seen:
    name: str
    number: int | None = None
    known_id: int | None = None


def company_key(name: str) -> str:
    """The name as it is compared: folded, without punctuation and without the legal form at its end."""
    words = re.sub(r"[^\w]+", " ", _WRITTEN_OUT.sub("", fold(name))).split()
    while form := _legal_form_at_the_end(words):
        del words[-form:]
        if len(words) > 1 and words[-1] in ("y", "and", "e"):  # Pérez y Cía., Smith and Co.
            words.pop()
    return " ".join(words)


def _legal_form_at_the_end(words: list[str]) -> int:
    """How many words it takes: S. A. is two of one letter. A name is never all legal form."""
    letters = _initials_at_the_end(words)
    if 0 < letters < len(words) and "".join(words[-letters:]) in _LEGAL_FORMS:
        return letters
    return 1 if len(words) > 1 and words[-1] in _LEGAL_FORMS else 0


def _initials_at_the_end(words: list[str]) -> int:
    count = 0
    while count < len(words) and len(words[-1 - count]) == 1:
        count += 1
    return count


@dataclass
class DuplicateFinder:
    """Shown the customers Hilo has, then the rows one by one, it says what each row looks like."""

    by_tax_id: dict[str, _Seen] = field(default_factory=dict)
    by_key: dict[str, _Seen] = field(default_factory=dict)
    blocks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    imported: set[str] = field(default_factory=set)

    def know(self, customers: Iterable[KnownCustomer]) -> None:
        for customer in customers:
            self.imported |= customer.external_ids
            self._remember(
                company_key(customer.name), customer.tax_id, _Seen(customer.name, None, customer.id)
            )

    def see(self, row: CustomerRow) -> Duplicate | None:
        """Nothing for a row that was imported before: it is that customer, not one like it."""
        if row.external_id in self.imported or is_lost(row.name):
            return None
        key = company_key(row.name)
        found = self._match(row, key)
        self._remember(key, row.tax_id, _Seen(row.name, row.number))
        return found

    def _match(self, row: CustomerRow, key: str) -> Duplicate | None:
        if row.tax_id and (other := self.by_tax_id.get(_bare(row.tax_id))):
            return _duplicate(row, other, 100.0, is_by_tax_id=True)
        if key and (other := self.by_key.get(key)):
            return _duplicate(row, other, 100.0)
        choices = self.blocks.get(_block(key), ())
        alike = process.extractOne(key, choices, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE_FROM)
        return _duplicate(row, self.by_key[alike[0]], round(alike[1], 1)) if alike else None

    def _remember(self, key: str, tax_id: str, seen: _Seen) -> None:
        if tax_id:
            self.by_tax_id.setdefault(_bare(tax_id), seen)
        if not key or key in self.by_key:
            return
        self.by_key[key] = seen
        block = self.blocks[_block(key)]
        if len(block) < MOST_IN_A_BLOCK:
            block.append(key)


def find_duplicates(rows: Iterable[CustomerRow], existing: Iterable[KnownCustomer]) -> Iterator[Duplicate]:
    finder = DuplicateFinder()
    finder.know(existing)
    for row in rows:
        if found := finder.see(row):
            yield found


def _duplicate(row: CustomerRow, other: _Seen, score: float, *, is_by_tax_id: bool = False) -> Duplicate:
    return Duplicate(row.number, row.name, other.name, other.number, other.known_id, score, is_by_tax_id)


def _block(key: str) -> str:
    """With its digits: Store 12 and Store 13 are two stores, however alike their names."""
    digits = "" if key.isalpha() else "".join(filter(str.isdigit, key))
    return max(key.split(), key=len, default="")[:4] + digits


def _bare(tax_id: str) -> str:
    return "".join(filter(str.isalnum, tax_id)).upper().removeprefix("ES")
