"""Processes in the browser: the picture, the editor, files in and out, versions compared, threads moved."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hilo.work.commands.drafting import begin_draft
from hilo.work.commands.threads import make_confidential
from hilo.work.models import TemplateVersion, Thread
from hilo.work.template_rows import text_of
from hilo.work.version_moves import standings_of
from tests.factories.work import BRANCHES, TWO_STEPS, House, a_house, a_published_template, branches
from tests.web.signed_in import as_
from tests.work.watching import everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HERE = "/ajustes/procesos"
PAINT = "  - {key: paint, name: Pintar <b>, area: production, target: 1d, after: [mount]}\n"


@pytest.fixture
def house(db: None) -> House:
    return a_house()


@pytest.fixture
def admin(house: House) -> Client:
    return as_(
        house.person("administrator")
        if "administrator" in house.company.people
        else house.company.administrator
    )


@pytest.fixture
def draft(house: House) -> TemplateVersion:
    version = a_published_template(BRANCHES, now=house.at)
    return begin_draft(version, by=house.actor("administrator"), now=house.at)


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


def fields(draft: TemplateVersion, **facts: Any) -> dict[str, Any]:
    draft.refresh_from_db()
    return {
        "seen": draft.version, "name": "Pintar", "area": "production", "target": "4h", "answerable": "",
        "value": "customer", "weight": "full", "finishes": "by_hand", "after": ["mount"], **facts,
    }  # fmt: skip


def test_the_picture_shows_each_step_as_a_link_that_says_what_it_waits_for(
    admin: Client, house: House
) -> None:
    a_published_template(BRANCHES, now=house.at)
    shown = page(admin, f"{HERE}/branches/1/")
    assert shown.count("<svg width") == 2
    assert "<title>4. Montar, " in shown and "después de Comprar la llenadora, Construir el bastidor" in shown
    assert shown.count('href="#paso-mount"') == 2 and 'id="paso-mount"' in shown
    assert "style=" not in shown.partition("<main")[2]


def test_a_draft_begins_and_its_steps_are_written_changed_moved_and_taken_out(
    admin: Client, house: House
) -> None:
    a_published_template(BRANCHES, now=house.at)
    answer = admin.post(f"{HERE}/branches/1/borrador/")
    assert answer.url == f"{HERE}/branches/2/"  # type: ignore[attr-defined]
    draft = TemplateVersion.objects.get(number=2)
    needs = {"need_0_text": "Color RAL", "need_0_required": "on", "need_1_text": "", "need_3_text": "Plano",
             "need_3_prefill": "approved_document"}  # fmt: skip
    given = fields(draft, exit="Mirar el color\n\n Tapar ", consulted=["sales"], **needs)
    assert admin.post(f"{HERE}/branches/2/paso/", given).status_code == 302
    step = text_of(draft).steps[-1]
    assert (step.key, step.target_minutes, step.exit) == ("pintar", 240, ("Mirar el color", "Tapar"))
    assert step.needs == (
        {"key": "color-ral", "text": "Color RAL", "required": True},
        {"key": "plano", "text": "Plano", "required": False, "prefill": "approved_document"},
    )
    shown = page(admin, f"{HERE}/branches/2/paso/?paso=pintar")
    assert "Color RAL" in shown and "Mirar el color\nTapar" in shown and 'value="4h"' in shown
    again = fields(draft, name="Pintar y secar", **needs, need_0_key="color-ral")
    assert admin.post(f"{HERE}/branches/2/paso/?paso=pintar", again).status_code == 302
    draft.refresh_from_db()
    up = {"key": "pintar", "to": "1", "seen": draft.version}
    assert admin.post(f"{HERE}/branches/2/paso/orden/", up).status_code == 302
    assert text_of(draft).steps[0].name == "Pintar y secar"
    draft.refresh_from_db()
    assert (
        admin.post(f"{HERE}/branches/2/paso/quitar/?paso=pintar", {"seen": draft.version}).status_code == 302
    )
    assert [each.key for each in text_of(draft).steps] == ["design", "buy", "build", "mount"]


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    admin: Client, draft: TemplateVersion
) -> None:
    before = everything()
    for facts, said in (
        ({"name": "montar"}, "Otro paso se llama"),
        ({"target": "tres días"}, "Escribe el tiempo de trabajo como 90m, 4h o 2d"),
        ({"name": ""}, "Di en pocas palabras qué se hace"),
        ({"area": "nowhere"}, "Elige un área"),
    ):
        answer = admin.post(f"{HERE}/branches/2/paso/", fields(draft, exit="No perder esto", **facts))
        assert answer.status_code == 422
        text = answer.content.decode()
        assert said in text and "No perder esto" in text, facts
    circle = fields(draft, name="Proyectar", area="technical", after=["mount"])
    answer = admin.post(f"{HERE}/branches/2/paso/?paso=design", circle)
    assert answer.status_code == 422 and "e espera a sí mismo en círculo" in answer.content.decode()
    assert everything() == before


def test_the_later_of_two_sees_what_the_other_wrote_before_sending_again(
    admin: Client, draft: TemplateVersion
) -> None:
    mine = fields(draft, name="Montar y probar", after=["buy", "build"], target="2d")
    first = {**mine, "name": "Montar en casa"}
    assert admin.post(f"{HERE}/branches/2/paso/?paso=mount", first).status_code == 302
    answer = admin.post(f"{HERE}/branches/2/paso/?paso=mount", mine)
    shown = answer.content.decode()
    assert answer.status_code == 409 and "Montar en casa" in shown and "Montar y probar" in shown
    draft.refresh_from_db()
    assert (
        admin.post(f"{HERE}/branches/2/paso/?paso=mount", {**mine, "seen": draft.version}).status_code == 302
    )
    assert text_of(draft).steps[3].name == "Montar y probar"


def test_what_is_published_has_no_editor_and_a_post_changes_nothing(
    admin: Client, draft: TemplateVersion
) -> None:
    assert "Solo se cambia un borrador" in page(admin, f"{HERE}/branches/1/paso/?paso=mount")
    before = everything()
    assert admin.post(f"{HERE}/branches/1/paso/?paso=mount", fields(draft)).status_code == 422
    assert admin.get(f"{HERE}/branches/2/paso/?paso=nothing").status_code == 404
    assert everything() == before


def test_a_new_process_leads_to_its_first_step(admin: Client) -> None:
    answer = admin.post(f"{HERE}/empezar/", {"name": "Puesta en marcha", "kind": "service", "code": ""})
    assert answer.url == f"{HERE}/puesta-en-marcha/1/paso/"  # type: ignore[attr-defined]
    assert "Todavía sin pasos" in page(admin, f"{HERE}/puesta-en-marcha/1/")
    again = admin.post(f"{HERE}/empezar/", {"name": "Puesta en marcha", "kind": "service", "code": ""})
    assert again.status_code == 422


# Files ---------------------------------------------------------------------------------------------------


def upload(client: Client, content: bytes, **facts: str) -> Any:
    file = SimpleUploadedFile("p.bpmn", content, content_type="application/xml")
    return client.post(f"{HERE}/bpmn/", {"file": file, "kind": "service", **facts})


def test_bpmn_goes_out_and_comes_in_as_the_same_process(admin: Client, draft: TemplateVersion) -> None:
    answer = admin.get(f"{HERE}/branches/2/bpmn/")
    assert 'filename="branches-v2.bpmn"' in answer["Content-Disposition"]
    brought = upload(admin, answer.content)
    assert brought.url == f"{HERE}/branches/3/"
    assert text_of(TemplateVersion.objects.get(number=3)) == text_of(draft)


FOREIGN = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x" id="d">
  <process id="Process_1" name="Reparar"><laneSet id="ls">
    <lane id="Lane_1" name="Taller"><flowNodeRef>A</flowNodeRef><flowNodeRef>B</flowNodeRef></lane>
    <lane id="Lane_2" name="Cliente"><flowNodeRef>C</flowNodeRef></lane></laneSet>
    <startEvent id="S"/><task id="A" name="Mirar"/><serviceTask id="B" name="Arreglar"/>
    <task id="C" name="Esperar"/>
    <sequenceFlow id="f1" sourceRef="S" targetRef="A"/><sequenceFlow id="f2" sourceRef="A" targetRef="C"/>
    <sequenceFlow id="f3" sourceRef="C" targetRef="B"/></process></definitions>"""


def test_lanes_that_are_no_areas_are_asked_for_and_what_is_left_out_is_said(
    admin: Client, house: House
) -> None:
    asked = upload(admin, FOREIGN)
    assert asked.status_code == 200 and not TemplateVersion.objects.exists()
    shown = asked.content.decode()
    assert "Taller" in shown and "Cliente" in shown
    content = shown.partition('name="content" value="')[2].partition('"')[0]
    given = {"content": content, "kind": "service", "lane_0": "production", "lane_1": "-"}
    assert admin.post(f"{HERE}/bpmn/", {**given, "lane_0": ""}).status_code == 422
    answer = admin.post(f"{HERE}/bpmn/", given, follow=True)
    steps = text_of(TemplateVersion.objects.get()).steps
    assert [(each.key, each.area, each.after) for each in steps] == [
        ("mirar", "production", ()), ("arreglar", "production", ("mirar",)),
    ]  # fmt: skip
    told = answer.content.decode()
    assert "«Arreglar» (B)" in told and "«Cliente» (Lane_2)" in told


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b"<a/>",
        FOREIGN.replace(b"<definitions", b'<!DOCTYPE x [<!ENTITY e "e">]><definitions'),
    ],
)
def test_a_file_that_is_no_process_is_refused_with_a_sentence(admin: Client, content: bytes) -> None:
    before = everything()
    answer = upload(admin, content)
    assert answer.status_code == 422
    assert everything() == before
    forged = admin.post(f"{HERE}/bpmn/", {"content": "%%%", "kind": "service"})
    assert forged.status_code == 200


# Versions side by side -----------------------------------------------------------------------------------


def test_a_version_is_shown_beside_another_one_field_by_field(admin: Client, house: House) -> None:
    a_published_template(BRANCHES, now=house.at)
    changed = BRANCHES.replace("Montar, area: production, target: 2d", "Montar, area: sales, target: 3d")
    a_published_template(changed + PAINT, now=house.at)
    shown = page(admin, f"{HERE}/branches/2/cambios/")
    assert "Pintar &lt;b&gt;" in shown and "<ins>3 días laborables</ins>" in shown
    assert "<del>2 días laborables</del>" in shown and "Qué cambia de la versión 1 a la 2" in shown
    assert "Dicen lo mismo" in page(admin, f"{HERE}/branches/1/cambios/?con=1")
    assert page(admin, f"{HERE}/branches/2/cambios/?con=9", 404)


# Running threads -----------------------------------------------------------------------------------------


def moved_page(client: Client, *threads: Thread) -> str:
    chosen = "&".join(f"hilo={thread.code}" for thread in threads)
    return page(client, f"{HERE}/branches/2/hilos/?{chosen}")


def test_what_would_happen_is_shown_and_then_it_does(admin: Client, house: House) -> None:
    thread, other = branches(house), None
    other = branches_again(house)
    a_published_template(BRANCHES + PAINT, now=house.at)
    assert "2 hilos siguen en una versión anterior" in page(admin, f"{HERE}/branches/2/")
    listed = page(admin, f"{HERE}/branches/2/hilos/")
    assert thread.code in listed and other.code in listed
    before = everything()
    shown = moved_page(admin, thread)
    assert (
        "nuevo: queda previsto" in shown and "sigue como este paso" in shown and "Pintar &lt;b&gt;" in shown
    )
    assert other.code not in shown and everything() == before
    standing = standings_of([thread.pk])[thread.pk]
    assert f'value="{thread.code}:{standing}"' in shown
    answer = admin.post(f"{HERE}/branches/2/hilos/", {"hilo": [f"{thread.code}:{standing}"]}, follow=True)
    assert "1 hilo sigue con la versión 2" in answer.content.decode()
    assert thread.work_items.get().template_version.number == 2  # type: ignore[union-attr]
    stale = admin.post(f"{HERE}/branches/2/hilos/", {"hilo": [f"{other.code}:1"]}, follow=True)
    assert "ha seguido mientras mirabas" in stale.content.decode()
    assert other.work_items.get().template_version.number == 1  # type: ignore[union-attr]


def branches_again(house: House) -> Thread:
    from tests.factories.work import a_thread

    return a_thread(house, TemplateVersion.objects.get(), owner="technical", title="Otra línea")


def test_a_thread_that_cannot_move_says_why_and_offers_no_box(admin: Client, house: House) -> None:
    thread = branches(house)
    a_published_template(BRANCHES.replace("area: technical", "area: sales"), now=house.at)
    shown = moved_page(admin, thread)
    assert "«Proyectar»" in shown and 'type="checkbox"' not in shown.partition("<main")[2]


def test_a_confidential_thread_is_not_there_for_an_administrator(admin: Client, house: House) -> None:
    thread = branches(house)
    a_published_template(BRANCHES + PAINT, now=house.at)
    make_confidential(
        thread,
        readers=[house.person("technical")],
        seen=thread.version,
        by=house.actor("director"),
        now=house.at,
    )
    assert thread.code not in page(admin, f"{HERE}/branches/2/hilos/")
    assert thread.code not in moved_page(admin, thread).partition("<main")[2]
    standing = standings_of([thread.pk])[thread.pk]
    admin.post(f"{HERE}/branches/2/hilos/", {"hilo": [f"{thread.code}:{standing}"]})
    assert thread.work_items.get().template_version.number == 1  # type: ignore[union-attr]


# Everybody -----------------------------------------------------------------------------------------------


def test_somebody_else_reads_and_changes_nothing(house: House, draft: TemplateVersion) -> None:
    client, before = as_(house.person("sales")), everything()
    shown = page(client, f"{HERE}/branches/2/")
    assert "/paso/" not in shown
    page(client, f"{HERE}/branches/2/cambios/")
    page(client, f"{HERE}/branches/2/bpmn/")
    for url in ("paso/", "paso/orden/", "paso/quitar/", "borrador/", "hilos/", "publicar/", "retirar/"):
        assert client.post(f"{HERE}/branches/2/{url}", fields(draft)).status_code in (403, 404), url
    assert everything() == before


def test_each_page_asks_the_same_however_much_there_is(admin: Client, house: House) -> None:
    a_published_template(TWO_STEPS % {"weight": "full"}, now=house.at)
    version = a_published_template(BRANCHES, now=house.at)
    threads = [branches_again_of(house, version) for _ in range(2)]
    many = BRANCHES + "".join(
        f"  - {{key: p{n}, name: Paso {n}, area: sales, target: 1d, after: [design]}}\n" for n in range(30)
    )
    a_published_template(many, now=house.at)
    urls = ["", "cambios/", "paso/", "hilos/"]
    plan = "hilos/?" + "&".join(f"hilo={thread.code}" for thread in threads[:1])
    counts = {url: queries(admin, f"{HERE}/branches/2/{url}") for url in [*urls, plan]}
    threads += [branches_again_of(house, version) for _ in range(8)]
    for url in urls:
        assert queries(admin, f"{HERE}/branches/2/{url}") == counts[url] <= 12, (url, counts)
    every = "&".join(f"hilo={thread.code}" for thread in threads)
    assert queries(admin, f"{HERE}/branches/2/hilos/?{every}") == counts[plan] <= 12


def branches_again_of(house: House, version: TemplateVersion) -> Thread:
    from tests.factories.work import a_thread

    return a_thread(house, version, owner="technical")


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


# The name ------------------------------------------------------------------------------------------------


def test_an_administrator_renames_a_process_on_a_page_of_its_own(admin: Client, house: House) -> None:
    version = a_published_template(BRANCHES, now=house.at)
    assert f"{HERE}/branches/1/nombre/" in page(admin, f"{HERE}/branches/1/")
    assert "Su código y su dirección no cambian" in page(admin, f"{HERE}/branches/1/nombre/")
    given = {"name": "Puesta en marcha", "seen": version.template.version}
    answer = admin.post(f"{HERE}/branches/1/nombre/", given)
    assert answer.url == f"{HERE}/branches/1/"  # type: ignore[attr-defined]
    assert "<h1>Puesta en marcha</h1>" in page(admin, f"{HERE}/branches/1/")
    answer = admin.post(f"{HERE}/branches/1/nombre/", given | {"name": "Otra"})
    assert answer.status_code == 409 and "Puesta en marcha" in answer.content.decode()
    answer = admin.post(f"{HERE}/branches/1/nombre/", {"name": "", "seen": 2})
    assert answer.status_code == 422 and "Ponle nombre al proceso" in answer.content.decode()


def test_who_only_reads_processes_is_not_offered_to_rename(house: House) -> None:
    a_published_template(BRANCHES, now=house.at)
    reader = as_(house.person("sales"))
    assert "/nombre/" not in page(reader, f"{HERE}/branches/1/")
    assert reader.get(f"{HERE}/branches/1/nombre/").status_code == 403
