"""What cannot be taken is refused with its row, its column and a sentence; the rest is taken."""

from __future__ import annotations

import codecs
import csv
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import translation

from hilo.channels.erp.mapping import read_mapping
from hilo.channels.erp.models import TakenFile, UnsettledRow
from hilo.channels.imports.refused import Unreadable
from hilo.parties.models import Customer, Notice
from hilo.work.models import Order
from tests.channels.erp.conftest import CUSTOMERS, DELIVERIES, INVOICES, ORDERS, Feed, age


def test_a_refused_row_stands_in_a_file_with_its_reason_and_the_others_are_taken(feed: Feed) -> None:
    feed.put("clientes.csv", CUSTOMERS, ["C1", "Conservas", "", ""], ["C2", "", "", "Lugo"])
    run = feed.run()
    assert (run.taken[0].added, run.taken[0].refused) == (1, 1)
    assert feed.refused() == [["Row 3, column “Razón social”: it is empty.", "C2", "", "", "Lugo"]]
    assert run.taken[0].refused_file.startswith("clientes.refused.")
    assert Notice.objects.filter(kind="erp.refused", person=feed.house.person("administrator")).count() == 1


def test_a_corrected_file_of_refused_rows_can_be_dropped_in_again(feed: Feed) -> None:
    feed.put("clientes.csv", CUSTOMERS, ["C2", "", "", "Lugo"])
    feed.run()
    (path,) = (feed.folder / "refused").glob("*.csv")
    corrected = (
        path.read_text(encoding="utf-8-sig")
        .replace('"C2","",', '"C2","Lácteos",')
        .replace('"C2";"";', '"C2";"Lácteos";')
    )
    (feed.folder / path.name).write_text(corrected, encoding="utf-8-sig")
    assert feed.run().taken[0].added == 1
    assert Customer.objects.filter(name="Lácteos", city="Lugo").exists()


def test_an_order_stands_or_falls_whole(feed: Feed) -> None:
    feed.put("clientes.csv", CUSTOMERS, ["C1", "Conservas", "", ""])
    feed.put(
        "pedidos.csv",
        ORDERS,
        ["1", "C1", "20.11.2026 09:30", "10", "Juntas", "1", "1"],
        ["2", "C1", "20.11.2026 09:30", "10", "Juntas", "1", "1"],
        ["1", "C1", "20.11.2026 09:30", "20", "Discos", "muchos", "1"],
    )
    feed.run()
    assert [order.number for order in Order.objects.all()] == ["2"]
    assert [row[0] for row in feed.refused()] == [
        "Row 2: it belongs with row 4, which was refused.",
        "Row 4, column “Cantidad”: “muchos” is no amount: write it in digits.",
    ]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["1", "C1", "20.11.2026", "10", "A", "1", "1"], ["1", "C1", "20.11.2026", "10", "B", "1", "1"]],
         "say different things of the same line"),
        ([["1", "C1", "20.11.2026", "10", "A", "1", "1"], ["1", "C9", "20.11.2026", "20", "B", "1", "1"]],
         "differ in “customer”"),
        ([["1", "C1", "20.11.2027", "10", "A", "1", "1"]], "still to come"),
        ([["1", "C1", "31.02.2026", "10", "A", "1", "1"]], "is no date"),
        ([["1", "C1", "20.11.0206", "10", "A", "1", "1"]], "check the year"),
        ([["1", "C1", "20.11.2026", "10", "A", "-1", "1"]], "more than nothing"),
        ([["1", "C1", "20.11.2026", "99999", "A", "1", "1"]], "no line number"),
        ([["1", "C1", "20.11.2026", "10", "A", "1", "9" * 13]], "too large"),
        ([["1" * 41, "C1", "20.11.2026", "10", "A", "1", "1"]], "41 letters and 40 fit"),
        ([["1", "C1", "20.11.2026", "10", "A" * 301, "1", "1"]], "301 letters"),
    ],
)  # fmt: skip
def test_an_odd_order_is_refused_and_nothing_of_it_is_kept(
    feed: Feed, rows: list[list[str]], sentence: str
) -> None:
    feed.put("clientes.csv", CUSTOMERS, ["C1", "Conservas", "", ""])
    feed.put("pedidos.csv", ORDERS, *rows)
    feed.run()
    assert Order.objects.count() == 0
    assert len(feed.refused()) == len(rows)
    assert all(sentence in row[0] for row in feed.refused())


def test_what_a_command_refuses_is_said_of_the_row_in_the_language_of_the_mapping(feed: Feed) -> None:
    path = feed.folder / "mapping.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("language: en", "language: es"), encoding="utf-8"
    )
    feed.put("clientes.csv", CUSTOMERS, ["C1", "Conservas", "", ""])
    feed.put("facturas.csv", INVOICES, ["F1", "C1", "22.11.2026", "21.11.2026", "1", "Juntas", "1", "", ""])
    feed.run()
    assert feed.refused()[0][0] == "Fila 2, columna «Vence»: Vence antes de la fecha en que se emitió."


def test_rows_that_are_refused_when_their_turn_comes_stay_with_the_reason(feed: Feed) -> None:
    feed.put("facturas.csv", INVOICES, ["F1", "C1", "22.11.2026", "21.11.2026", "1", "Juntas", "1", "", ""])
    feed.run()
    feed.put("clientes.csv", CUSTOMERS, ["C1", "Conservas", "", ""])
    feed.run()
    assert UnsettledRow.objects.get().sentence == "It falls due before it was issued."
    feed.put("facturas-2.csv", INVOICES, ["F1", "C1", "22.11.2026", "23.11.2026", "1", "Juntas", "1", "", ""])
    assert feed.run().taken[0].added == 1
    assert not UnsettledRow.objects.exists()


def test_a_formula_in_a_refused_row_is_no_formula_in_the_file_that_goes_back(feed: Feed) -> None:
    feed.put("clientes.csv", CUSTOMERS, ["=cmd|' /C calc'!A0", "", "+1", "@x"])
    feed.run()
    assert [cell[:2] for cell in feed.refused()[0][1:]] == ["'=", "", "'+", "'@"]


@pytest.mark.parametrize(
    "text",
    [
        codecs.BOM_UTF8 + "Cliente;Razón social\nC1;Peñas Ñuñoa\n".encode(),
        "Cliente;Razón social\r\nC1;Peñas Ñuñoa\r\n".encode("cp1252"),
        codecs.BOM_UTF16_LE + "Cliente\tRazón social\nC1\tPeñas Ñuñoa\n".encode("utf-16-le"),
        'sep=,\n"Cliente","Razón social"\n"C1","Peñas Ñuñoa"\n'.encode(),
    ],
    ids=["bom", "cp1252", "utf-16", "sep"],
)
def test_the_encodings_of_real_erps_are_read(feed: Feed, text: bytes) -> None:
    feed.put_text("clientes.csv", text)
    feed.run()
    assert Customer.objects.filter(name="Peñas Ñuñoa").exists()


def test_a_nul_a_broken_quote_and_a_ragged_row_are_refused_each_for_itself(feed: Feed) -> None:
    feed.put_text(
        "clientes.csv", 'Cliente;Razón social\nC1;Bien\nC2;Nu\0lo\nC3;"mal"as\nC4;a;b;c\nC5;También\n'
    )
    run = feed.run()
    assert (run.taken[0].added, run.taken[0].refused) == (2, 3)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "is empty"),
        (b"Cliente;Nombre\nC1;x\n", "has no column “Razón social”"),
        (b"%PDF-1.7\n\0\0", "is not a table"),
        ("Cliente;Razón social\n".encode(), "no rows below"),
    ],
)
def test_a_file_that_is_none_goes_aside_with_a_sentence_beside_it(
    feed: Feed, text: bytes, sentence: str
) -> None:
    feed.put_text("clientes.csv", text)
    run = feed.run()
    assert sentence in run.taken[0].refusals[0]
    assert (feed.folder / "refused" / "clientes.csv").read_bytes() == text
    assert sentence in (feed.folder / "refused" / "clientes.csv.txt").read_text(encoding="utf-8")
    assert feed.waiting_files() == []


def test_a_delivery_of_a_line_the_order_has_not_waits_for_it(feed: Feed) -> None:
    feed.put("clientes.csv", CUSTOMERS, ["C1", "Conservas", "", ""])
    feed.put("pedidos.csv", ORDERS, ["1", "C1", "20.11.2026", "10", "Juntas", "1", "1"])
    feed.put("albaranes.csv", DELIVERIES, ["A1", "1", "30", "21.11.2026", "1"])
    feed.run()
    assert UnsettledRow.objects.get().needs_id == "1#30"


# Files ----------------------------------------------------------------------------------------------------


def test_a_file_still_being_written_is_left_alone(feed: Feed) -> None:
    fresh = feed.put("clientes-1.csv", CUSTOMERS, ["C1", "Uno", "", ""])
    rested = feed.put("clientes-2.csv", CUSTOMERS, ["C2", "Dos", "", ""])
    feed.put("clientes-3.csv.tmp", CUSTOMERS, ["C3", "Tres", "", ""])
    age(fresh, 5, feed.now)
    age(rested, 60, feed.now)
    run = feed.run(quiet=timedelta(seconds=30))
    assert [taken.name for taken in run.taken] == ["clientes-2.csv"]
    assert feed.waiting_files() == ["clientes-1.csv"]


def test_a_file_that_grows_while_it_is_read_is_left_for_the_next_time(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hilo.channels.erp import running

    path = feed.put("clientes.csv", CUSTOMERS, ["C1", "Uno", "", ""])
    read = running._read

    def reading_while_it_grows(*given: object) -> object:
        found = read(*given)  # type: ignore[arg-type]
        with path.open("a", encoding="utf-8") as file:
            file.write("C2;Dos;;\n")
        return found

    monkeypatch.setattr(running, "_read", reading_while_it_grows)
    assert feed.run().taken == []
    assert not Customer.objects.filter(name="Uno").exists()
    monkeypatch.undo()
    assert feed.run().taken[0].added == 2


def test_links_and_strangers_are_left_where_they_are(feed: Feed, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("Cliente;Razón social\nC1;Secreto\n", encoding="utf-8")
    (feed.folder / "clientes-link.csv").symlink_to(secret)
    feed.put("otra-cosa.csv", CUSTOMERS, ["C1", "Uno", "", ""])
    assert feed.run().taken == []
    assert feed.waiting_files() == ["clientes-link.csv", "otra-cosa.csv"]
    assert secret.exists()


def test_a_file_of_the_same_name_never_overwrites_the_one_that_is_done(feed: Feed) -> None:
    for name in ("Uno", "Dos"):
        feed.put("clientes.csv", CUSTOMERS, [name, name, "", ""])
        feed.run()
    done = feed.folder / "done" / "2026-11-23"
    assert sorted(each.name for each in done.iterdir()) == ["clientes-2.csv", "clientes.csv"]


def test_files_are_taken_in_the_order_people_count(feed: Feed) -> None:
    for number in (10, 9, 1):
        feed.put(f"clientes-{number}.csv", CUSTOMERS, [f"C{number}", "x", "", ""])
    assert [taken.name for taken in feed.run().taken] == [
        "clientes-1.csv",
        "clientes-9.csv",
        "clientes-10.csv",
    ]


# The mapping ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("source: sap", "source: s a p", "one word"),
        ("follow_from: 2026-01-01", "follow_from: hoy", "must be a day"),
        ("zone: Europe/Madrid", "zone: ../etc/passwd", "time zone"),
        ("decimals: comma", "decimals: puntos", "comma or point"),
        ("  customers:", "  clients:", "no kind of file"),
        ("customer: Cliente,", "", "needs to know which column is “customer”"),
        ("city: Población", "town: Población", "no column of customers"),
        ("language: en", "lang: en", "nobody knows “lang”"),
        ("report_after_days: 5", "report_after_days: -1", "number of days"),
        ("source: sap", "source: [", "is no YAML"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(feed: Feed, old: str, new: str, sentence: str) -> None:
    path = feed.folder / "mapping.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(Unreadable, match=sentence):
        read_mapping(feed.folder)
    with translation.override("en"), pytest.raises(Unreadable):
        feed.run()
    assert TakenFile.objects.get().name == "mapping.yaml"


def test_a_column_may_have_a_name_that_yaml_would_take_for_yes_or_no(feed: Feed) -> None:
    path = feed.folder / "mapping.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("city: Población", "city: No"), encoding="utf-8")
    assert read_mapping(feed.folder).files[0].columns["city"] == "No"


def test_a_folder_without_a_mapping_says_what_to_write(tmp_path: Path, feed: Feed) -> None:
    (feed.folder / "mapping.yaml").unlink()
    with pytest.raises(Unreadable, match=r"no mapping\.yaml"):
        feed.run()


def test_two_erps_have_a_folder_each(feed: Feed) -> None:
    text = (feed.folder / "mapping.yaml").read_text(encoding="utf-8")
    (feed.folder / "mapping.yaml").unlink()
    for name in ("sap", "navision"):
        (feed.folder / name).mkdir()
        mapping = text.replace("source: sap", f"source: {name}")
        (feed.folder / name / "mapping.yaml").write_text(mapping, encoding="utf-8")
        with (feed.folder / name / "clientes.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([CUSTOMERS, ["C1", f"Cliente de {name}", "", ""]])
    feed.run()
    assert Customer.objects.filter(name__startswith="Cliente de ").count() == 2
