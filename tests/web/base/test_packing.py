"""A page goes out packed to whoever can unpack it, never of the same length twice; a file goes as it is."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from tests.factories.work import a_house, a_thread
from tests.web.signed_in import as_, yesterday

pytestmark = pytest.mark.django_db
CAN = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def seller() -> Client:
    house = a_house(now=yesterday())
    a_thread(house)
    return as_(house.person("sales"))


def test_a_page_is_packed_for_a_browser_alone(seller: Client) -> None:
    packed, plain = seller.get("/hilos/", headers=CAN), seller.get("/hilos/")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert b"<html" in gzip.decompress(packed.content)
    assert len(packed.content) * 3 < len(plain.content)


def test_the_length_of_a_page_betrays_nothing(seller: Client) -> None:
    lengths = {len(seller.get("/hilos/", headers=CAN).content) for _time in range(12)}
    assert len(lengths) > 3


@pytest.mark.parametrize("path", ["/hilos/exportar/hilos.csv", "/hilos/exportar/hilos.xlsx"])
def test_a_file_goes_as_it_is(path: str, seller: Client) -> None:
    answer = seller.get(path, headers=CAN)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
