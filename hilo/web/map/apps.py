from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebMapConfig(AppConfig):
    name = "hilo.web.map"
    label = "web_map"

    def ready(self) -> None:
        from hilo.web.base.navigation import NavEntry, person_menu
        from hilo.web.map import entries, owed_words  # noqa: F401  they register how things are said
        from hilo.web.search.offers import Offer, offer

        person_menu.add(NavEntry("web:my_reviews", _("My week of reviews"), "eye", order=15, on_phone=False))
        words = _("supervise calendar agenda")
        offer(Offer("web:my_reviews", _("My week of reviews"), "eye", "thread.see", words, is_deed=False))
