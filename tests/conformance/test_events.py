"""The ledger says only what docs/model.md says it says, and nothing that somebody typed (SPEC 1.1, 1.3)."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest
from django.utils.text import slugify

from hilo.ledger.record import Event
from hilo.ledger.registry import EVENT_KINDS
from tests.conformance.conftest import Played
from tests.conformance.machine.world import MARK
from tests.conftest import PROJECT

# Tests of the ledger have events of their own, which may be loaded in this process.
OURS = {kind: event for kind, event in EVENT_KINDS.items() if event.__module__.startswith("hilo.")}

SHORTEST = 5  # shorter values ("es", "EUR") are found inside any number

CODES = {
    "Area.code": "a code that an administrator gives",
    "Delegation.code": "a code that an administrator gives",
    "Delegation.zone": "the name of a time zone",
    "Delegation.country": "a country's two letters",
    "Delegation.region": "a region's code",
    "Person.zone": "the name of a time zone",
    "ModuleSwitch.code": "a part of Hilo",
    "CompanyPolicy.currency": "three letters",
    "Thread.code": "the number people say on the telephone",
    "Case.code": "the number people say on the telephone",
    "CaseLink.type": "a kind of object",
    "Thread.currency": "three letters",
    "Thread.next_kind": "a code of the next step",
    "Thread.next_type": "a kind of object",
    "OrderLine.currency": "three letters",
    "Order.number": "the number of an order",
    "ProcessTemplate.code": "a code that an administrator gives",
    "Step.key": "a code within a process",
    "HandoffItem.key": "a code within a process, or a number (never made from what was typed)",
    "DocumentVersion.sha256": "the digest of a file",
    "StepRun.waits_for": "customer or supplier",
    "Contradiction.one_type": "a kind of object",
    "Contradiction.other_type": "a kind of object",
    "Contradiction.key": "kinds and ids of its two sides, and their dates",
    "Notice.key": "a code, not told to the ledger",
    "Notice.kind": "a code",
    "Notice.subject_type": "a kind of object",
    "SearchEntry.kind": "a kind of object",
    "SearchEntry.title_key": "an index over names that are looked for themselves",
    "SearchEntry.tokens": "an index over texts that are looked for themselves",
    "Numbering.series": "a code",
    "LegalDeadline.customer_kind": "a code",
    "Invoice.number": "the number of an invoice",
    "Invoice.currency": "three letters",
    "Rate.currency": "three letters",
    "CauseKind.code": "a code of the catalogue, or a number (never made from what was typed)",
    "Lesson.key": "a number",
    "Lesson.step_key": "a code within a process",
    "Why.evidence_type": "a kind of object",
    "Rung.key": "which clock was late, and since when",
}


def documented() -> dict[str, str]:
    """Section 7 of docs/model.md: each kind with what stands after its colon."""
    page = Path(PROJECT / "docs" / "model.md").read_text(encoding="utf-8")
    section = re.split(r"^## \d+\. ", page, flags=re.MULTILINE)[7]
    assert section.startswith("Events"), "the events stand in section 7"
    return dict(re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)`([^·`\n]*)", section))


def test_every_kind_of_event_is_documented_and_nothing_else_is() -> None:
    assert set(documented()) == set(OURS)


@pytest.mark.parametrize("kind", sorted(OURS))
def test_what_an_event_carries_is_what_the_model_says(kind: str) -> None:
    words = re.sub(r"\([^)]*\)", "", documented()[kind]).strip(" :")
    said = {word.strip() for word in words.split(",") if word.strip()}
    hints = get_type_hints(OURS[kind])
    own = {each.name for each in fields(OURS[kind])} - {each.name for each in fields(Event)}
    assert said == {f"{name}*" if "Sealed" in str(hints[name]) else name for name in own}


def test_every_command_recorded_only_registered_kinds(played: Played) -> None:
    for name, kinds in played.coverage.recorded.items():
        assert kinds and kinds <= set(EVENT_KINDS), name


def test_no_payload_holds_a_word_that_somebody_typed(played: Played) -> None:
    """Every text of the script carries one mark, which would show even inside a key made from the text."""
    assert sum(MARK in body for body in played.private) > 100
    assert [(kind, payload) for kind, payload in played.payloads if MARK in payload] == []


def test_no_column_of_free_text_or_personal_data_shows_in_a_payload(played: Played) -> None:
    everything = "\n".join(payload for _kind, payload in played.payloads).lower()
    assert CODES.keys() <= played.written.keys()
    codes = {
        value.lower() for column in CODES for value in played.written[column]
    }  # "zaragoza", and its name
    shown = {
        f"{column}: {value}"
        for column, values in played.written.items()
        if column not in CODES
        for value in values
        if len(value) >= SHORTEST
        and value.lower() not in codes
        and (value.lower() in everything or f'"{slugify(value)}' in everything)
    }
    assert shown == set()


def test_no_private_text_shows_in_a_payload(played: Played) -> None:
    everything = "\n".join(payload for _kind, payload in played.payloads)
    assert [body for body in played.private if len(body) >= SHORTEST and body in everything] == []
