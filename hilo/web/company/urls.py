from __future__ import annotations

from hilo.web.company import background, calendars, modules, profile, settings
from hilo.web.doing.routes import route

COMPANY = "company.manage"

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
    route("ajustes/modulos/", modules.modules, name="setting_modules", action="company.see"),
    route(
        "ajustes/modulos/<slug:token>/",
        modules.module_switched,
        name="setting_module_switch",
        action=COMPANY,
        of="module",
        changes=True,
    ),
    route("ajustes/trabajo/", background.background, name="setting_background", action="job.see"),
    route(
        "ajustes/trabajo/<str:task>/otra-vez/",
        background.task_again,
        name="setting_task_again",
        action="job.manage",
        changes=True,
    ),
]
