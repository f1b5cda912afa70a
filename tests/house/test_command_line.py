from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hilo.cli import command_line
from hilo.cli.running import answers, chosen_port, free_port

PROJECT = Path(__file__).resolve().parents[2]


def hilo(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hilo.cli", *arguments],
        cwd=PROJECT,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=120,
    )


def clean_environment(**changes: str) -> dict[str, str]:
    dropped = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "LC_ALL", "LC_MESSAGES", "LANGUAGE")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "LANG": "C", **changes}


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        yield door.getsockname()[1]


def test_a_taken_port_is_said_together_with_one_that_is_free(
    taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", str(taken))
    with pytest.raises(ValueError) as refused:
        chosen_port("127.0.0.1")
    assert str(taken) in str(refused.value)
    assert f"PORT={free_port('127.0.0.1', taken)}" in str(refused.value)


@pytest.mark.parametrize("text", ["eight", "0", "65536", "-1", "80 80", "²"])
def test_a_port_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(ValueError, match="PORT="):
        chosen_port("127.0.0.1")


def test_help_is_spanish_unless_the_locale_is_english(tmp_path: Path) -> None:
    spanish = hilo("--help", HILO_DATA=str(tmp_path))
    assert "pone Hilo en marcha" in spanish.stdout and "muestra esta ayuda" in spanish.stdout
    english = hilo("--help", HILO_DATA=str(tmp_path), LANG="en_GB.UTF-8")
    assert "start Hilo" in english.stdout and "show this help" in english.stdout


def test_settings_with_which_nothing_can_start_are_said_in_a_sentence(tmp_path: Path) -> None:
    refused = hilo("doctor", HILO_DATA=str(tmp_path), DATABASE_URL="nonsense://x")
    assert refused.returncode == 2
    assert refused.stderr.startswith("Hilo no puede arrancar")
    assert "Traceback" not in refused.stderr


def test_a_package_adds_its_subcommand_without_an_edit_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "hilo_extra"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "subcommand.py").write_text(
        "NAME, SUMMARY = 'greet', 'greets'\n"
        "def add_arguments(parser): parser.add_argument('name')\n"
        "def run(options): print('hello', options.name); return 7\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(command_line, "PACKAGE", package)
    assert command_line.main(["greet", "Ana"]) == 7
    assert capsys.readouterr().out == "hello Ana\n"


def test_hilo_run_answers_and_one_ctrl_c_ends_everything_it_started(tmp_path: Path) -> None:
    port = free_port("127.0.0.1", 18_000 + os.getpid() % 5_000)
    data = tmp_path / "data"
    running = subprocess.Popen(
        [sys.executable, "-m", "hilo.cli", "run", "--empty"],
        cwd=PROJECT,
        env=clean_environment(HILO_DATA=str(data), PORT=str(port)),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        address = wait_for_greeting(running)
        assert address == f"http://localhost:{port}/"
        assert answers("127.0.0.1", port)
        assert (data / "hilo.sqlite3").is_file() and (data / "secret.key").is_file()
        started = processes_with(str(data))
        assert len(started) >= 3
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0
        assert processes_with(str(data)) == []
        assert not answers("127.0.0.1", port)
    finally:
        running.kill()


def wait_for_greeting(running: subprocess.Popen[str]) -> str:
    assert running.stdout
    address = ""
    for line in running.stdout:
        address = line.split()[-1] if "http://" in line else address
        if "Ctrl C" in line:
            break
    return address


def processes_with(text: str) -> list[int]:
    """Those whose environment names the folder: whatever they call themselves, they are ours."""
    deadline = time.monotonic() + 5
    while (found := _processes_with(text)) and time.monotonic() < deadline and not _any_of_run(found):
        time.sleep(0.2)
    return found


def _any_of_run(found: list[int]) -> bool:
    return any(b"run" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in found)


def _processes_with(text: str) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if text.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found
