"""Finding Chromium, or getting it where that is allowed: as root on a machine with apt."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
HOW_TO_GET_IT = (
    "The browser tests did not run: there is no Chromium on this machine.",
    "  Debian, Ubuntu:  sudo apt-get install chromium",
    "  Fedora:          sudo dnf install chromium",
    "  macOS:           brew install --cask chromium",
    "  elsewhere:       install Chromium or Chrome and name it: HILO_CHROMIUM=/path/to/it make test",
)


def find_chromium() -> str | None:
    """A program that answers to ``--version``: Ubuntu has one that only says to install a snap."""
    named = os.environ.get("HILO_CHROMIUM")
    found = [named] if named else [path for name in NAMES if (path := shutil.which(name))]
    found += [] if named else [path for path in MAC_APPS if Path(path).exists()]
    return next((path for path in found if _answers(path)), None)


def _answers(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def obtain_chromium() -> str | None:
    """One of several test processes installs it; the others wait and find it."""
    with (Path(tempfile.gettempdir()) / "hilo-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = find_chromium()
        if found is None and _may_install():
            _install()
            found = find_chromium()
        return found


def _may_install() -> bool:
    return os.geteuid() == 0 and bool(shutil.which("apt-get")) and not os.environ.get("HILO_CHROMIUM")


def _install() -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
        subprocess.run(
            ["apt-get", *arguments], env=quiet, stdin=subprocess.DEVNULL, capture_output=True, timeout=900
        )


if __name__ == "__main__":
    print(obtain_chromium() or "\n".join(HOW_TO_GET_IT))
