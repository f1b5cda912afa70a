"""The launcher must do the right thing on machines that are not like this one."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import launcher

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a lock and an interpreter, set up as the launcher leaves it."""
    for name in ("uv.lock", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    stand_in(tmp_path, monkeypatch)
    return tmp_path


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "ROOT", str(folder))
    monkeypatch.setattr(launcher, "VENV", str(folder / ".venv"))
    monkeypatch.setattr(launcher, "STAMP", str(folder / ".venv" / ".hilo-installed"))


def leave_stamp(kind: str) -> None:
    Path(launcher.STAMP).write_text(f"{launcher.wanted()} {kind}")


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_it_is_written_for_python_3_8() -> None:
    ast.parse((PROJECT / "launcher.py").read_text(), feature_version=(3, 8))


def test_a_second_start_installs_nothing(clone: Path) -> None:
    assert not launcher.is_installed(with_tools=False)
    leave_stamp("run")
    assert launcher.is_installed(with_tools=False)


def test_what_was_installed_to_run_does_not_do_for_testing_but_the_other_way_round_it_does(
    clone: Path,
) -> None:
    leave_stamp("run")
    assert not launcher.is_installed(with_tools=True)
    leave_stamp("dev")
    assert launcher.is_installed(with_tools=False)


def test_another_lock_is_installed_anew(clone: Path) -> None:
    leave_stamp("dev")
    (clone / "uv.lock").write_text("another")
    assert not launcher.is_installed(with_tools=False)


def test_a_moved_folder_is_installed_anew(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_stamp("dev")
    moved = clone.rename(clone.parent / "elsewhere")
    stand_in(moved, monkeypatch)
    assert not launcher.is_installed(with_tools=False)


def test_an_interpreter_that_was_uninstalled_is_noticed(clone: Path) -> None:
    leave_stamp("dev")
    python = clone / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert not launcher.is_installed(with_tools=False)


def test_a_shim_that_exits_127_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim = program(tmp_path, "python3.14", "exit 127")
    real = program(tmp_path, "python3.13", f'exec "{sys.executable}" "$@"')
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("HILO_PYTHON", raising=False)
    monkeypatch.setattr(sys, "version_info", (3, 8, 18))
    assert launcher.version_of(str(shim)) == (0, 0)
    assert launcher.find_python() == str(real)


def test_an_old_python_alone_leaves_it_to_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = program(tmp_path, "python3", "echo 3 9")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("HILO_PYTHON", raising=False)
    monkeypatch.setattr(launcher, "candidates", lambda: iter([str(old)]))
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    assert launcher.find_python() is None
    environment = launcher.environment_for_uv()
    assert (environment["UV_PYTHON"], environment["UV_PYTHON_DOWNLOADS"]) == ("3.13", "automatic")


def test_a_python_named_by_hand_that_does_not_do_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HILO_PYTHON", "/nowhere/python")
    with pytest.raises(launcher.CannotStart, match="HILO_PYTHON=/nowhere/python"):
        launcher.find_python()


@pytest.mark.parametrize(
    "output",
    [
        "error: Failed to fetch: `https://pypi.org/simple/django/`\n dns error: failed to lookup address",
        "NewConnectionError: [Errno -3] Temporary failure in name resolution",
        "uv_from_index: <urlopen error [Errno 101] Network is unreachable>",
    ],
)
def test_being_offline_is_said_in_a_sentence_before_the_details(output: str) -> None:
    said = launcher.explain(output)
    assert said.startswith(("No se ha podido llegar a Internet", "The Internet could not be reached"))
    assert output.splitlines()[-1] in said


def test_another_fault_is_not_called_being_offline() -> None:
    assert "Internet" not in launcher.explain("error: No space left on device (os error 28)")


def test_a_long_installation_says_what_it_wrote_and_how_it_ended() -> None:
    code, output = launcher.run_patiently(["/bin/sh", "-c", "echo out; echo err >&2; exit 3"])
    assert (code, sorted(output.split())) == (3, ["err", "out"])
