"""What findings need to know of the words of a log."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol


class ActivityMeanings(Protocol):
    """``codes`` gives the places in ``log.activity.names`` that mean: request, incident_opened,
    incident_closed, news_to_customer, invoice, delivery, complaint, return or waiting_for_customer."""

    def codes(self, meaning: str, /) -> Collection[int]: ...
