from __future__ import annotations

from hilo.web.doing.routes import route
from hilo.web.imports import importing, uploading

urlpatterns = [
    route("importar/", uploading.upload, name="imports", action="import.run", changes=True),
    route("importar/<slug:token>/", importing.look, name="import", action="import.run", changes=True),
    route(
        "importar/<slug:token>/rechazadas/",
        importing.refused_rows,
        name="import_refused",
        action="import.run",
    ),
]
