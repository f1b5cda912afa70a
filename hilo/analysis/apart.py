"""The process in which a log is read: without Django, with bounded memory, gone when its parent is.

    python -m hilo.analysis.apart  <<< {"paths": [...], "folder": "...", ...}

Its first line of input is the request. Its output names the phases, one a line; what came of it stands in
``outcome.json`` of the folder, beside the reports. It ends when its input does: a worker that is killed
leaves no reader behind.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TextIO

LANGUAGES = ("es", "en")
OUTCOME = "outcome.json"
REPORTING = "reporting"  # the phase after those of the engine
REPORT, QUESTION, REFUSAL, TOO_LARGE = "report", "question", "refusal", "too large"


@dataclass(frozen=True, slots=True)
class Request:
    paths: tuple[Path, ...]
    folder: Path
    columns: dict[str, str] = field(default_factory=dict)
    options: dict[str, Path] = field(default_factory=dict)
    zone: str = ""
    memory: int = 0

    def as_line(self) -> str:
        said = {
            "paths": [str(path) for path in self.paths],
            "folder": str(self.folder),
            "columns": self.columns,
            "options": {kind: str(path) for kind, path in self.options.items()},
            "zone": self.zone,
            "memory": self.memory,
        }
        return json.dumps(said) + "\n"

    @classmethod
    def from_line(cls, text: str) -> Request:
        said = json.loads(text)
        return cls(
            paths=tuple(map(Path, said["paths"])),
            folder=Path(said["folder"]),
            columns=said["columns"],
            options={kind: Path(path) for kind, path in said["options"].items()},
            zone=said["zone"],
            memory=said["memory"],
        )


def main() -> int:
    request = Request.from_line(sys.stdin.readline())
    threading.Thread(target=_end_with, args=(sys.stdin,), daemon=True).start()
    _bound_memory(request.memory)
    phases = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no phase
    try:
        outcome = work(request, phases)
    except MemoryError:
        outcome = {"outcome": TOO_LARGE}
    except RuntimeError as error:
        if "can't start new thread" not in str(error):  # which needs memory for its stack
            raise
        outcome = {"outcome": TOO_LARGE}
    (request.folder / OUTCOME).write_text(json.dumps(outcome), encoding="utf-8")
    return 0


def work(request: Request, phases: TextIO) -> dict[str, Any]:
    """Read, look, report. Everything heavy is imported here, under the bound."""
    from hilo.analysis.looking import Unsure, look_at, look_of, stop_if_unsure, write_look
    from hilo.insight.diagnosing import Asked, diagnose
    from hilo.insight.raw import Role, Unreadable

    chosen = {Role(role): column for role, column in request.columns.items()}  # "": the log has none
    try:
        asked = Asked(
            columns=chosen,
            calendar=request.options.get("calendar"),
            meaning=request.options.get("meaning"),
            template=request.options.get("template"),
            zone=request.zone or None,
        )
        diagnosis = diagnose(
            request.paths,
            asked,
            tell=lambda phase: print(phase.value, file=phases),
            ask=stop_if_unsure,
        )
    except Unsure:
        write_look(request.folder, look_at(request.paths))
        return {"outcome": QUESTION}
    except Unreadable as refusal:
        write_look(request.folder, look_at(request.paths))
        return {"outcome": REFUSAL, "sentence": _spoken(refusal.said)}
    print(REPORTING, file=phases)
    write_look(request.folder, look_of(diagnosis))
    _write_reports(request.folder, diagnosis)
    return {
        "outcome": REPORT,
        "cases": diagnosis.log.cases,
        "events": diagnosis.log.events,
        "findings": len(diagnosis.findings),
        "headline": _spoken(diagnosis.findings[0].text) if diagnosis.findings else {},
    }


def _write_reports(folder: Path, diagnosis: Any) -> None:
    from hilo.insight.report import json_text, to_html

    for lang in LANGUAGES:
        (folder / f"{lang}.html").write_text(to_html(diagnosis, lang), encoding="utf-8")
        (folder / f"{lang}.json").write_text(json_text(diagnosis, lang), encoding="utf-8")


def _spoken(said: Any) -> dict[str, str]:
    from hilo.insight.speaking import speak

    return {lang: speak(said, lang) for lang in LANGUAGES}


def _end_with(stream: IO[str]) -> None:
    with contextlib.suppress(ValueError, OSError):
        while stream.read(1):
            pass
    os._exit(3)


def _bound_memory(most: int) -> None:
    """Only Linux counts what is truly used; a bound on addresses would stop at what is merely reserved."""
    if most and sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


if __name__ == "__main__":
    sys.exit(main())
