"""How a planned review stands in Mi día."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hilo.web.my_day.places import deed_url
from hilo.web.my_day.words import Asked, Said, words_for


@words_for("hold_review")
def _review(asked: Asked) -> Said:
    return Said(
        what=asked.owed.label,
        kind=_("Review"),
        because=_("Whoever has it in hand works on; nobody else looks at the whole."),
        verb=_("Note what I saw"),
        icon="eye",
        url=deed_url("review_hold", asked.owed),
    )
