from __future__ import annotations

from hilo.web.doing.routes import route
from hilo.web.threads import pages
from hilo.web.threads.acting import act_route
from hilo.web.threads.acts_things import PROMISE_ACTS, SMALL_ACTS, STEP_ACTS
from hilo.web.threads.acts_thread import THREAD_ACTS

urlpatterns = [
    route("hilos/<slug:code>/", pages.thread, name="thread", action="thread.see", of="thread"),
    route("hilos/<slug:code>/historia/", pages.story, name="thread_story", action="thread.see", of="thread"),
    route(
        "hilos/<slug:code>/escribir/",
        pages.write,
        name="thread_write",
        action="thread.work",
        of="thread",
        changes=True,
    ),
    route(
        "hilos/<slug:code>/cuelga/", pages.hanging, name="thread_hanging", action="thread.see", of="thread"
    ),
    route(
        "hilos/<slug:code>/ponme-al-dia/",
        pages.catching_up,
        name="thread_catch_up",
        action="thread.see",
        of="thread",
    ),
    route(
        "hilos/<slug:code>/archivo/<int:pk>/",
        pages.file,
        name="thread_file",
        action="thread.see",
        of="documentversion",
    ),
    *(act_route(act) for act in (*THREAD_ACTS, *PROMISE_ACTS, *STEP_ACTS, *SMALL_ACTS)),
]
