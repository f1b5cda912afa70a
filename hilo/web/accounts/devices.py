"""A browser's own description of itself, in two words that its owner recognises."""

from __future__ import annotations

from django.utils.translation import gettext as _

# The first that is found counts: Edge says that it is Chrome, and Chrome that it is Safari.
BROWSERS = (
    ("edge", "Edg", "Edge"),
    ("opera", "OPR/", "Opera"),
    ("samsung", "SamsungBrowser", "Samsung Internet"),
    ("firefox", "Firefox", "Firefox"),
    ("firefox", "FxiOS", "Firefox"),
    ("chrome", "CriOS", "Chrome"),
    ("chrome", "Chrome", "Chrome"),
    ("safari", "Safari", "Safari"),
)
SYSTEMS = (
    ("iphone", "iPhone", "iPhone"),
    ("ipad", "iPad", "iPad"),
    ("android", "Android", "Android"),
    ("windows", "Windows", "Windows"),
    ("chromeos", "CrOS", "ChromeOS"),
    ("macos", "Macintosh", "macOS"),
    ("linux", "Linux", "Linux"),
)
PHONES = {"iphone", "ipad", "android"}


def device_of(user_agent: str) -> tuple[str, str]:
    """The codes of browser and system; empty where it says nothing that we know."""
    return _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)


def device_words(browser: str, system: str) -> str:
    names = {code: name for code, _mark, name in (*BROWSERS, *SYSTEMS)}
    if browser in names and system in names:
        return _("%(browser)s on %(system)s") % {"browser": names[browser], "system": names[system]}
    return names.get(browser) or names.get(system) or _("A device that Hilo does not know")


def _first(known: tuple[tuple[str, str, str], ...], text: str) -> str:
    return next((code for code, mark, _name in known if mark in text), "")
