"""A granian as ``hilo run`` starts it, and what its workers cost: processor, memory, libraries loaded."""

from __future__ import annotations

import os
import re
import signal
import socket  # noqa: TID251  to find a free port
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection  # noqa: TID251  it asks the server it measures
from pathlib import Path

from hilo.cli.running import ENVIRONMENT, web_command

TICKS = os.sysconf("SC_CLK_TCK")
PROJECT = Path(__file__).resolve().parent.parent
ANALYTICS = ("duckdb", "ibis", "numpy", "pandas", "pyarrow", "scipy")


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def workers(self) -> list[int]:
        return _descendants(self.pid)

    def cpu_seconds(self) -> float:
        """Of all workers, in user and system mode, since they began."""
        return sum(_cpu(pid) for pid in self.workers)

    def pss_megabytes(self, what: str = "Pss") -> list[float]:
        """``Pss_File``: of it the pages of files, which the system keeps once for all and takes back."""
        return [_pss(pid, what) for pid in self.workers]

    def analytics_loaded(self) -> set[str]:
        """Which of the analytics libraries have their machine code in a web process; ibis has none, and here
        it comes with duckdb."""
        maps = "".join(Path(f"/proc/{pid}/maps").read_text() for pid in self.workers)
        return {name for name in ANALYTICS if re.search(rf"/_?{name}[/.]", maps)}


@contextmanager
def serving(application: str, environment: Mapping[str, str], *, workers: int = 2) -> Iterator[Server]:
    port = _free_port()
    command = web_command("127.0.0.1", port, application=application, workers=workers)
    process = subprocess.Popen(
        command, env={**ENVIRONMENT, **os.environ, **environment}, cwd=PROJECT, start_new_session=True
    )
    try:
        server = Server(port, process.pid)
        _wait_for(server, process)
        yield server
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
            connection.request("GET", "/", headers={"Host": "localhost"})
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _descendants(pid: int) -> list[int]:
    """Without Python's own helpers of ``multiprocessing``, which answer nobody."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(each) for each in children if "resource_tracker" not in _command(int(each))]


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _pss(pid: int, what: str) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    return float("nan")
