from __future__ import annotations

import pytest

from hilo.channels.imports import cleaning
from hilo.channels.imports.cleaning import Unfit

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("typed", "country", "read"),
    [
        ("976 12 34 56", "ES", "+34 976 12 34 56"),
        ("(976) 123456", "ES", "+34 976 12 34 56"),
        ("+34976123456", "US", "+34 976 12 34 56"),
        ("0034 612 345 678", "ES", "+34 612 34 56 78"),
        ("(415) 901-7000", "US", "+1 415-901-7000"),
        ("(555) 555-1212", "US", ""),
        ("llamar por la tarde", "ES", ""),
        ("123", "ES", ""),
        ("=976123456", "ES", ""),
    ],
)
def test_phones_are_understood_by_the_country_of_their_owner(typed: str, country: str, read: str) -> None:
    assert cleaning.phone(typed, country) == read


@pytest.mark.parametrize(
    ("typed", "country", "read"),
    [
        ("B-58378431", "ES", "B58378431"),
        ("b58378431", "ES", "B58378431"),
        ("ESB58378431", "ES", "B58378431"),
        ("12345678Z", "ES", "12345678Z"),
        ("B58378432", "ES", ""),
        ("12345678A", "ES", ""),
        ("DE 136,695 976", "DE", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("PT 501 964 843", "ES", "PT501964843"),
        ("=CMD|' /C calc'!A0", "ES", ""),
    ],
)
def test_tax_numbers_are_kept_compact_only_when_their_check_digit_is_right(
    typed: str, country: str, read: str
) -> None:
    assert cleaning.tax_id(typed, country) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ana@envasa.es", "ana@envasa.es"),
        ("mailto:ana@envasa.es", "ana@envasa.es"),
        ("ana@envasa.es; luis@envasa.es", "ana@envasa.es"),
        ("Ana.Ruiz+crm@Envasa.ES", "Ana.Ruiz+crm@envasa.es"),
        ("ñandú@correo.es", "ñandú@correo.es"),
    ],
)
def test_the_first_address_of_a_cell_is_taken(typed: str, read: str) -> None:
    assert cleaning.email(typed) == read


@pytest.mark.parametrize("typed", ["ana", "ana@", "ana@@envasa.es", "@envasa.es", "ana@envasa", "<b>a</b>@x"])
def test_what_no_mail_can_reach_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(Unfit, match="correct it or leave the cell empty"):
        cleaning.email(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("España", "ES"),
        ("ESPAÑA", "ES"),
        ("es", "ES"),
        ("ESP", "ES"),
        ("Spain", "ES"),
        ("United States", "US"),
        ("USA", "US"),
        ("EE.UU.", "US"),
        ("Reino Unido", "GB"),
        ("UK", "GB"),
        ("Deutschland", "DE"),
        ("Países Bajos", "NL"),
        ("Atlántida", ""),
        ("XQ", ""),
    ],
)
def test_countries_are_known_by_code_and_by_name(typed: str, code: str) -> None:
    assert cleaning.country(typed) == code


@pytest.mark.parametrize(
    "text",
    ["<b>Acme</b>", "=CMD|' /C calc'!A0", "שלום בע״מ", "\u202eemca", "👩‍🏭 Envasa", "@Acme", "+34", "&amp;"],
)
def test_odd_texts_are_texts(text: str) -> None:
    assert cleaning.line(text, 200) == text


def test_spaces_and_line_breaks_in_a_name_become_one_space() -> None:
    assert cleaning.line("  Acme \r\n\t Ibérica \x07", 200) == "Acme Ibérica"


def test_a_text_that_does_not_fit_is_refused_and_never_cut() -> None:
    assert cleaning.line("x" * 200, 200) == "x" * 200
    with pytest.raises(Unfit, match="201 letters and 200 fit"):
        cleaning.line("x" * 201, 200)


def test_paragraphs_keep_their_lines() -> None:
    assert cleaning.paragraphs("uno\r\ndos\x00\n", 100) == "uno\ndos"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("www.acme.es", "https://www.acme.es"),
        ("http://acme.es/a?b=1", "http://acme.es/a?b=1"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("no tiene", "no tiene"),
    ],
)
def test_only_what_is_an_address_of_the_web_gets_a_scheme(typed: str, read: str) -> None:
    assert cleaning.website(typed) == read


@pytest.mark.parametrize(
    ("typed", "is_yes"), [("TRUE", True), ("Sí", True), ("1", True), ("no", False), ("0", False)]
)
def test_flags_are_read_in_both_languages(typed: str, is_yes: bool) -> None:
    assert cleaning.flag(typed) is is_yes


def test_a_flag_that_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(Unfit, match="neither yes nor no"):
        cleaning.flag("quizá")


def test_salesforce_ids_of_15_and_of_18_letters_are_one() -> None:
    assert cleaning.salesforce_id("001x0000002xLCV") == "001x0000002xLCVAA2"
    assert cleaning.salesforce_id("001x0000002xLCVAA2") == "001x0000002xLCVAA2"
    assert cleaning.salesforce_id("006x0000001YtwJ") == "006x0000001YtwJAAS"


def test_question_marks_alone_are_letters_lost_in_an_earlier_export() -> None:
    assert cleaning.is_lost("????????")
    assert cleaning.is_lost("??? ??")
    assert not cleaning.is_lost("Quo?")
    assert not cleaning.is_lost("?")
