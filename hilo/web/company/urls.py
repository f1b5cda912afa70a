from __future__ import annotations

from hilo.web.company import calendars, processes, profile, settings
from hilo.web.doing.routes import route

COMPANY, PROCESS = "company.manage", "template.manage"

urlpatterns = [
    route("mi-cuenta/", profile.profile, name="profile", action="own.settings", changes=True),
    route("mi-cuenta/tema/", profile.theme, name="theme", action="own.settings", changes=True),
    route("calendarios/", calendars.calendars, name="calendars", action="company.see"),
    route("calendarios/nuevo/", calendars.new_calendar, name="calendar_new", action=COMPANY, changes=True),
    route("calendarios/<int:pk>/", calendars.calendar, name="calendar", action="company.see", of="calendar"),
    route(
        "calendarios/<int:pk>/horario/",
        calendars.season,
        name="calendar_season",
        action=COMPANY,
        of="calendar",
        changes=True,
    ),
    route(
        "calendarios/<int:pk>/horario/quitar/",
        calendars.season_removed,
        name="calendar_season_remove",
        action=COMPANY,
        of="calendar",
        changes=True,
    ),
    route(
        "calendarios/<int:pk>/dias/",
        calendars.special_day,
        name="calendar_day",
        action=COMPANY,
        of="calendar",
        changes=True,
    ),
    route(
        "calendarios/<int:pk>/dias/quitar/",
        calendars.day_removed,
        name="calendar_day_remove",
        action=COMPANY,
        of="calendar",
        changes=True,
    ),
    route(
        "calendarios/<int:pk>/festivos/",
        calendars.holidays,
        name="calendar_holidays",
        action=COMPANY,
        of="calendar",
        changes=True,
    ),
    route(
        "calendarios/<int:pk>/areas/",
        calendars.assign,
        name="calendar_assign",
        action=COMPANY,
        of="calendar",
        changes=True,
    ),
    route("ajustes/", settings.settings, name="settings", action="company.see"),
    route("ajustes/numeros/", settings.setting_policy, name="setting_policy", action=COMPANY, changes=True),
    route("ajustes/procesos/", processes.processes, name="setting_processes", action="template.see"),
    route(
        "ajustes/procesos/nuevo/",
        processes.new_process,
        name="setting_process_new",
        action=PROCESS,
        changes=True,
    ),
    route(
        "ajustes/procesos/<slug:code>/<int:number>/",
        processes.process,
        name="setting_process",
        action="template.see",
        of="template_version",
    ),
    route(
        "ajustes/procesos/<slug:code>/<int:number>/texto/",
        processes.process_text,
        name="setting_process_text",
        action="template.see",
        of="template_version",
    ),
    route(
        "ajustes/procesos/<slug:code>/<int:number>/publicar/",
        processes.process_published,
        name="setting_process_publish",
        action=PROCESS,
        of="template_version",
        changes=True,
    ),
    route(
        "ajustes/procesos/<slug:code>/<int:number>/retirar/",
        processes.process_retired,
        name="setting_process_retire",
        action=PROCESS,
        of="template_version",
        changes=True,
    ),
]
