from __future__ import annotations

from hilo.web.doing.routes import route
from hilo.web.processes import bringing, comparing, editing, moving, pages

SEE, PROCESS = "template.see", "template.manage"
ONE = "ajustes/procesos/<slug:code>/<int:number>/"
OF = "template_version"

urlpatterns = [
    route("ajustes/procesos/", pages.processes, name="setting_processes", action=SEE),
    route(
        "ajustes/procesos/nuevo/",
        editing.new_process,
        name="setting_process_new",
        action=PROCESS,
        changes=True,
    ),
    route(
        "ajustes/procesos/empezar/",
        editing.begun_process,
        name="setting_process_begin",
        action=PROCESS,
        changes=True,
    ),
    route(
        "ajustes/procesos/bpmn/",
        bringing.process_from_bpmn,
        name="setting_process_from_bpmn",
        action=PROCESS,
        changes=True,
    ),
    route(ONE, pages.process, name="setting_process", action=SEE, of=OF),
    route(f"{ONE}texto/", pages.process_text, name="setting_process_text", action=SEE, of=OF),
    route(f"{ONE}bpmn/", pages.process_bpmn, name="setting_process_bpmn", action=SEE, of=OF),
    route(f"{ONE}cambios/", comparing.compared, name="setting_process_compare", action=SEE, of=OF),
    route(
        f"{ONE}borrador/",
        editing.begun_draft,
        name="setting_process_draft",
        action=PROCESS,
        of=OF,
        changes=True,
    ),
    route(
        f"{ONE}nombre/",
        editing.renamed,
        name="setting_process_rename",
        action=PROCESS,
        of=OF,
        changes=True,
    ),
    route(f"{ONE}paso/", editing.step, name="setting_process_step", action=PROCESS, of=OF, changes=True),
    route(
        f"{ONE}paso/orden/",
        editing.step_moved,
        name="setting_process_step_move",
        action=PROCESS,
        of=OF,
        changes=True,
    ),
    route(
        f"{ONE}paso/quitar/",
        editing.step_removed,
        name="setting_process_step_remove",
        action=PROCESS,
        of=OF,
        changes=True,
    ),
    route(f"{ONE}hilos/", moving.moving, name="setting_process_move", action=PROCESS, of=OF, changes=True),
    route(
        f"{ONE}publicar/",
        pages.process_published,
        name="setting_process_publish",
        action=PROCESS,
        of=OF,
        changes=True,
    ),
    route(
        f"{ONE}retirar/",
        pages.process_retired,
        name="setting_process_retire",
        action=PROCESS,
        of=OF,
        changes=True,
    ),
]
