"""All figures of one database; ``benchmarks.web`` starts this with the settings in the environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from benchmarks.figures import Figure, middle
from benchmarks.web import keep_figures
from benchmarks.web_browser import look
from benchmarks.web_client import Asker, cpu_of, p95_of
from benchmarks.web_company import (
    Ground,
    customers_a_second,
    notes_a_second,
    prepare,
    queries_of,
    threads_a_second,
)
from benchmarks.web_server import Server, serving

QUERY = "cinta aceites"
THREAD_PAGE, FLOOR_TIMES = 20.0, 3.0
MOST_QUERIES = 12
LIST, SEARCH, DAY = "/hilos/", f"/buscar/?q={quote(QUERY)}", "/"


def main() -> None:
    _set_up()
    ground = prepare()
    figures: list[Figure] = []
    floor = _floor(ground)
    with serving("hilo.wsgi:application", {}) as server:
        for group in (
            _memory(server),
            _pages(server, ground, floor),
            _memory_later(server),
            _in_browser(server, ground),
        ):
            for figure in group:
                figures.append(figure)
                _tell(figure)
    for figure in (*_queries(ground), *_imports()):
        figures.append(figure)
        _tell(figure)
    keep_figures(figures, Path(sys.argv[1]))


def _set_up() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


def _floor(ground: Ground) -> float:
    with serving("benchmarks.web_floor:application", {}) as server:
        asker = Asker(server, {"Host": "localhost"})
        return cpu_of(server, lambda: asker.get(f"/{ground.long_id}/"))


def _pages(server: Server, ground: Ground, floor: float) -> Iterator[Figure]:
    headers = ground.visitor.headers()
    asker = Asker(server, headers)
    long, short = f"/hilos/{ground.long_code}/", f"/hilos/{ground.short_code}/"
    yield Figure("bare Django page: CPU", floor, "ms")
    of_long = cpu_of(server, lambda: asker.get(long))
    of_short = cpu_of(server, lambda: asker.get(short))
    yield Figure("thread, 50 of 10,000 entries: CPU", of_long, "ms", THREAD_PAGE, floor=floor)
    yield Figure("… times the bare page", of_long / floor, "x", FLOOR_TIMES)
    yield Figure("thread, 10 entries: CPU", of_short, "ms", floor=floor)
    yield Figure("… 10,000 entries against 10", of_long / of_short, "x", 1.2)
    yield Figure("thread: p95, 8 at once", p95_of(server, headers, long), "ms", 180)
    yield Figure("list, 50 of all: CPU", cpu_of(server, lambda: asker.get(LIST)), "ms", 12, floor=floor)
    yield Figure(
        "search over all kinds: CPU", cpu_of(server, lambda: asker.get(SEARCH)), "ms", 12, floor=floor
    )
    yield Figure("Mi día: CPU", cpu_of(server, lambda: asker.get(DAY)), "ms", 30, floor=floor)


def _memory(server: Server) -> Iterator[Figure]:
    yield Figure("a web process, fresh: PSS", max(server.pss_megabytes()), "MB", 130)
    loaded = server.analytics_loaded()
    yield Figure(f"analytics libraries loaded {sorted(loaded) or ''}".strip(), len(loaded), "", 0)


def _memory_later(server: Server) -> Iterator[Figure]:
    """After all that was asked of it, eight at once as well."""
    yield Figure("a web process, after the load: PSS", max(server.pss_megabytes()), "MB", 130)
    yield Figure("… of it pages of files, the database's", max(server.pss_megabytes("Pss_File")), "MB")


def _queries(ground: Ground) -> Iterator[Figure]:
    pages = {
        "thread": f"/hilos/{ground.long_code}/",
        "list": LIST,
        "search": SEARCH,
        "Mi día": DAY,
    }
    for name, path in pages.items():
        count, size = queries_of(ground.visitor, path)
        yield Figure(f"{name}: queries", count, "", MOST_QUERIES)
        yield Figure(f"{name}: unpacked", size / 1000, "KB")


def _in_browser(server: Server, ground: Ground) -> Iterator[Figure]:
    seen = look(server.url, ground.session, f"/hilos/{ground.long_code}/", LIST)
    if seen is None:
        return
    yield Figure("thread, cold: over the wire", seen.cold.kilobytes, "KB", 250)
    yield Figure("thread, cold: requests", seen.cold.requests, "", 12)
    yield Figure("thread, warm: over the wire", seen.warm.kilobytes, "KB", 25)
    yield Figure("thread, cold: content visible", seen.cold.visible_ms, "ms", 450)
    yield Figure("thread, warm: content visible", seen.warm.visible_ms, "ms", 300)
    yield Figure("click from list to thread", seen.click_ms, "ms", 150)


def _imports() -> Iterator[Figure]:
    """Commands alone, without a request around them."""
    yield Figure("note written, with its event: wall", 1000 / _best(notes_a_second), "ms", 10)
    yield Figure("customers through the command", _best(customers_a_second), "/s", 400, more_is_better=True)
    yield Figure("threads through the command", _best(threads_a_second), "/s", 150, more_is_better=True)


def _best(measure: object) -> float:
    assert callable(measure)
    return middle(float(measure()) for _time in range(3))


def _tell(figure: Figure) -> None:
    if os.environ.get("HILO_BENCH_TELLS"):
        sys.stderr.write(f"{figure.name}: {figure.value:.2f} {figure.unit}\n")


if __name__ == "__main__":
    main()
