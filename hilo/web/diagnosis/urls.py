from __future__ import annotations

from functools import partial

from hilo.web.diagnosis import changing, listing, reports, showing, uploading
from hilo.web.doing.routes import route

SEE, RUN = "diagnosis.see", "diagnosis.run"
sees = partial(route, action=SEE, of="diagnosis")
changes = partial(route, action=RUN, of="diagnosis", changes=True)

urlpatterns = [
    route("diagnostico/", listing.diagnoses, name="diagnoses", action=SEE),
    route("diagnostico/nuevo/", uploading.new, name="diagnosis_new", action=RUN, changes=True),
    route("diagnostico/ejemplo/", uploading.example, name="diagnosis_example", action=RUN, changes=True),
    sees("diagnostico/<int:pk>/", showing.diagnosis, name="diagnosis"),
    sees("diagnostico/<int:pk>/marcha/", showing.progress, name="diagnosis_progress"),
    sees("diagnostico/<int:pk>/informe/", reports.report, name="diagnosis_report"),
    sees("diagnostico/<int:pk>/informe.html", reports.html_file, name="diagnosis_html"),
    sees("diagnostico/<int:pk>/informe.json", reports.json_file, name="diagnosis_json"),
    changes("diagnostico/<int:pk>/columnas/", changing.columns, name="diagnosis_columns"),
    changes("diagnostico/<int:pk>/otra-vez/", changing.again, name="diagnosis_again"),
    changes("diagnostico/<int:pk>/borrar/", changing.delete, name="diagnosis_delete"),
]
