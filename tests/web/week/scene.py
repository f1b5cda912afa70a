"""A week with everything: praise, a complaint, a broken promise, something stuck, an action due."""

from __future__ import annotations

from datetime import timedelta

from hilo.parties.actor import system
from hilo.quality.commands.praise import give_praise
from hilo.quality.models import Praise
from hilo.work.commands.promises import break_promise, make_promise
from hilo.work.models import Thread
from tests.factories.causes import an_action
from tests.factories.work import House, a_thread
from tests.web.causes.scene import Scene, a_scene


def a_week() -> Scene:
    scene = a_scene()
    house = scene.house
    praised(house, scene.thread)
    _broken(house)
    an_action(
        house, scene.analysis, text="Guion de prueba con tapones reales", due_at=house.at + timedelta(days=2)
    )
    return scene


def praised(
    house: House, thread: Thread, text: str = "Vinieron un domingo y el lunes embotellábamos."
) -> Praise:
    thread = Thread.objects.get(pk=thread.pk)
    return give_praise(
        thread, text=text, where="call", contact=house.contact, by=house.actor("production"), now=house.at
    )


def _broken(house: House) -> None:
    thread = a_thread(house, title="Recambios de noviembre")
    promise = make_promise(
        thread,
        text="Los manuales en portugués",
        due=house.at + timedelta(hours=1),
        contact=house.contact,
        where="call",
        by=house.actor("sales"),
        now=house.at,
    )
    house.later(hours=3)
    break_promise(promise, by=system(), now=house.at)
