from __future__ import annotations

from functools import partial

from hilo.web.doing.routes import route
from hilo.web.handoffs import answering, giving, lists, showing

answers = partial(route, action="handoff.answer", of="handoff", changes=True)
gives = partial(route, action="handoff.give", of="handoff", changes=True)

urlpatterns = [
    route("traspasos/", lists.handoffs, name="handoffs", action="handoff.see"),
    route("traspasos/<int:pk>/", showing.handoff, name="handoff", action="handoff.see", of="handoff"),
    answers("traspasos/<int:pk>/responder/", answering.answer, name="handoff_answer"),
    answers("traspasos/<int:pk>/aceptar/", answering.accept, name="handoff_accept"),
    answers(
        "traspasos/<int:pk>/datos/<int:item_pk>/faltaba/",
        answering.item_missing,
        name="handoff_item_missing",
    ),
    gives("traspasos/<int:pk>/datos/", giving.items, name="handoff_items"),
    gives("traspasos/<int:pk>/datos/<int:item_pk>/", giving.item, name="handoff_item"),
    gives("traspasos/<int:pk>/ofrecer/", giving.offer, name="handoff_offer"),
    gives("traspasos/<int:pk>/retirar/", giving.withdraw, name="handoff_withdraw"),
    gives("traspasos/<int:pk>/confirmar/", giving.confirm, name="handoff_confirm"),
    route(
        "tramos/<int:step_pk>/traspaso/",
        giving.prepare,
        name="handoff_prepare",
        action="handoff.give",
        of="step_run",
        changes=True,
    ),
]
