"""What findings need to know of the words of a log."""

from __future__ import annotations

from typing import Protocol

from hilo.insight.log import Codes, Ints
from hilo.insight.meanings import Meaning


class ActivityMeanings(Protocol):
    """As ``hilo.insight.meanings.Meanings``: the codes of the activities that mean something."""

    def codes(self, meaning: Meaning, activities: Codes) -> Ints: ...
