from __future__ import annotations

from hilo.web.doing.routes import route
from hilo.web.week import praising, showing

urlpatterns = [
    route("la-semana/", showing.week, name="week", action="case.see"),
    route("felicitaciones/<int:pk>/", praising.praise_at, name="praise_at", action="case.see", of="praise"),
    route(
        "hilos/<slug:code>/felicitacion/",
        praising.give,
        name="give_praise",
        action="praise.give",
        of="thread",
        changes=True,
    ),
    route(
        "clientes/<int:pk>/felicitacion/",
        praising.choose_thread,
        name="give_praise_customer",
        action="praise.give",
        of="customer",
    ),
]
