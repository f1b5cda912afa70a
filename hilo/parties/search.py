"""What Ctrl K finds: one small index over every kind of thing, the same words on both databases.

Commands keep it in their own transaction (``index``, ``forget``). Words are folded (no accents, lower case)
and stemmed in Spanish and English here, in Python, so that FTS5 and PostgreSQL find exactly the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer
from django.db import connection
from django.db.models import Case, Exists, IntegerField, Model, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower

from hilo.parties.actor import Actor
from hilo.parties.models import SearchEntry
from hilo.parties.permissions import may
from hilo.rows import put

LONGEST_TEXT = 20_000
LONGEST_WORD = 64
MOST_WORDS = 8  # of a query; what comes after narrows nothing that is still on the screen

_WORD = re.compile(r"[^\W_]+")
_STEMMERS = (snowballstemmer.stemmer("spanish"), snowballstemmer.stemmer("english"))

type ThreadIds = Callable[[Actor], QuerySet[Model, int]]


@dataclass(frozen=True, slots=True)
class SearchHit:
    kind: str
    object_id: int
    title: str
    subtitle: str


SEARCH_KINDS: dict[str, str] = {
    "thread": "thread.see",
    "customer": "customer.see",
    "contact": "customer.see",
    "person": "people.see",
}
_visible_threads: list[ThreadIds] = []


def register_search_kind(kind: str, *, see: str) -> None:
    """``see`` is the action of the permission table that lets somebody find things of that kind."""
    SEARCH_KINDS[kind] = see


def register_visible_threads(ids_visible_to: ThreadIds) -> None:
    """Who may find what belongs to a thread: a queryset of ids. Until one is registered, nobody may."""
    _visible_threads[:] = [ids_visible_to]


def index(
    kind: str, object_id: int, title: str, subtitle: str = "", text: str = "", thread_id: int | None = None
) -> None:
    """Make a thing findable, or its new words; ``thread_id`` when only readers of that thread may find it."""
    if kind not in SEARCH_KINDS:
        raise LookupError(f"no search kind {kind!r}: register_search_kind at start-up")
    entry = SearchEntry(
        kind=kind,
        object_id=object_id,
        title=title[:300],
        subtitle=subtitle[:300],
        title_key=" ".join(words(title))[:300],
        tokens=" ".join(sorted(_tokens(words(f"{title} {subtitle} {text}"[:LONGEST_TEXT])))),
        thread_id=thread_id,
    )
    put(entry, unique=("kind", "object_id"))


def forget(kind: str, object_id: int) -> None:
    SearchEntry.objects.filter(kind=kind, object_id=object_id).delete()


def find(actor: Actor, query: str, limit: int = 12, kinds: Iterable[str] | None = None) -> list[SearchHit]:
    """Best first: titles that begin with the query, then the newest. The last word may be unfinished."""
    asked = words(query)[:MOST_WORDS]
    allowed = [kind for kind, see in SEARCH_KINDS.items() if may(actor, see)]
    if kinds is not None:
        allowed = [kind for kind in allowed if kind in set(kinds)]
    if not asked or not allowed:
        return []
    # Lower() keeps SQLite from starting at the index on kind, which is nearly the whole table.
    rows = SearchEntry.objects.alias(of_kind=Lower("kind")).filter(
        _readable_by(actor), _matching(asked), of_kind__in=allowed
    )
    begins = Case(
        When(title_key=" ".join(asked), then=Value(0)),
        When(title_key__startswith=" ".join(asked), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = rows.order_by(begins, "-pk")[:limit]
    return [SearchHit(row.kind, row.object_id, row.title, row.subtitle) for row in found]


def entries_with_any(kind: str, text: str, *, limit: int) -> list[int]:
    """The ids of things of that kind that share at least one word with ``text``, newest first."""
    asked = words(text)[:MOST_WORDS]
    if not asked:
        return []
    rows = SearchEntry.objects.alias(of_kind=Lower("kind")).filter(
        _matching(asked, every=False), of_kind=kind
    )
    return list(rows.order_by("-pk").values_list("object_id", flat=True)[:limit])


def fold(text: str) -> str:
    """Lower case without accents; ``ñ`` becomes ``n``, as people type it in a hurry."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def words(text: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


def tokens_of(text: str) -> set[str]:
    """What a text is found by; ``SearchEntry.tokens`` has them in alphabetical order."""
    return _tokens(words(text))


def _tokens(folded: Iterable[str]) -> set[str]:
    return {form for word in folded for form in _forms(word)}


@lru_cache(maxsize=20_000)
def _forms(word: str) -> frozenset[str]:
    """The word itself and its stems; both sides come here already folded, so accents cannot part them."""
    if not word.isascii() or word.isdigit():
        return frozenset({word})
    return frozenset({word, *(stemmer.stemWord(word) for stemmer in _STEMMERS)})


def _readable_by(actor: Actor) -> Q:
    open_to_all = Q(thread_id__isnull=True)
    if not _visible_threads:
        return open_to_all
    # Asked of what was found alone: ``thread_id__in`` would gather every thread there is.
    return open_to_all | Q(Exists(_visible_threads[0](actor).filter(pk=OuterRef("thread_id"))))


def _matching(asked: list[str], *, every: bool = True) -> Q:
    table = SearchEntry._meta.db_table
    if connection.vendor == "sqlite":
        matches = RawSQL(f"SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH %s", [_fts5(asked, every)])
    else:
        matches = RawSQL(
            f"SELECT id FROM {table} WHERE array_to_tsvector(string_to_array(tokens, ' ')) @@ %s::tsquery",
            [_tsquery(asked, every)],
        )
    return Q(pk__in=matches)


def _fts5(asked: list[str], every: bool) -> str:
    groups = _alternatives(asked, whole='"{}"', unfinished='"{}"*')
    return (" AND " if every else " OR ").join(f"({' OR '.join(group)})" for group in groups)


def _tsquery(asked: list[str], every: bool) -> str:
    """Written out rather than by ``to_tsquery``, whose parser would cut words in other places than ours."""
    groups = _alternatives(asked, whole="'{}'", unfinished="'{}':*")
    return (" & " if every else " | ").join(f"({' | '.join(group)})" for group in groups)


def _alternatives(asked: list[str], *, whole: str, unfinished: str) -> list[list[str]]:
    """For each word the forms that count as it; only letters and digits come here, so quotes cannot break."""
    groups = [[whole.format(form) for form in sorted(_forms(word))] for word in asked]
    groups[-1].append(unfinished.format(asked[-1]))
    return groups
