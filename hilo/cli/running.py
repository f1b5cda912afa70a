"""``hilo run``: one process that answers the web, one that does the background work, one that minds both."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from gettext import gettext as _
from types import FrameType

from hilo.cli.preparing import SignIn, prepare, say
from hilo.cli.waiting import waiting_page

ANSWER_WITHIN = 60.0
STOP_WITHIN = 15.0
LONGEST_PAUSE = 30.0


def run_hilo(*, host: str, with_demo: bool) -> int:
    try:
        port = chosen_port(host)
    except ValueError as problem:
        say(str(problem))
        return 2
    with waiting_page(host, port) as progress:
        prepared = prepare(with_demo=with_demo, progress=progress)
    return Household(host, port).keep(lambda: greet(host, port, prepared.sign_ins))


# The port -----------------------------------------------------------------------------------------------


def chosen_port(host: str) -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise ValueError(_("PORT=%(text)s is not a port: give a number from 1 to 65535.") % {"text": text})
    port = int(text)
    try:
        listen_once(host, port)
    except PermissionError as refused:
        words = _("Port %(port)d is not for ordinary programs. Try PORT=8000.")
        raise ValueError(words % {"port": port}) from refused
    except OSError as taken:
        words = _("Port %(port)d is taken by another program. Try PORT=%(free)d.")
        raise ValueError(words % {"port": port, "free": free_port(host, port)}) from taken
    return port


def listen_once(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))


def free_port(host: str, taken: int) -> int:
    for port in range(taken + 1, min(taken + 50, 65536)):
        with suppress(OSError):
            listen_once(host, port)
            return port
    return 0 if taken > 60000 else taken + 1000


# What is said once it answers ---------------------------------------------------------------------------


def address_of(host: str, port: int) -> str:
    shown = {"127.0.0.1": "localhost", "0.0.0.0": "localhost", "::": "localhost"}.get(host, host)
    return f"http://{shown}:{port}/"


def greet(host: str, port: int, sign_ins: Sequence[SignIn]) -> None:
    print("\n" + _("Hilo is running at %(address)s") % {"address": address_of(host, port)})
    if sign_ins:
        print("\n" + _("Come in as any of these people of the demo company:"))
        widths = [max(len(getattr(one, part)) for one in sign_ins) for part in ("role", "name", "email")]
        for one in sign_ins:
            row = zip((one.role, one.name, one.email), widths, strict=True)
            print("  " + "  ".join(f"{text:<{width}}" for text, width in row) + f"  {one.password}")
    print("\n" + _("Ctrl C stops it."), flush=True)


def answers(host: str, port: int) -> bool:
    asked = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(asked, port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


# The processes ------------------------------------------------------------------------------------------


# Python answers one request at a time in each process: more threads wait longer for each other, and each
# keeps a connection with its statements. Of four one may still wait for an upload or another sign-in page.
WEB_THREADS = 4
# Memory that one thread gave back serves the others too.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}


def web_command(
    host: str, port: int, *, application: str = "hilo.wsgi:application", workers: int | None = None
) -> list[str]:
    how_many = workers or min(2, os.cpu_count() or 1)
    return [
        *(sys.executable, "-m", "granian", application, "--interface", "wsgi"),
        *("--host", host, "--port", str(port), "--workers", str(how_many), "--no-ws"),
        *("--blocking-threads", str(WEB_THREADS), "--log-level", "error"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "5"),
    ]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "hilo.cli", "worker", "--parent", str(os.getpid())]


@dataclass
class Child:
    """A session of its own, so that Ctrl C reaches only the parent, which stops both in order."""

    command: list[str]
    pause: float = 0.0
    started: float = field(init=False)
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command, env={**ENVIRONMENT, **os.environ}, start_new_session=True
        )

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def start_again(self) -> None:
        """One that keeps ending at once is started ever more slowly."""
        lived = time.monotonic() - self.started
        if lived >= self.pause:
            self.pause = 0.0 if lived > LONGEST_PAUSE else min(max(1.0, self.pause * 2), LONGEST_PAUSE)
            self.start()

    def stop(self, until: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, until - time.monotonic()))
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Household:
    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.is_stopping = False

    def keep(self, greeting: Callable[[], None]) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        web = Child(web_command(self.host, self.port))
        children = [web]
        try:
            if not self._wait_for_answer(web):
                return 0 if self.is_stopping else 1
            children.append(Child(worker_command()))
            greeting()
            return self._mind(web, children[1])
        finally:
            self._stop(children)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def _wait_for_answer(self, web: Child) -> bool:
        until = time.monotonic() + ANSWER_WITHIN
        while not self.is_stopping and not web.has_ended and time.monotonic() < until:
            if answers(self.host, self.port):
                return True
            time.sleep(0.2)
        if not self.is_stopping:
            say(_("The web server did not start. What it said stands above; ``hilo doctor`` may know more."))
        return False

    def _mind(self, web: Child, worker: Child) -> int:
        while not self.is_stopping:
            if web.has_ended:
                say(_("The web server ended by itself, so Hilo stops. Start it again."))
                return 1
            if worker.has_ended:
                worker.start_again()
            time.sleep(0.3)
        return 0

    def _stop(self, children: Sequence[Child]) -> None:
        for child in children:
            if not child.has_ended:
                child.process.terminate()
        until = time.monotonic() + STOP_WITHIN
        for child in children:
            child.stop(until)
