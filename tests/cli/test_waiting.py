"""The page that stands at the port until Hilo itself answers there."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from hilo.cli.running import answers, free_port, listen_once
from hilo.cli.waiting import Progress, waiting_page

HERE = "127.0.0.1"


@pytest.fixture
def port() -> Iterator[int]:
    yield free_port(HERE, 18_600)


def page_at(port: int) -> tuple[int, str]:
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(f"http://{HERE}:{port}/hilos/?pagina=2", timeout=10)
    with answer.value as response:
        return response.code, response.read().decode()


def test_whoever_comes_too_early_sees_what_is_done_and_how_far_it_is(port: int) -> None:
    with waiting_page(HERE, port) as progress:
        status, page = page_at(port)
        assert status == 503 and 'http-equiv="refresh"' in page and "value=" not in page
        progress.begin("Loading <the> company…")
        progress.tell(40, 160)
        assert 'max="160" value="40"' in page_at(port)[1]
        assert "Loading &lt;the&gt; company…" in page_at(port)[1]
        progress.begin("Something else…")
        assert "value=" not in page_at(port)[1]


def test_it_is_not_taken_for_hilo_and_leaves_the_port_free_even_when_the_preparing_fails(port: int) -> None:
    with pytest.raises(RuntimeError), waiting_page(HERE, port):
        assert not answers(HERE, port)
        raise RuntimeError("a migration failed")
    listen_once(HERE, port)


def test_a_terminal_sees_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Progress().tell(1, 4)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    Progress().tell(1, 4)
    Progress().tell(4, 4)
    assert capsys.readouterr().err == "\r  25 %\r  100 %\n"
