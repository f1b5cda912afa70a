"""Every address x every role x own / other delegation / confidential / deleted, against the one table.

A denial also asserts that the database wrote nothing. What a role may do by the table can be refused by a
relation (only the receiving area answers an offer): those rules have tests of their own, so an allowed
cell asserts that the door is neither shut (404, sign-in) nor broken (5xx).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import DjangoDbBlocker

from hilo.parties.actor import Role
from hilo.parties.permissions import PERMISSIONS, Cell
from hilo.web.doing.routes import ROUTES, Route
from tests.conformance.matrix.world import Place, World, build_world, shared_ids

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]

ROLE_OF = {
    "person": Role.PERSON,
    "head": Role.AREA_HEAD,
    "manager": Role.DELEGATION_MANAGER,
    "director": Role.DIRECTOR,
    "administrator": Role.ADMINISTRATOR,
    "auditor": Role.AUDITOR,
}
ON_SUPPLY = {"order"}  # stands on the supply thread
OF_CASE = {"case", "case_link"}  # its code is the case's
OF_THREAD = {
    "handoff",
    "case",
    "case_link",
    "analysis",
    "why",
    "action",
    "praise",
}  # by a number of their own
NO_DELEGATION = {"area", "calendar", "management", "absence", "template_version", "person", "membership"}
NO_DELEGATION |= {
    "saved_view",
    "bulk_run",
    "delegation",
    "diagnosis",
    "cause",
    "deadline",
    "session",
    "passkey",
    "module",
    "",
}
# Not by role: who may change an absence, read a file or undo a merge depends on whose it is (own tests).
BY_RELATION = {
    "web:threads_bulk_run",
    "web:threads_bulk_progress",
    "web:absence_cancel",
    "web:session_end",
    "web:passkey_rename",
    "web:passkey_remove",
}
BY_RELATION |= {"web:setting_module_switch"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Built once for all roles: whatever a request writes is rolled back at once."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from patterns(entry, inner)
        else:
            yield f"{prefix}{entry.name}", entry


def test_every_address_has_its_row() -> None:
    without = [name for name, _ in patterns(get_resolver()) if name not in ROUTES]
    assert not without, f"addresses without a row of permissions: {without}"


def url_of(route: Route, place: Place, ids: dict[str, int], *, deleted: bool) -> str:
    def part(match: re.Match[str]) -> str:
        name = match["name"]
        if name == "code" and route.of == "template_version":
            return "no-such-process" if deleted else "service"
        if name == "code":
            kind = "supply" if route.of in ON_SUPPLY else "case" if route.of in OF_CASE else "thread"
            return "2019-9999" if deleted else place.codes[kind]
        if name == "number":
            return "99" if deleted else "1"
        if name == "item_pk":
            return str(place.items["item"])
        if name == "token":
            return "x" * 43
        if name == "task":
            return "00000000-0000-0000-0000-000000000000"
        wanted = "step_run" if name == "step_pk" else route.of
        return "99999999" if deleted else str({**place.ids, **ids}[wanted])

    return "/" + re.sub(r"<\w+:(?P<name>\w+)>", part, route.pattern)


def allowed(route: Route, who: str, *, own: bool) -> bool:
    cell = PERMISSIONS[route.action][ROLE_OF[who]]
    # Director and administrator of the world are also people of Zaragoza: roles add up.
    cells = {cell} if who == "auditor" else {cell, PERMISSIONS[route.action][Role.PERSON]}
    return Cell.ALL in cells or (own and Cell.OWN in cells)


def written() -> int:
    connection.ensure_connection()
    return int(connection.connection.total_changes)


def try_it(client: Client, method: str, url: str) -> tuple[int, int]:
    """The status, and how many rows were written; nothing of it stays."""
    before = written()
    with transaction.atomic():
        response = client.get(url) if method == "GET" else client.post(url, {})
        for _ in getattr(response, "streaming_content", ()):
            pass
        wrote = written() - before
        transaction.set_rollback(True)
    return response.status_code, wrote


def faults_of(world: World, who: str) -> Iterator[str]:
    assert len(list(patterns(get_resolver()))) > 100  # reading the addresses fills ROUTES
    client = Client(raise_request_exception=True)
    person = world.roles[who]
    if person is not None:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    ids = shared_ids(world)
    for route in ROUTES.values():
        if route.is_public or not route.name.startswith("web:"):
            continue
        situations = ["own"] if route.of in NO_DELEGATION else ["own", "other"]
        of_thread = ("code>" in route.pattern and route.of != "template_version") or route.of in OF_THREAD
        situations += ["confidential"] if of_thread else []
        situations += ["deleted"] if "<int" in route.pattern or "<slug:code" in route.pattern else []
        for situation in situations:
            place = {"other": world.other, "confidential": world.confidential}.get(situation, world.own)
            url = url_of(route, place, ids, deleted=situation == "deleted")
            for method in ("GET", "POST") if route.changes else ("GET",):
                status, wrote = try_it(client, method, url)
                expected = expectation(route, who, situation, method)
                shut_out = not allowed_there(route, who, situation)
                if status not in expected or (wrote and (shut_out or status in (403, 404))):
                    yield f"{who} {method} {url} ({route.name}, {situation}): {status}, wrote {wrote}"


def allowed_there(route: Route, who: str, situation: str) -> bool:
    return who in ROLE_OF and allowed(route, who, own=situation == "own")


SIGN_IN, SHUT, MISSING = {302, 401}, {403}, {404}
OPEN = {200, 204, 302, 405, 409, 422}
NO_SUCH_METHOD = {405}  # says nothing of whether the thing is there
BY_RULE = {403}  # allowed by the table, refused by a relation, with a sentence


def expectation(route: Route, who: str, situation: str, method: str) -> set[int]:
    if who in ("left", "nobody"):
        return SIGN_IN
    if not allowed(route, who, own=True):
        return SHUT | (MISSING if situation in ("confidential", "deleted") else set())
    if situation in ("confidential", "deleted"):
        return MISSING | NO_SUCH_METHOD
    if not allowed(route, who, own=situation == "own"):
        return SHUT | NO_SUCH_METHOD
    if route.name.startswith(("web:import", "web:import_refused")) and "<slug:token>" in route.pattern:
        return OPEN | MISSING  # a token of nobody
    return OPEN | BY_RULE | (MISSING if route.name in BY_RELATION else set())


@pytest.mark.parametrize(
    "who", ["person", "head", "manager", "director", "administrator", "auditor", "left", "nobody"]
)
def test_no_role_gets_more_or_less_than_the_table_gives(who: str, world: World) -> None:
    faults = list(faults_of(world, who))
    assert not faults, "\n".join(faults)


def test_the_table_decides_and_not_the_test() -> None:
    """Were a row opened by mistake, cells would change: the table stands here once more, in short."""
    nobody_but = {
        "thread.force_archive": {Role.DIRECTOR},
        "company.manage": {Role.ADMINISTRATOR},
        "people.manage": {Role.DIRECTOR, Role.ADMINISTRATOR},
        "import.run": {Role.DIRECTOR, Role.ADMINISTRATOR},
        "contact.erase": {Role.DIRECTOR, Role.ADMINISTRATOR},
        "diagnosis.see": set(Role) - {Role.PERSON, Role.SYSTEM},
        "diagnosis.run": set(Role) - {Role.PERSON, Role.AUDITOR, Role.SYSTEM},
    }
    for action, roles in nobody_but.items():
        assert {role for role, cell in PERMISSIONS[action].items() if cell != Cell.NO} == roles
    reading = {"thread.see", "handoff.see", "customer.see", "people.see", "company.see", "template.see"}
    reading |= {"ledger.read", "own.settings", "diagnosis.see", "case.see", "job.see"}
    for action, row in PERMISSIONS.items():
        assert (row[Role.AUDITOR] != Cell.NO) == (action in reading), action
