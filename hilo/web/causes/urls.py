from __future__ import annotations

from functools import partial

from hilo.web.causes import actions, catalogue, changing, eight_d, evidence, policies, showing
from hilo.web.doing.routes import route

on_case = partial(route, action="cause.work", of="case", changes=True)
on_analysis = partial(route, action="cause.work", of="analysis", changes=True)
on_why = partial(route, action="cause.work", of="why", changes=True)
on_action = partial(route, action="cause.work", of="action", changes=True)
on_policy = partial(route, action="case_policy.manage", changes=True)

urlpatterns = [
    route("casos/<slug:code>/causa/", showing.cause, name="cause", action="case.see", of="case"),
    route("casos/<slug:code>/causa/8d/", eight_d.report, name="cause_8d", action="case.see", of="case"),
    route("causas/<int:pk>/", changing.cause_at, name="cause_at", action="case.see", of="analysis"),
    on_case("casos/<slug:code>/causa/empezar/", changing.begin, name="cause_begin"),
    on_case("casos/<slug:code>/causa/unir/", changing.join, name="cause_join"),
    on_analysis("causas/<int:pk>/lugar/", changing.place, name="cause_place"),
    on_analysis("causas/<int:pk>/equipo/", changing.team, name="cause_team"),
    on_analysis("causas/<int:pk>/porques/", changing.why_added, name="cause_why_add"),
    on_analysis("causas/<int:pk>/concluir/", changing.conclude, name="cause_conclude"),
    on_analysis("causas/<int:pk>/reabrir/", changing.reopened, name="cause_reopen"),
    on_analysis("causas/<int:pk>/leccion/", changing.lesson, name="cause_lesson"),
    on_analysis("causas/<int:pk>/acciones/nueva/", actions.plan, name="cause_action_new"),
    on_why("porques/<int:pk>/", changing.why, name="cause_why"),
    route("porques/<int:pk>/prueba/", evidence.proof, name="cause_why_proof", action="case.see", of="why"),
    on_why("porques/<int:pk>/quitar/", changing.why_removed, name="cause_why_remove"),
    on_why("porques/<int:pk>/raiz/", changing.why_root, name="cause_why_root"),
    route("acciones/", actions.actions, name="actions", action="case.see"),
    route("acciones/<int:pk>/", actions.action, name="action", action="case.see", of="action"),
    on_action("acciones/<int:pk>/aplazar/", actions.extend, name="action_extend"),
    on_action("acciones/<int:pk>/hecha/", actions.finish, name="action_finish"),
    on_action("acciones/<int:pk>/valorar/", actions.judge, name="action_judge"),
    on_action("acciones/<int:pk>/descartar/", actions.drop, name="action_drop"),
    route("ajustes/causas/", catalogue.causes, name="setting_causes", action="case.see"),
    route(
        "ajustes/causas/nueva/",
        catalogue.cause_added,
        name="setting_cause_new",
        action="cause.manage",
        changes=True,
    ),
    route(
        "ajustes/causas/<int:pk>/",
        catalogue.cause_renamed,
        name="setting_cause",
        action="cause.manage",
        of="cause",
        changes=True,
    ),
    route(
        "ajustes/causas/<int:pk>/retirar/",
        catalogue.cause_retired,
        name="setting_cause_retire",
        action="cause.manage",
        of="cause",
        changes=True,
    ),
    route("ajustes/casos/", policies.case_policy, name="setting_case_policy", action="company.see"),
    on_policy("ajustes/casos/cambiar/", policies.case_policy_changed, name="setting_case_policy_change"),
    on_policy("ajustes/casos/plazos/nuevo/", policies.deadline_added, name="setting_deadline_new"),
    on_policy(
        "ajustes/casos/plazos/<int:pk>/", policies.deadline_changed, name="setting_deadline", of="deadline"
    ),
    on_policy(
        "ajustes/casos/plazos/<int:pk>/quitar/",
        policies.deadline_dropped,
        name="setting_deadline_drop",
        of="deadline",
    ),
]
