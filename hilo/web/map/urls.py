from __future__ import annotations

from hilo.web.doing.routes import PUBLIC, route
from hilo.web.map import address, feed, moving, page, week
from hilo.web.map.reviews import REVIEW_ACTS
from hilo.web.threads.acting import act_route

urlpatterns = [
    route("mi-semana/", week.my_reviews, name="my_reviews", action="thread.see"),
    route("calendario/<str:token>.ics", feed.calendar, name="calendar_feed", action=PUBLIC),
    route(
        "mi-cuenta/calendario/",
        address.calendar_address,
        name="calendar_address",
        action="own.settings",
        changes=True,
    ),
    route("hilos/<slug:code>/mapa/", page.thread_map, name="map", action="thread.see", of="thread"),
    route(
        "hilos/<slug:code>/mapa/mover/<int:pk>/",
        moving.move_date,
        name="map_move",
        action="thread.work",
        of="step_run",
        changes=True,
    ),
    route(
        "hilos/<slug:code>/pasos/<int:pk>/fecha/",
        moving.from_the_step,
        name="thread_step_due",
        action="thread.work",
        of="step_run",
    ),
    route(
        "hilos/<slug:code>/mapa/deshacer/<int:pk>/",
        moving.undo,
        name="map_undo",
        action="thread.work",
        of="plan_move",
        changes=True,
    ),
    *(act_route(act) for act in REVIEW_ACTS),
]
