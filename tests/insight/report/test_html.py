"""The report as a file: it is whole, asks nobody, lets no name speak HTML, and says its figures in words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from hilo.insight.raw import Role
from hilo.insight.report import content_security_policy, to_html
from hilo.insight.results import Diagnosis, Follows, Group, Kind, Unit, UnitPair, Variant
from tests.insight.report import diagnoses
from tests.insight.report.reading import Document, words
from tools import messages

LANGUAGES = ("es", "en")
ALL = (diagnoses.rich, diagnoses.empty, diagnoses.hostile)
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def rich() -> Document:
    return Document(to_html(diagnoses.rich(), "es"))


# Whole and by itself -------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("make", ALL)
def test_every_element_is_closed_and_every_id_stands_once(make: Any, lang: str) -> None:
    page = Document(to_html(make(), lang))
    ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    assert page.named("html")[0].attributes["lang"] == lang
    assert len(page.named("h1")) == 1


@pytest.mark.parametrize("make", ALL)
def test_what_is_pointed_at_is_there(make: Any) -> None:
    page = Document(to_html(make(), "es"))
    ids = {each.attributes.get("id") for each in page.elements}
    for element in page.elements:
        for attribute in ("aria-labelledby", "for"):
            if attribute in element.attributes:
                assert element.attributes[attribute] in ids
        if (target := element.attributes.get("href") or "").startswith("#"):
            assert target[1:] in ids, target


@pytest.mark.parametrize("make", ALL)
def test_nothing_is_fetched_from_anywhere(make: Any) -> None:
    html = to_html(make(), "es")
    page = Document(html)
    for element in page.elements:
        assert element.name not in ("link", "img", "iframe", "object", "embed", "base", "form", "image")
        assert "src" not in element.attributes
        assert (element.attributes.get("href") or "#").startswith("#")
    for style in page.named("style"):
        assert all(url.startswith("data:") for url in re.findall(r"url\(([^)]*)\)", words(style)))
        assert "@import" not in words(style)
    for value in (value for each in page.elements for value in each.attributes.values() if value):
        assert "url(" not in value or value == "url(#frayed)" or "evil" in value


@pytest.mark.parametrize("make", ALL)
def test_nothing_stands_inline_that_the_policy_would_stop(make: Any) -> None:
    page = Document(to_html(make(), "es"))
    for element in page.elements:
        assert not [name for name in element.attributes if name.startswith("on") or name == "style"]
    assert len(page.named("script")) == len(page.named("style")) == 1
    policy = next(each for each in page.named("meta") if each.attributes.get("http-equiv"))
    assert policy.attributes["content"] == content_security_policy()


def test_the_letters_are_those_of_the_application() -> None:
    from hilo.insight.report import as_html
    from tests.conftest import PROJECT

    ours = PROJECT / "hilo/web/base/static/vendor/inter-latin.woff2"
    theirs = next(file for file in (PROJECT / as_html._FILES).iterdir() if file.suffix == ".woff2")
    assert ours.read_bytes() == theirs.read_bytes()


# Names that mean harm ------------------------------------------------------------------------------------


def test_names_are_text_wherever_they_stand() -> None:
    page = Document(to_html(diagnoses.hostile(), "es"))
    assert not page.named("img")
    assert "<script>alert('1')</script>" in page.visible
    assert "\x00" not in page.visible


def test_a_report_of_hostile_names_can_be_written_to_a_file() -> None:
    to_html(diagnoses.hostile(), "es").encode("utf-8")


def test_a_long_name_is_cut_where_it_is_drawn_and_whole_enough_where_it_is_listed() -> None:
    html = to_html(diagnoses.hostile(), "es")
    assert "A" * 150 in html
    assert all(len(words(each)) < 120 for each in Document(html).named("text"))


def test_a_name_from_right_to_left_is_kept_apart_from_the_sentence() -> None:
    finding = diagnoses.findings()[0]
    whole = replace(diagnoses.rich(), findings=(replace(finding, where={"activity": "نقل العمل"}),))
    assert "«<bdi>نقل العمل</bdi>»" in to_html(whole, "es")


# Languages -----------------------------------------------------------------------------------------------


def _spoken_differently() -> set[str]:
    """English messages of the report whose Spanish is another: none of them may be seen in Spanish."""
    from tests.conftest import PROJECT

    catalogue = messages.messages_of(messages.read(PROJECT / "hilo/insight"))
    found = set()
    for file in (PROJECT / "hilo/insight/report").rglob("*.py"):
        for each in messages.strings_in(file):
            assert all(messages.spanish_of(catalogue[each.key])), f"no Spanish: {each.key[0]}"
            if messages.spanish_of(catalogue[each.key])[0] != each.key[0]:
                found.add(each.key[0])
    return found


@pytest.mark.parametrize("make", (diagnoses.rich, diagnoses.empty))
def test_no_english_is_left_in_the_spanish_report(make: Any) -> None:
    page = Document(to_html(make(), "es"))
    english = _spoken_differently()
    seen = {text.strip().replace("%", "%%") for text in page.texts}
    labels = {each.attributes.get("aria-label") or "" for each in page.elements}
    labels |= {each.attributes.get("data-label") or "" for each in page.elements}
    assert not english & (seen | labels)
    plain = [one for one in english if "%" not in one and len(one) > 25]
    assert not [one for one in plain if one in page.visible]


def test_figures_are_written_as_each_language_writes_them() -> None:
    spanish, english = (Document(to_html(diagnoses.rich(), lang)).visible for lang in LANGUAGES)
    assert "7.554 casos" in spanish and "19.290 días" in spanish and "7,5 días" in spanish
    assert "7,554 cases" in english and "19,290 days" in english and "7.5 days" in english


# The first screen ----------------------------------------------------------------------------------------


def test_the_title_is_the_dearest_finding_with_its_cost(rich: Document) -> None:
    title = words(rich.named("h1")[0])
    assert title == (
        "Lo que más cuesta a los clientes: el silencio en «Wait for user», "
        "19.290 días de espera (el 21 % del total)"
    )


def test_five_findings_each_with_cost_certainty_and_what_to_do(rich: Document) -> None:
    shown = rich.of_class("finding")
    assert len(shown) == 5
    for each in shown:
        text = words(each)
        assert "El lunes" in text and "de espera" in text and "Certeza" in text
    assert "2 hallazgos más" in rich.visible


def test_where_it_waits_and_between_whom_it_bounces_stands_on_the_first_screen(rich: Document) -> None:
    (glance,) = rich.of_class("glance")
    assert "Line C → Line V7n 1.005 días en 101 traspasos" in words(glance).replace("V7n1", "V7n 1")
    assert "Line C ⇄ Line A2" in words(glance)
    assert "1.013 veces" in words(glance)  # both ways together


def test_the_evidence_of_a_finding_can_be_copied(rich: Document) -> None:
    first = rich.named("textarea")[0]
    assert "".join(first.texts).split("\n")[0] == "1-580987781"
    assert len("".join(first.texts).split("\n")) == 40


def test_a_wide_interval_or_few_cases_are_no_high_certainty() -> None:
    late = next(finding for finding in diagnoses.findings() if finding.kind is Kind.LATE)
    page = Document(to_html(replace(diagnoses.rich(), findings=(late,)), "es"))
    assert "Certeza baja" in page.visible
    assert "Certeza alta" not in page.visible


# Empty states --------------------------------------------------------------------------------------------


def test_findings_of_few_come_counted_after_the_others_and_without_a_number() -> None:
    everything = diagnoses.rich()
    one, two, *_rest = everything.findings
    few = replace(
        two, n=24, effect=0.5, interval=(0.31, 0.69), unit=Unit.SHARE, cost_interval=(240.0, 2400.0)
    )
    page = to_html(replace(everything, findings=(one, few)), "en")
    shown = re.findall(r'<div class="nth" aria-hidden="true">(.)</div>', page)
    assert shown == ["1", "·"]
    assert "12 of 24" in page
    assert "These are of fewer than 30: counted, and in no order of weight." in page
    assert "(10–100 days)" in page
    alone = to_html(replace(everything, findings=(few,)), "es")
    assert "Lo que llama la atención, en pocos casos" in alone
    assert "Lo que más cuesta" not in alone


def test_without_findings_it_says_what_was_looked_at_and_what_could_not_be() -> None:
    page = Document(to_html(diagnoses.empty(), "es"))
    assert words(page.named("h1")[0]) == "Nada que sobresalga en 1 caso"
    findings = page.by_id("findings")
    assert findings is not None
    looked, unseen = page.of_class("looked")
    assert "Retrabajo" in words(looked) and "Ida y vuelta" not in words(looked)
    assert "Ida y vuelta · Área" in words(unseen) and "Tarde · Plazo" in words(unseen)


def test_without_an_area_column_the_borders_say_how_to_get_them() -> None:
    page = Document(to_html(diagnoses.empty(), "es"))
    borders = page.by_id("borders")
    assert borders is not None
    assert "--area" in words(borders)


def test_a_log_where_nothing_is_handed_over_says_so() -> None:
    whole = diagnoses.rich()
    assert whole.measures.handovers is not None
    none = replace(
        whole.measures.handovers, count=0, cases=0, pairs=(), ping_pong_pairs=(), ping_pong_count=0
    )
    html = to_html(replace(whole, measures=replace(whole.measures, handovers=none)), "es")
    assert "Cada caso se queda en la misma área" in html


def test_parts_without_data_are_neither_shown_nor_linked() -> None:
    page = Document(to_html(diagnoses.empty(), "es"))
    assert page.by_id("promises") is None and page.by_id("groups") is None
    assert "#promises" not in [each.attributes.get("href") for each in page.named("a")]


def test_missing_columns_are_among_what_the_log_cannot_tell() -> None:
    limits = Document(to_html(diagnoses.empty(), "es")).by_id("limits")
    assert limits is not None
    for missing in ("Sin columna de área", "Sin fechas de compromiso", "Sin importes"):
        assert missing in words(limits)
    full = diagnoses.rich()
    mapped = {**full.mapping, Role.AMOUNT: full.mapping[Role.DUE]}
    other = Document(to_html(replace(full, mapping=mapped), "es")).by_id("limits")
    assert other is not None and "Sin importes" not in words(other)


# Small numbers -------------------------------------------------------------------------------------------


def test_fewer_than_five_show_no_figure_and_say_why(rich: Document) -> None:
    groups = rich.by_id("groups")
    assert groups is not None
    assert "Uno de paso" not in words(groups)
    assert "1 con menos de cinco casos no se muestra" in words(groups)
    row = next(each for each in rich.named("tr") if words(each).startswith("Line V5"))
    assert words(row).endswith("muy pocos muy pocos") or "muy pocosmuy pocos" in words(row)


def test_five_to_twenty_nine_are_grey_and_not_judged(rich: Document) -> None:
    row = next(each for each in rich.named("tr") if "Quesos del Duero" in words(each))
    assert "Muy pocos para comparar (menos de 30)" in words(row)
    assert rich.of_class("grey")


def test_who_differs_comes_first_and_is_said_in_words(rich: Document) -> None:
    groups = rich.by_id("groups")
    assert groups is not None
    assert "Vigo tarda más que el resto." in words(groups)
    row = next(each for each in rich.named("tr") if words(each).startswith("Vigo"))
    assert "Tarda más" in words(row) and "en 7 de cada 10 parejas de casos tarda más el suyo" in words(row)


# Charts --------------------------------------------------------------------------------------------------


def test_every_drawing_has_a_label_and_its_figures_in_a_table(rich: Document) -> None:
    for each in rich.of_class("draw"):
        assert each.attributes.get("role") == "img"
        assert each.attributes.get("aria-label")
    for part in ("map", "borders", "waiting", "overtime", "groups"):
        section = rich.by_id(part)
        assert section is not None
    assert len(rich.named("table")) >= 12


def test_a_point_outside_the_limits_has_a_shape_of_its_own(rich: Document) -> None:
    assert len(rich.of_class("signal")) == 2  # one point, drawn for two widths
    assert "1 punto fuera de los límites" in rich.visible


def test_limits_that_are_no_limits_signal_nothing() -> None:
    whole = diagnoses.rich()
    flat = replace(whole.measures.charts[0], centre=0.0, lower=0.0, upper=0.0)
    page = Document(to_html(replace(whole, measures=replace(whole.measures, charts=(flat,))), "es"))
    assert not page.of_class("signal")
    assert "no fijan límites" in page.visible


def test_the_map_leaves_the_rare_ways_to_the_table(rich: Document) -> None:
    section = rich.by_id("map")
    assert section is not None
    assert "Se dibujan 8 de 17 pasos, el 85 % del flujo." in words(section)
    assert "sobre todo «In progress» (7.285 veces)" in words(section)


# Size ----------------------------------------------------------------------------------------------------


def _huge() -> Diagnosis:
    whole = diagnoses.rich()
    measures = whole.measures
    assert measures.handovers is not None
    long = "x" * 150
    pairs = tuple(UnitPair(f"{long}{n}", f"{long}{n + 1}", 50, 40, 9.0, 3.0) for n in range(30_000))
    step = measures.steps[0]
    return replace(
        whole,
        findings=tuple(
            replace(one, evidence=tuple(f"{long}{n}" for n in range(1000)))
            for one in tuple(whole.findings) * 30
        ),
        measures=replace(
            measures,
            follows=tuple(Follows(f"{long}{n}", f"{long}{n + 1}", 9, 9, 1.0, 1.0) for n in range(60_000)),
            starts={f"{long}{n}": 1 for n in range(20_000)},
            steps=tuple(replace(step, name=f"{long}{n}") for n in range(60_000)),
            handovers=replace(measures.handovers, pairs=pairs, ping_pong_pairs=pairs),
            customers=tuple(Group(f"{long}{n}", 40, 1.0, (1.0, 2.0), 0.0, 1.0) for n in range(20_000)),
            variants=replace(
                measures.variants,
                top=tuple(Variant(tuple(f"{long}{n}-{m}" for m in range(60)), 2) for n in range(2000)),
            ),
        ),
    )


def test_a_report_of_any_log_stays_under_five_megabytes_and_says_what_it_leaves_out() -> None:
    html = to_html(_huge(), "es")
    assert len(html.encode()) < 5 * MEGABYTE
    page = Document(html)
    assert "Se muestran 60 de 60.000" in page.visible
    assert "205 hallazgos más" in page.visible
