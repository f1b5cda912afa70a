"""Where files lie: whatever they are called, inside their folder."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from hilo.analysis import folders


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("pedidos 2026.csv", "pedidos 2026.csv"),
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\windows\\cod\u202eexe.csv", "cod_exe.csv"),
        ("<script>alert(1)</script>.csv", "script_.csv"),
        ("a\0b\n.xes.gz", "a_b_.xes.gz"),
        ("....", "file"),
        ("", "file"),
        (".csv", "csv"),
        ("ñandú (2).XLSX", "ñandú (2).XLSX"),
    ],
)
def test_a_name_becomes_harmless_and_stays_readable(given: str, kept: str) -> None:
    assert folders.harmless_name(given) == kept


@pytest.mark.parametrize("name", ["x" * 5000 + ".csv", "ñ" * 5000 + ".xes.gz", "🧵" * 300, "." * 3000 + "a"])
def test_no_name_is_too_long_for_a_disk(media: Path, name: str) -> None:
    kept = folders.keep_file(folders.new_token(), "files", name, [b"1"])
    assert len(kept.name.encode()) <= 150
    assert next(media.rglob(kept.name)).read_bytes() == b"1"


def test_the_endings_of_a_long_name_stay() -> None:
    assert folders.harmless_name("ñ" * 5000 + ".xes.gz").endswith(".xes.gz")


def test_two_files_of_one_name_are_two_files(media: Path) -> None:
    token = folders.new_token()
    kept = [folders.keep_file(token, "files", "log.csv", [text]) for text in (b"a", b"b")]
    assert [folders.path_of(token, "files", each.said).read_bytes() for each in kept] == [b"a", b"b"]
    assert all(path.is_relative_to(media / "diagnoses" / token) for path in media.rglob("log.csv"))


@pytest.mark.parametrize("token", ["", "..", "../../etc", "x" * 42, "x" * 44, "x" * 42 + "/"])
def test_only_a_token_of_ours_names_a_folder(token: str) -> None:
    with pytest.raises(ValueError, match="token"):
        folders.folder_of(token)


@pytest.mark.parametrize(("lang", "suffix"), [("..", "html"), ("es", "csv"), ("es/..", "html")])
def test_a_report_has_a_language_and_a_kind(lang: str, suffix: str) -> None:
    with pytest.raises(ValueError, match="report"):
        folders.report_path(folders.new_token(), "r", lang, suffix)


@pytest.mark.parametrize(
    ("name", "stem"),
    [("Pedidos 2026.csv.gz", "Pedidos 2026"), ("log.xes", "log"), ("Enero.2026", "Enero.2026"), ("x", "x")],
)
def test_a_report_is_called_as_its_file_without_its_endings(name: str, stem: str) -> None:
    assert folders.stem_of(name) == stem


def test_folders_that_no_row_names_go_after_a_day(media: Path) -> None:
    known, lost = folders.new_token(), folders.new_token()
    for token in (known, lost):
        folders.keep_file(token, "files", "log.csv", [b"1"])
    left = folders.room_aside(known)
    now = timezone.now()
    assert folders.sweep([known], now=now) == 0
    assert folders.sweep([known], now=now + timedelta(days=1, minutes=1)) == 2
    assert not left.exists()
    assert folders.folder_of(known).is_dir() and not folders.folder_of(lost).exists()
