from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebCausesConfig(AppConfig):
    name = "hilo.web.causes"
    label = "web_causes"

    def ready(self) -> None:
        from hilo.web.causes import owed_words  # noqa: F401  it registers the rows of Mi día
        from hilo.web.my_day.places import OWN_PAGES
        from hilo.web.search.offers import Offer, offer

        OWN_PAGES.update({"analysis": "web:cause_at", "action": "web:action"})
        offer(
            Offer(
                "web:actions", _("Actions"), "target", "case.see", _("corrective preventive"), is_deed=False
            )
        )
