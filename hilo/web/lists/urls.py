from __future__ import annotations

from hilo.web.doing.routes import route
from hilo.web.lists import opening, views

urlpatterns = [
    route("hilos/", views.thread_list, name="threads", action="thread.see"),
    route("hilos/nuevo/", opening.new_thread, name="thread_new", action="thread.open", changes=True),
]
