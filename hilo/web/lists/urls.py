from __future__ import annotations

from functools import partial

from hilo.web.doing.routes import route
from hilo.web.lists import board, bulk, bulk_runs, exporting, opening, saved, views

sees = partial(route, action="thread.see")
keeps = partial(route, action="own.settings", changes=True)
acts = partial(route, action="thread.work", changes=True)

urlpatterns = [
    sees("hilos/", views.thread_list, name="threads"),
    sees("hilos/filtrar/", views.filters, name="threads_filter"),
    sees("hilos/en-juego/", views.money_later, name="threads_money"),
    sees("hilos/tablero/", board.board, name="threads_board"),
    sees("hilos/tablero/mover/", board.moving, name="threads_move"),
    sees("hilos/exportar/", exporting.choose, name="threads_export"),
    sees("hilos/exportar/hilos.csv", exporting.csv_file, name="threads_csv"),
    sees("hilos/exportar/hilos.xlsx", exporting.excel_file, name="threads_xlsx"),
    route("hilos/vistas/", saved.views, name="threads_views", action="own.settings"),
    keeps("hilos/vistas/nueva/", saved.new, name="threads_view_new"),
    keeps("hilos/vistas/<int:pk>/", saved.change, name="threads_view", of="saved_view"),
    keeps("hilos/vistas/<int:pk>/borrar/", saved.delete, name="threads_view_delete", of="saved_view"),
    keeps("hilos/vistas/<int:pk>/al-abrir/", saved.default, name="threads_view_default", of="saved_view"),
    acts("hilos/varios/", bulk.several, name="threads_bulk"),
    route(
        "hilos/varios/<int:pk>/", bulk_runs.run, name="threads_bulk_run", action="thread.work", of="bulk_run"
    ),
    route(
        "hilos/varios/<int:pk>/marcha/",
        bulk_runs.progress,
        name="threads_bulk_progress",
        action="thread.work",
        of="bulk_run",
    ),
    route("hilos/nuevo/", opening.new_thread, name="thread_new", action="thread.open", changes=True),
]
