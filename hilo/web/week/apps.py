from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebWeekConfig(AppConfig):
    name = "hilo.web.week"
    label = "web_week"

    def ready(self) -> None:
        from hilo.web.base.navigation import NavEntry, main_menu

        main_menu.add(NavEntry("web:week", _("The week"), "calendar-event", 70, ("web:give_praise*",)))
