"""Stands where ``hilo.analysis.apart`` does, and does what its file says: report, refuse, ask, crash, ..."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

SAID = {"es": "No hay ninguna fecha.", "en": "There is no date."}


def main() -> None:
    request = json.loads(sys.stdin.readline())
    folder = Path(request["folder"])
    what = Path(request["paths"][0]).read_text(encoding="utf-8")
    print("reading", flush=True)
    match what.partition(" ")[0]:
        case "crash":
            sys.exit("the engine broke: KeyError")
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "sleep":
            time.sleep(60)
        case "orphan":
            _until_alone(Path(what.partition(" ")[2]))
        case "noise":
            print("something a library had to say", flush=True)
            what = "report"
    print("finding", flush=True)
    (folder / "outcome.json").write_text(json.dumps(_outcome(what, folder, request)), encoding="utf-8")


def _outcome(what: str, folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    look = {"columns": [{"name": "Pedido", "samples": []}], "taken": {}, "was_asked": request["columns"]}
    (folder / "look.json").write_text(json.dumps(look), encoding="utf-8")
    if what == "refuse":
        return {"outcome": "refusal", "sentence": SAID}
    if what == "ask":
        return {"outcome": "question"}
    if what == "memory":
        return {"outcome": "too large"}
    for lang in ("es", "en"):
        (folder / f"{lang}.html").write_text(f"<h1>{lang}", encoding="utf-8")
        (folder / f"{lang}.json").write_text("{}", encoding="utf-8")
    return {"outcome": "report", "cases": 2, "events": 5, "findings": 1, "headline": SAID}


def _until_alone(trace: Path) -> None:
    """As the true one does: a thread hears the parent go."""
    trace.write_text(str(os.getpid()), encoding="ascii")

    def listen() -> None:
        sys.stdin.read()
        trace.write_text("gone", encoding="ascii")
        os._exit(3)

    threading.Thread(target=listen, daemon=True).start()
    time.sleep(60)


main()
