"""Asking a server again and again, and what its workers spend on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import (  # noqa: TID251  it asks the server it measures
    HTTPConnection,
    HTTPResponse,
    RemoteDisconnected,
)
from time import perf_counter
from urllib.parse import urlencode

from benchmarks.figures import middle, percentile
from benchmarks.web_server import Server

REPEATS = 3
MOST_REQUESTS, FEWEST_REQUESTS = 40, 8
"""Of one repeat: a tick of the processor's clock is 10 ms, so 40 requests tell a quarter of a millisecond."""

SECONDS = 3.0
"""One repeat asks as often as fits in here: a slow page on a busy machine is asked less often."""

WARM_UP = 8


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in, as a browser shows it."""

    session: str
    csrf: str

    def headers(self) -> dict[str, str]:
        cookies = {"sessionid": self.session, "csrftoken": self.csrf, "django_language": "es"}
        return {
            "Host": "localhost",
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": self.csrf,
            "Accept-Language": "es",
            "Accept-Encoding": "gzip",
        }


class Asker:
    """One connection that stays open, as a browser keeps it."""

    def __init__(self, server: Server, headers: Mapping[str, str]) -> None:
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=120)
        self._headers = dict(headers)

    def get(self, path: str) -> bytes:
        return self._ask("GET", path, None, {})

    def post(self, path: str, form: Mapping[str, str]) -> bytes:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(form), kind)

    def _ask(self, method: str, path: str, body: str | None, more: Mapping[str, str]) -> bytes:
        headers = {**self._headers, **more}
        try:
            answer = self._answer(method, path, body, headers)
        except (RemoteDisconnected, BrokenPipeError):  # the server had closed what nobody used for a while
            self._connection.close()
            answer = self._answer(method, path, body, headers)
        content = answer.read()
        if answer.status not in (200, 302, 303):
            raise RuntimeError(f"{method} {path} was answered {answer.status}: {content[:300]!r}")
        return content

    def _answer(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> HTTPResponse:
        self._connection.request(method, path, body, headers)
        return self._connection.getresponse()


def cpu_of(server: Server, ask: Callable[[], object], *, warm_up: int = WARM_UP) -> float:
    """Milliseconds of the workers' processor for one request, the median of several repeats."""
    began = perf_counter()
    for _number in range(warm_up):
        ask()
    each = (perf_counter() - began) / warm_up
    requests = max(FEWEST_REQUESTS, min(MOST_REQUESTS, int(SECONDS / each)))
    taken = []
    for _repeat in range(REPEATS):
        before = server.cpu_seconds()
        for _number in range(requests):
            ask()
        taken.append((server.cpu_seconds() - before) / requests * 1000)
    return middle(taken)


def p95_of(
    server: Server, headers: Mapping[str, str], path: str, *, at_once: int = 8, each: int = 10
) -> float:
    """Milliseconds of wall within which 95 of 100 requests are answered, so many being asked at once; after a
    first round, which finds threads that have no connection yet."""

    def visit(_number: int) -> list[float]:
        asker, taken = Asker(server, headers), []
        for _request in range(each):
            began = perf_counter()
            asker.get(path)
            taken.append((perf_counter() - began) * 1000)
        return taken

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(visit, range(at_once)))
        return percentile([one for taken in pool.map(visit, range(at_once)) for one in taken], 0.95)
