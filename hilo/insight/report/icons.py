"""The few signs of the report, drawn once and used by name. Shapes after Tabler Icons (MIT)."""

from __future__ import annotations

from hilo.insight.report.markup import Markup, tag
from hilo.insight.report.strand import frayed_pattern

_SHAPES = {
    "ping_pong": "M7 10h14l-4-4M17 14H3l4 4",
    "border_wait": (
        "M6.5 7h11M6.500 17h11M6 20v-2a6 6 0 1 1 12 0v2a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1M6 "
        "4v2a6 6 0 1 0 12 0V4a1 1 0 0 0-1-1H7a1 1 0 0 0-1 1"
    ),
    "slow_step": "M12 12m-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 7v5l3 3",
    "rework": "M19.950 11a8 8 0 1 0-.5 4M20 20v-5h-5",
    "skipped_step": "M5 4v16M9 12c0-7 10-7 10 0M16 10l3 3l3-3",
    "site_difference": (
        "M3 21h18M9 8h1M9 12h1M9 16h1M14 8h1M14 12h1M14 16h1M5 21V5a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v16"
    ),
    "customer_difference": "M8 7a4 4 0 1 0 8 0a4 4 0 1 0-8 0M6 21v-2a4 4 0 0 1 4-4h4a4 4 0 0 1 4 4v2",
    "silence": (
        "M8 9h1M12 9h3M8 13h5M8 4h10a3 3 0 0 1 3 3v8c0 .6-.2 1.100-.4 1.600M18 18h-5l-5 "
        "3v-3H6a3 3 0 0 1-3-3V7c0-1.100.6-2 1.400-2.600M3 3l18 18"
    ),
    "invoiced_over_open_case": (
        "M14 3v4a1 1 0 0 0 1 1h4M17 21H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h7l5 "
        "5v11a2 2 0 0 1-2 2M12 11v3M12 17h.01"
    ),
    "late": "M12 13m-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0M12 10v3l2 2M7 4L4.200 6M17 4l2.800 2",
    "unfinished": "M3 12m0 0h5M11 12h3M17 12h1M21 12h.01",
    "growing_backlog": "M3 17l6-6l4 4l8-8M14 7h7v7",
    "drift": "M3 8h5l8 8h5M18 13l3 3l-3 3",
    "monday": (
        "M11.500 21H6a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v6M16 3v4M8 3v4M4 11h16M15 19l2 2l4-4"
    ),
    "note": "M12 12m-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 8h.01M11 12h1v4h1",
    "same": "M5 10h14M5 14h14",
    "longer": (
        "M12 9v4M10.400 3.600L2.300 17.100A1.900 1.900 0 0 0 3.900 20h16.200a1.900 1.900 0 0 0 "
        "1.600-2.900L13.600 3.600a1.900 1.900 0 0 0-3.200 0M12 16h.01"
    ),
    "shorter": "M5 12l5 5L20 7",
}


def sprite() -> Markup:
    signs = (
        tag("symbol", tag("path", d=shape), id=f"i-{name}", viewBox="0 0 24 24")
        for name, shape in _SHAPES.items()
    )
    return tag(
        "svg", tag("defs", frayed_pattern()), signs, class_="sprite", width=0, height=0, aria_hidden="true"
    )


def brand() -> Markup:
    thread = tag("path", d="M3 12c4-9 7 9 10 0s5-5 8 0")
    return tag("svg", thread, class_="brand", viewBox="0 0 24 24", aria_hidden="true")
