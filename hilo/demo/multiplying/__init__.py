"""A large company made of many like the demo one: copied row by row, its history chained anew.

The stories are played once, through the commands (``hilo.demo.playing``). What is copied then differs in its
ids, numbers, names and days; that all of it hangs together is the originals' doing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from hilo.demo import Size, Tell
from hilo.demo.multiplying.christening import Christening
from hilo.demo.multiplying.copying import Template, renaming_of, take_numbers
from hilo.demo.multiplying.originals import Originals, read_originals
from hilo.demo.multiplying.recipes import Copy
from hilo.demo.multiplying.writing import Numbers, Writer, roomy_cache, settle_statistics

COMPANIES_PER_TEAM = 8
"""So many copies of the customers share one copy of the people, as in a company that has grown."""

OPEN_EVERY = 2
"""Every second copy of the customers has all stories, the open ones too; the others only what is over."""

OLDEST_WEEKS = 150
LONGEST_HOURS = 1.5


@dataclass(slots=True)
class _Company:
    """The copied customers that further stories may be about, with the people who look after them."""

    ids: dict[str, dict[int, int]]
    words: dict[str, str]


def multiply(size: Size, *, seed: int = 1, tell: Tell | None = None) -> None:
    """The played demo company becomes one of ``size``; ``tell`` hears how many threads there are of all."""
    with roomy_cache():
        _Multiplication(read_originals(), size, Random(seed)).run(tell)
    settle_statistics()


class _Multiplication:
    def __init__(self, originals: Originals, size: Size, chance: Random) -> None:
        names = Christening(originals, chance)
        renaming = renaming_of(originals, names.names())
        self._size, self._chance, self._names = size, chance, names
        self._people = Template(originals.people, originals, renaming)
        self._customers = Template(originals.customers, originals, renaming)
        self._stories = Template(originals.whole(), originals, renaming)
        self._past = [
            Template(story, originals, renaming)
            for story in originals.stories
            if story.is_over and story.stands_alone
        ]
        self._firms = sum(row.type == "customer" for row in originals.customers.rows)
        self._numbers = Numbers()
        take_numbers(originals, self._numbers)
        self._writer = Writer(self._numbers)

    def run(self, tell: Tell | None) -> None:
        copies = max(1, round(self._size.customers / self._firms) - 1)
        done = self._stories.threads
        for number, company in enumerate(self._companies(copies)):
            if number % OPEN_EVERY == 0:
                self._stories.copy(self._begin(company, self._moments_ago()), self._numbers, self._writer)
                done += self._stories.threads
            done += self._add_past(company, self._share(number, copies, done))
            self._writer.flush()
            if tell is not None:
                tell(min(done, self._size.threads), self._size.threads)
        self._writer.flush(at_least=1)

    def _companies(self, copies: int) -> Iterator[_Company]:
        people = Copy(timedelta())
        for number in range(copies):
            if number % COMPANIES_PER_TEAM == 0:
                people = Copy(self._moments_ago(), words=self._names.people())
                self._people.copy(people, self._numbers, self._writer)
            firms = self._begin(_Company(people.ids, people.words), self._moments_ago())
            firms.words |= self._names.customers()
            self._customers.copy(firms, self._numbers, self._writer)
            yield _Company(firms.ids, firms.words)

    def _share(self, number: int, copies: int, done: int) -> int:
        """How many more threads this one gets, so that all together come to what was asked for."""
        still_whole = len(range(number + 1, copies, 1)) // OPEN_EVERY * self._stories.threads
        return max(0, round((self._size.threads - done - still_whole) / (copies - number)))

    def _add_past(self, company: _Company, wanted: int) -> int:
        """What is over, again and again, at other times; the short stories most often, as in life."""
        weights = [1 / story.events for story in self._past]
        chosen: Sequence[Template] = self._chance.choices(self._past, weights, k=wanted)
        for story in chosen:
            shift = self._moments_ago() - timedelta(weeks=self._chance.randint(1, OLDEST_WEEKS))
            story.copy(self._begin(company, shift), self._numbers, self._writer)
        return sum(story.threads for story in chosen)

    def _begin(self, company: _Company, shift: timedelta) -> Copy:
        """What the copy adds stays its own: only people and customers are shared."""
        return Copy(shift, dict(company.ids), dict(company.words))

    def _moments_ago(self) -> timedelta:
        """Back in time only, and by whole seconds: nothing of the copy is still to come."""
        return -timedelta(seconds=self._chance.randint(0, round(LONGEST_HOURS * 3600)))
