#!/usr/bin/env python3
"""From a fresh clone to a running Hilo, with any Python from 3.8 on and nothing else.

    python3 launcher.py [--dev] COMMAND [ARGUMENT...]

It finds a Python 3.12 or newer (or lets uv fetch one), puts uv in .boot/, installs exactly what uv.lock
says in .venv/, and becomes .venv/bin/COMMAND. A second start sees that nothing changed and starts at once.
``HILO_PYTHON`` names the interpreter to use.

This file must run on Python 3.8: it is what runs before there is anything better.
"""

from __future__ import annotations

import glob
import hashlib
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import zipfile
from typing import Iterator, Mapping

FLOOR = (3, 12)
UV_VERSION = "0.13.9"
ROOT = os.path.dirname(os.path.abspath(__file__))
BOOT = os.path.join(ROOT, ".boot")
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, ".hilo-installed")
ENGLISH = (os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "")[
    :2
] == "en"
OFFLINE_SIGNS = (
    "dns error",
    "name resolution",
    "failed to resolve",
    "getaddrinfo",
    "network is unreachable",
    "connection refused",
    "error sending request",
    "newconnectionerror",
    "tunnel connection failed",
    "could not connect",
    "failed to fetch",
    "urlopen error",
)


class CannotStart(Exception):
    """Its text is all that the person sees: what happened and what to do."""


def said(spanish: str, english: str) -> str:
    return english if ENGLISH else spanish


def announce(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def main() -> None:
    arguments = sys.argv[1:]
    with_tools = "--dev" in arguments[:1]
    arguments = arguments[1:] if with_tools else arguments
    if not arguments:
        raise CannotStart(__doc__)
    if not is_installed(with_tools):
        install(with_tools)
    command = os.path.join(VENV, "bin", arguments[0])
    os.environ["VIRTUAL_ENV"] = VENV
    os.environ["PATH"] = os.path.join(VENV, "bin") + os.pathsep + os.environ.get("PATH", "")
    os.execv(command, [command, *arguments[1:]])


# What is installed -------------------------------------------------------------------------------------


def wanted() -> str:
    """The lock and the place: a folder that was moved has scripts that point to where it was."""
    digest = hashlib.sha256(ROOT.encode())
    for name in ("uv.lock", "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def read_stamp() -> tuple[str, str]:
    try:
        with open(STAMP, encoding="ascii") as file:
            digest, _, kind = file.read().partition(" ")
    except (OSError, ValueError):
        return "", ""
    return digest, kind


def is_installed(with_tools: bool) -> bool:
    digest, kind = read_stamp()
    interpreter = os.path.join(VENV, "bin", "python")
    return os.path.exists(interpreter) and digest == wanted() and (kind == "dev" or not with_tools)


def install(with_tools: bool) -> None:
    with_tools = with_tools or read_stamp()[1] == "dev"
    uv = find_uv()
    announce(said("Instalando las piezas de Hilo en .venv/ ...", "Installing Hilo's parts in .venv/ ..."))
    started = time.monotonic()
    command = [uv, "sync", "--frozen", "--no-progress"] + ([] if with_tools else ["--no-dev", "--inexact"])
    environment = environment_for_uv()
    code, output = run_patiently(command, environment)
    if code and "UnknownIssuer" in output:  # a company whose proxy signs with its own certificate
        code, output = run_patiently([*command, "--system-certs"], environment)
    if code:
        raise CannotStart(explain(output))
    with open(STAMP, "w", encoding="ascii") as file:
        file.write(wanted() + " " + ("dev" if with_tools else "run"))
    seconds = round(time.monotonic() - started)
    announce(said(f"Instalado en {seconds} s.", f"Installed in {seconds} s."))


def environment_for_uv() -> dict[str, str]:
    environment = dict(os.environ, UV_PROJECT_ENVIRONMENT=VENV)
    environment.pop("VIRTUAL_ENV", None)
    python = find_python()
    if python:
        environment.update(UV_PYTHON=python, UV_PYTHON_DOWNLOADS="never")
    else:
        announce(
            said(
                "No hay un Python 3.12 o posterior en esta máquina: uv descarga uno solo para Hilo.",
                "There is no Python 3.12 or newer on this machine: uv downloads one for Hilo alone.",
            )
        )
        environment.update(UV_PYTHON="3.13", UV_PYTHON_DOWNLOADS="automatic")
    return environment


def run_patiently(command: list[str], environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run it, saying every ten seconds that it still runs; give the exit code and all that it wrote."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            while True:
                try:
                    code = process.wait(timeout=10)
                    break
                except subprocess.TimeoutExpired:
                    announce(f"  ... {time.monotonic() - started:.0f} s")
        except BaseException:
            process.terminate()
            process.wait()
            raise
        log.seek(0)
        return code, log.read().decode("utf-8", "replace")


def explain(output: str) -> str:
    detail = "\n".join(output.strip().splitlines()[-6:])
    low = output.lower()
    if any(sign in low for sign in OFFLINE_SIGNS):
        sentence = said(
            "No se ha podido llegar a Internet. Hilo lo necesita una sola vez, para instalar sus piezas:\n"
            "conecta la máquina (o indica el proxy en HTTPS_PROXY) y repite la orden.",
            "The Internet could not be reached. Hilo needs it once, to install its parts:\n"
            "connect the machine (or name the proxy in HTTPS_PROXY) and repeat the command.",
        )
        if find_python() is None:
            sentence += "\n" + said(
                "Si solo falla la descarga de Python, instala Python 3.12 o posterior y repite la orden.",
                "If only the download of Python fails, install Python 3.12 or newer and repeat the command.",
            )
    else:
        sentence = said(
            "No se han podido instalar las piezas de Hilo.", "Hilo's parts could not be installed."
        )
    return sentence + "\n\n" + detail


# A Python that is new enough ---------------------------------------------------------------------------


def find_python() -> str | None:
    """Ask each candidate for its version: a pyenv shim may be on PATH and still exit 127."""
    chosen = os.environ.get("HILO_PYTHON")
    if chosen:
        if version_of(chosen) >= FLOOR:
            return chosen
        raise CannotStart(
            said(
                f"HILO_PYTHON={chosen} no es un Python 3.12 o posterior que funcione.",
                f"HILO_PYTHON={chosen} is not a working Python 3.12 or newer.",
            )
        )
    if sys.version_info[:2] >= FLOOR:
        return sys.executable
    for candidate in candidates():
        if version_of(candidate) >= FLOOR:
            return candidate
    return None


def candidates() -> Iterator[str]:
    names = [f"python3.{minor}" for minor in range(14, 11, -1)] + ["python3", "python"]
    for name in names:
        path = shutil.which(name)
        if path:
            yield path
    for pattern in (
        "~/.pyenv/versions/3.1[2-9]*/bin/python3",
        "~/.local/share/uv/python/cpython-3.1[2-9]*/bin/python3",
        "/opt/python*/bin/python3",
        "/usr/local/bin/python3.1[2-9]",
        "/opt/homebrew/bin/python3.1[2-9]",
    ):
        for path in sorted(glob.glob(os.path.expanduser(pattern)), reverse=True):
            yield path


def version_of(python: str) -> tuple[int, ...]:
    try:
        asked = subprocess.run(
            [python, "-c", "import sys, ensurepip, sqlite3; print(*sys.version_info[:2])"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            timeout=20,
        )
        return tuple(int(part) for part in asked.stdout.split()) if asked.returncode == 0 else (0, 0)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return (0, 0)


# uv, which does the rest -------------------------------------------------------------------------------


def find_uv() -> str:
    """The first way is quick and needs no pip, which a bare Debian lacks; where only pip knows the way to
    the index (a mirror, its own certificates) the others do it; and one on PATH is the last hope.
    """
    target = os.path.join(BOOT, "bin", "uv")
    if is_the_pinned_uv(target):
        return target
    announce(
        said("Preparando el instalador (uv) en .boot/ ...", "Preparing the installer (uv) in .boot/ ...")
    )
    reasons = []
    for way in (uv_from_index, uv_from_venv, uv_from_pip):
        shutil.rmtree(BOOT, ignore_errors=True)
        try:
            way(target)
        except (OSError, ValueError, LookupError, zipfile.BadZipFile) as problem:
            reasons.append(f"{way.__name__}: {problem}")
        if is_the_pinned_uv(target):
            return target
    elsewhere = shutil.which("uv")
    if elsewhere and runs(elsewhere):
        return elsewhere
    raise CannotStart(explain("\n".join(reasons)))


def runs(uv: str) -> bool:
    try:
        return (
            subprocess.run([uv, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
            == 0
        )
    except OSError:
        return False


def is_the_pinned_uv(path: str) -> bool:
    try:
        answer = subprocess.run([path, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    except OSError:
        return False
    return answer.split()[1:2] == [UV_VERSION.encode()]


def install_with_pip(arguments: list[str]) -> None:
    code, output = run_patiently([*arguments, "--disable-pip-version-check", f"uv=={UV_VERSION}"])
    if code:
        raise ValueError(output.strip()[-600:])


def uv_from_venv(target: str) -> None:
    code, output = run_patiently([sys.executable, "-m", "venv", BOOT])
    if code:
        raise ValueError(output.strip()[-300:])
    install_with_pip([os.path.join(BOOT, "bin", "python"), "-m", "pip", "install", "-q"])


def uv_from_pip(target: str) -> None:
    """``--target`` puts the program in BOOT/bin, where the other two put it as well."""
    install_with_pip([sys.executable, "-m", "pip", "install", "-q", "--target", BOOT])


def uv_from_index(target: str) -> None:
    """Python alone: the wheel is a zip with the program inside, and the index names its digest."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/uv/"
    with urllib.request.urlopen(index, timeout=15) as answer:
        page = answer.read().decode("utf-8")
    link = r'href="([^"#]*/uv-%s-py3-none-[^"#]*%s[^"#]*\.whl)#sha256=([0-9a-f]{64})"'
    found = re.search(link % (re.escape(UV_VERSION), wheel_family()), page)
    if found is None:
        raise LookupError("the index has no uv for this machine")
    path, digest = found.groups()
    with urllib.request.urlopen(urllib.parse.urljoin(index, path), timeout=300) as answer:
        wheel = answer.read()
    if hashlib.sha256(wheel).hexdigest() != digest:
        raise ValueError("the downloaded uv is not the one that the index names")
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        program = archive.read(f"uv-{UV_VERSION}.data/scripts/uv")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(program)
    os.chmod(target, 0o755)


def wheel_family() -> str:
    """The part of a wheel's name that says for which system and machine it is."""
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        return "macosx_[0-9_]*" + machine
    family = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    return family + '[^"#]*' + {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        announce(
            said(
                "\nInterrumpido: repite la orden para seguir.", "\nInterrupted: repeat the command to go on."
            )
        )
        sys.exit(130)
    except CannotStart as problem:
        announce(f"\n{problem}\n")
        sys.exit(1)
