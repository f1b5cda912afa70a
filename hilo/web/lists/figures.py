"""Figures as people type them."""

from __future__ import annotations

import re


def plain_figure(typed: str, language: str) -> str:
    """The figure with a point for its decimals: the last sign that can be one, unless it groups by three."""
    figure = "".join(typed.split()).removesuffix("€")
    mark = max(figure.rfind(","), figure.rfind("."))
    if mark < 0:
        return figure
    grouping = "." if language == "es" else ","
    by_three = re.fullmatch(rf"-?[0-9]{{1,3}}(\{grouping}[0-9]{{3}})+", figure)
    whole, decimals = (figure, "") if by_three else (figure[:mark], figure[mark + 1 :])
    whole = whole.replace(",", "").replace(".", "")
    return f"{whole}.{decimals}" if decimals else whole
