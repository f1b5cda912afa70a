from __future__ import annotations

from hilo.web.cases import exporting, linking, listing, opening, page
from hilo.web.cases.acting import act_route
from hilo.web.cases.acts import CASE_ACTS
from hilo.web.doing.routes import route

urlpatterns = [
    route("casos/", listing.case_list, name="cases", action="case.see"),
    route("casos/nuevo/", opening.new_case, name="case_new", action="case.open", changes=True),
    route("casos/exportar/", exporting.choose, name="cases_export", action="case.see"),
    route("casos/exportar/casos.csv", exporting.csv_file, name="cases_csv", action="case.see"),
    route("casos/exportar/casos.xlsx", exporting.excel_file, name="cases_xlsx", action="case.see"),
    route("casos/numero/<int:pk>/", page.case_at, name="case_at", action="case.see", of="case"),
    route("casos/<slug:code>/", page.case, name="case", action="case.see", of="case"),
    route("casos/<slug:code>/historia/", page.story, name="case_story", action="case.see", of="case"),
    route(
        "casos/<slug:code>/aviso/",
        page.tell_them,
        name="case_tell",
        action="case.work",
        of="case",
        changes=True,
    ),
    route(
        "casos/<slug:code>/vinculo/<int:pk>/quitar/",
        linking.unlink,
        name="case_unlink",
        action="case.work",
        of="case_link",
        changes=True,
    ),
    *(act_route(act) for act in CASE_ACTS),
]
