"""Pages go out packed; what is downloaded stays as it is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_PACKED = ("text/html", "application/json", "text/calendar")


class PackPages(GZipMiddleware):
    """Django's adds bytes at random, so that the length of a page betrays nothing of its secrets (BREACH)."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith(_PACKED):
            return response
        return super().process_response(request, response)
