from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebWeekConfig(AppConfig):
    name = "hilo.web.week"
    label = "web_week"

    def ready(self) -> None:
        from hilo.web.base.navigation import NavEntry, main_menu
        from hilo.web.my_day.places import OWN_PAGES

        OWN_PAGES["praise"] = "web:praise_at"
        main_menu.add(NavEntry("web:week", _("The week"), "calendar-event", 70, ("web:give_praise*",)))
