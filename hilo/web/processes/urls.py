from __future__ import annotations

from hilo.web.doing.routes import route
from hilo.web.processes import pages

PROCESS = "template.manage"

urlpatterns = [
    route("ajustes/procesos/", pages.processes, name="setting_processes", action="template.see"),
    route(
        "ajustes/procesos/nuevo/",
        pages.new_process,
        name="setting_process_new",
        action=PROCESS,
        changes=True,
    ),
    route(
        "ajustes/procesos/<slug:code>/<int:number>/",
        pages.process,
        name="setting_process",
        action="template.see",
        of="template_version",
    ),
    route(
        "ajustes/procesos/<slug:code>/<int:number>/texto/",
        pages.process_text,
        name="setting_process_text",
        action="template.see",
        of="template_version",
    ),
    route(
        "ajustes/procesos/<slug:code>/<int:number>/publicar/",
        pages.process_published,
        name="setting_process_publish",
        action=PROCESS,
        of="template_version",
        changes=True,
    ),
    route(
        "ajustes/procesos/<slug:code>/<int:number>/retirar/",
        pages.process_retired,
        name="setting_process_retire",
        action=PROCESS,
        of="template_version",
        changes=True,
    ),
]
