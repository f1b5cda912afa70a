"""Something to show on the page of all components: every state of each, with believable words."""

from __future__ import annotations

from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, object]:
    return {}
