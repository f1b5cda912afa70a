from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hilo.insight.log import Codes
from hilo.insight.meanings import Meaning, meanings
from hilo.insight.raw import Unreadable
from hilo.insight.speaking import speak

PHRASES = Path(__file__).with_name("phrases.txt")


def phrases() -> list[tuple[str, set[Meaning]]]:
    lines = PHRASES.read_text(encoding="utf-8").splitlines()
    pairs = [line.split("|", 1) for line in lines if "|" in line and not line.startswith("#")]
    return [(name.strip(), wanted(said)) for said, name in pairs]


def wanted(said: str) -> set[Meaning]:
    return {Meaning(part.strip()) for part in said.split(",") if part.strip() != "-"}


@pytest.mark.parametrize(("name", "expected"), phrases(), ids=[name for name, _ in phrases()])
def test_an_activity_means_what_its_name_says(name: str, expected: set[Meaning]) -> None:
    assert meanings([name]).of(name) == expected


def test_the_table_of_phrases_is_long_and_half_of_it_hard() -> None:
    table = phrases()
    assert len(table) >= 150
    assert len({name for name, _ in table}) == len(table)
    assert sum(not expected for _, expected in table) >= 100
    for meaning in Meaning:
        assert sum(meaning in expected for _, expected in table) >= 10, meaning


@pytest.mark.parametrize(
    "spelling",
    ["FACTURA EMITIDA", "factura_emitida", "FacturaEmitida", "Factura   emitida.", "factura-emitida"],
)
def test_case_accents_and_separators_do_not_matter(spelling: str) -> None:
    assert meanings([spelling]).of(spelling) == {Meaning.INVOICE}


def test_codes_are_those_of_the_activities_with_the_meaning() -> None:
    activities = Codes(np.array([0, 1, 2, 1], np.int32), ["Montaje", "Factura emitida", "Facturar pedido"])
    found = meanings(activities.names).codes(Meaning.INVOICE, activities)
    assert found.tolist() == [1, 2]


def test_hundreds_of_thousands_of_names_are_not_all_read() -> None:
    names = [f"Paso {place}" for place in range(300_000)]
    assert not any(meanings(names).by_meaning.values())


ACTIVITIES = ["Montaje", "Factura emitida", "Hito 3", "Entrega", "Resuelto"]


def file(folder: Path, text: str) -> Path:
    path = folder / "meanings.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_settles_its_meanings_and_its_activities(tmp_path: Path) -> None:
    found = meanings(ACTIVITIES, file(tmp_path, "invoice: [Hito 3]\ndelivery:\nrequest: factura emitida\n"))
    assert found.by_meaning[Meaning.INVOICE] == {"Hito 3"}
    assert found.by_meaning[Meaning.DELIVERY] == frozenset()
    assert found.by_meaning[Meaning.REQUEST] == {"Factura emitida"}
    assert found.by_meaning[Meaning.INCIDENT_CLOSED] == {"Resuelto"}, "the rest stays guessed"
    assert found.said == {Meaning.INVOICE, Meaning.DELIVERY, Meaning.REQUEST}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("invoices: [Entrega]", ["“invoices” is no meaning", "invoice"]),
        ("invoice: [Factura enviada]", ["no activity “Factura enviada”", "Factura emitida"]),
        ("invoice: [", ["line 1", "YAML"]),
        ("just words", ["has no meanings"]),
    ],
)
def test_a_file_that_says_something_else_is_refused_with_what_is_close(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    with pytest.raises(Unreadable) as refused:
        meanings(ACTIVITIES, file(tmp_path, text))
    sentence = speak(refused.value.said, "en")
    assert all(word in sentence for word in ["meanings.yml", *words]), sentence


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"nothing\.yml"):
        meanings(ACTIVITIES, tmp_path / "nothing.yml")
