"""Several people at once, as separate processes on the test database.

A target is ``"package.module:function"``. Each child imports everything first, says that it is ready, waits
for the starting shot and calls the function; so they meet in the database and not in the import of Django::

    outcomes = run_at_once("tests.work.racing:accept", [{"handoff": 1, "person": p} for p in people])
    assert [one.value for one in outcomes if one.succeeded] == ["accepted"]

The test must be transactional, or the children see nothing of it. A ``Child`` can also be killed midway.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import IO

type Value = bool | int | float | str | list[Value] | dict[str, Value] | None

START_WITHIN = 60.0


@dataclass(frozen=True)
class Outcome:
    """``refusal`` is the sentence of a RuleViolation, ``kind`` its class; ``error`` any other traceback."""

    value: Value = None
    refusal: str = ""
    kind: str = ""
    error: str = ""

    @property
    def succeeded(self) -> bool:
        return not self.refusal and not self.error


def run_at_once(
    target: str, calls: Sequence[Mapping[str, object]], *, timeout: float = 60.0
) -> list[Outcome]:
    """One process per call; outcomes in the order of the calls. An error that is no refusal is raised."""
    children = [Child(target, call) for call in calls]
    try:
        for child in children:
            child.wait_until_ready()
        for child in children:
            child.go()
        outcomes = [child.outcome(timeout) for child in children]
    finally:
        for child in children:
            child.kill()
    if errors := [one.error for one in outcomes if one.error]:
        raise AssertionError(errors[0])
    return outcomes


class Child:
    def __init__(self, target: str, call: Mapping[str, object]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.processes", target, json.dumps(dict(call))],
            env=child_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait_until_ready(self) -> None:
        line = _pipe(self.process.stdout).readline()
        assert line == "ready\n", f"the child did not start: {line}{_pipe(self.process.stdout).read()}"

    def go(self) -> None:
        _pipe(self.process.stdin).write("go\n")
        _pipe(self.process.stdin).flush()

    def outcome(self, timeout: float) -> Outcome:
        written, _ = self.process.communicate(timeout=timeout)
        lines = written.strip().splitlines()
        if not lines:
            return Outcome(error=f"the child ended with {self.process.returncode} and said nothing")
        return Outcome(**json.loads(lines[-1]))

    def kill(self) -> None:
        """With -9, as when the power goes; nothing happens to one that has ended."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def child_environment() -> dict[str, str]:
    """For any child process that is to meet this test's database, a worker for instance."""
    from django.db import connection

    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.support.child_settings",
        "HILO_TEST_CHILD_DATABASE": str(connection.settings_dict["NAME"]),
    }


def main(target: str, call: str) -> None:
    import django

    django.setup()
    from django.db import connection

    module, name = target.split(":")
    function = getattr(import_module(module), name)
    connection.ensure_connection()
    print("ready", flush=True)
    if sys.stdin.readline() == "go\n":
        print(json.dumps(_outcome_of(function, json.loads(call))), flush=True)


def _outcome_of(function: object, call: dict[str, Value]) -> dict[str, Value]:
    from hilo.errors import RuleViolation

    assert callable(function)
    try:
        return {"value": function(**call)}
    except RuleViolation as refusal:
        return {"refusal": str(refusal), "kind": type(refusal).__name__}
    except Exception:
        return {"error": traceback.format_exc()}


if __name__ == "__main__":
    main(*sys.argv[1:])
