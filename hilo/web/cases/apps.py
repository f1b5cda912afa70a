from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebCasesConfig(AppConfig):
    name = "hilo.web.cases"
    label = "web_cases"

    def ready(self) -> None:
        from hilo.web.base.navigation import NavEntry, main_menu
        from hilo.web.cases import owed_words  # noqa: F401  it registers the rows of Mi día
        from hilo.web.search.offers import Offer, offer

        main_menu.add(
            NavEntry(
                "web:cases",
                _("Cases"),
                "lifebuoy",
                order=35,
                belongs=("web:case*", "web:cause*", "web:action*"),
            )
        )
        offer(
            Offer("web:case_new", _("Open a case"), "lifebuoy", "case.open", _("complaint incident return"))
        )
