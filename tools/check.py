"""``make check``: all that can be known without running Hilo. Every check runs, then the faults are named."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable

CHECKS: dict[str, list[str]] = {
    "style": ["ruff", "check", "--quiet"],
    "format": ["ruff", "format", "--check", "--quiet"],
    "types": ["mypy"],
    "layers": ["lint-imports", "--no-cache"],
    "templates": ["djlint", "hilo", "--lint", "--quiet"],
    "migrations": [PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"],
    "django": [PYTHON, "-m", "django", "check", "--fail-level", "WARNING"],
    "translations": [PYTHON, "tools/messages.py", "--check"],
}


def main() -> int:
    names = sys.argv[1:] or list(CHECKS)
    with tempfile.TemporaryDirectory(prefix="hilo-check-") as data:
        failed = [name for name in names if not passes(name, data)]
    print(f"failed: {', '.join(failed)}" if failed else f"all {len(names)} checks passed")
    return 1 if failed else 0


def passes(name: str, data: str) -> bool:
    program, *arguments = CHECKS[name]
    started = time.monotonic()
    ran = subprocess.run(
        [str(BIN / program), *arguments],
        cwd=PROJECT,
        env=environment(data),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    print(
        f"{'ok    ' if ran.returncode == 0 else 'FAILED'} {name} ({time.monotonic() - started:.0f} s)",
        flush=True,
    )
    if ran.returncode:
        print(ran.stdout.rstrip() + "\n", flush=True)
    return ran.returncode == 0


def environment(data: str) -> dict[str, str]:
    """A data folder of its own: a check neither needs nor touches anybody's database."""
    settings = {
        "DJANGO_SETTINGS_MODULE": "hilo.settings.production",
        "HILO_DATA": data,
        "PYTHONPATH": str(PROJECT),
    }
    return {**{name: value for name, value in os.environ.items() if name != "DATABASE_URL"}, **settings}


if __name__ == "__main__":
    sys.exit(main())
