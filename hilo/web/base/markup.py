"""HTML put together in Python: what a page shows a hundred times is cheaper drawn here than by a template."""

from __future__ import annotations

import html
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString

NOTHING = SafeString("")


def escaped(value: Any) -> str:
    """As Django's ``conditional_escape``: what is marked safe stays as it is."""
    if hasattr(value, "__html__"):
        return value.__html__()  # type: ignore[no-any-return]
    return html.escape(value if isinstance(value, str) else str(value))


def markup(pattern: str, *parts: Any) -> SafeString:
    """``markup('<b class="{}">{}</b>', css, name)``: every part is escaped unless it is safe already."""
    return SafeString(pattern.format(*map(escaped, parts)))


def address(name: str, *args: object) -> str:
    """As ``reverse``, which looks through the patterns again for each of a page's hundred links."""
    if _KEEPABLE.issuperset(map(type, args)):
        return _address(settings.ROOT_URLCONF, get_script_prefix(), name, args)
    return reverse(name, args=args)


_KEEPABLE = frozenset((int, str))  # other things may look different tomorrow and be equal all the same


@lru_cache(maxsize=4096)
def _address(urls: str, prefix: str, name: str, args: tuple[object, ...]) -> str:
    return reverse(name, urls, args)


@lru_cache(maxsize=256)
def static_address(path: str) -> str:
    """The names of static files change with a release, and so with a start of the process."""
    return static(path)
