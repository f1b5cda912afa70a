"""Every kind of event has its words in a story, or a reason to be left out."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.utils import translation

from hilo.ledger.models import LedgerEvent
from hilo.ledger.record import erase_private_texts
from hilo.ledger.registry import EVENT_KINDS
from hilo.web.base.icons import ICONS
from hilo.web.threads.entries import entry_shown, titles_of
from hilo.web.threads.entry_kinds import ENTRIES, SILENT, entry, kind_of, known_kinds
from hilo.work.models import Thread
from hilo.work.queries.timeline import Names, StoryPage
from tests.web.threads.conftest import SignedIn
from tests.web.threads.scene import Scene

NOW = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)
VARIANTS = {"note.written": {"note_kind": "note"}, "closing_question.answered": {"aim_reached": True}}


def ours() -> set[str]:
    return {code for code, kind in EVENT_KINDS.items() if kind.__module__.startswith("hilo.")}


def test_every_kind_of_event_is_told_or_left_out_with_a_reason() -> None:
    told = {code.partition(":")[0] for code in ENTRIES}
    assert ours() - told - set(SILENT) == set()
    assert (told | set(SILENT)) - ours() == set()
    assert told.isdisjoint(SILENT) and all(SILENT.values())


@pytest.mark.parametrize("code", sorted(SILENT))
def test_what_the_story_leaves_out_makes_a_page_stale_all_the_same(code: str) -> None:
    event = LedgerEvent(
        id=1, kind=code, occurred_at=NOW, recorded_at=NOW, author_kind="person", author_id=1, subject_id=1,
        subject_type="step_run", payload="{}",
    )  # fmt: skip
    with translation.override("es"):
        ((_who, what),) = titles_of([event], Names())
    assert what == "un cambio"


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("code", sorted({code.partition(":")[0] for code in ENTRIES}))
def test_an_entry_needs_nothing_but_the_event(code: str, language: str) -> None:
    """What it names may be gone, what it says erased: it is told all the same."""
    event = LedgerEvent(
        id=1, kind=code, occurred_at=NOW, recorded_at=NOW, author_kind="person", author_id=1, subject_id=1,
        subject_type="note", payload=json.dumps(VARIANTS.get(code, {})),
    )  # fmt: skip
    with translation.override(language):
        shown = entry_shown(event, StoryPage([event], {}, Names(), None), thread=None, now=NOW)
    assert shown.title and shown.icon in ICONS
    assert "%(" not in shown.head + shown.body


def test_one_code_is_told_in_one_way_only() -> None:
    with pytest.raises(LookupError):
        entry("promise.made", icon="pin", title="Otra manera")


def test_an_internal_note_is_nothing_the_customer_knows() -> None:
    assert not kind_of("note.written", {"note_kind": "note"}).is_known
    assert kind_of("note.written", {"note_kind": "customer"}).is_known
    assert {"update.said", "promise.made", "note.written"} <= known_kinds()
    assert not {"step.finished", "handoff.returned", "reserve.used", "ask.made"} & known_kinds()


def test_an_erased_text_says_that_it_was_erased(scene: Scene, signed_in: SignedIn) -> None:
    from django.db import transaction

    from hilo.ledger.record import Ref

    with transaction.atomic():
        assert erase_private_texts(about=Ref("contact", scene.house.contact.pk))
    html = signed_in("sales").get(f"/hilos/{scene.thread.code}/").content.decode()
    assert "Este texto se ha borrado." in html
    assert "si la prueba del jueves sigue en pie" not in html


def test_a_text_is_shown_as_text(scene: Scene, signed_in: SignedIn) -> None:
    from hilo.work.commands.conversation import write_note

    write_note(
        scene.thread, text="<script>alert(1)</script>\n=1+1", by=scene.house.actor("sales"), now=scene.now
    )
    html = signed_in("sales").get(f"/hilos/{scene.thread.code}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html and "<script>alert" not in html
    assert Thread.objects.count() == 1
