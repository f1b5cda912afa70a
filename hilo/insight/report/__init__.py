"""A diagnosis to read: one HTML file, JSON, and a summary for a terminal."""

from __future__ import annotations

from hilo.insight.report.as_html import content_security_policy, to_html
from hilo.insight.report.as_json import json_text, to_json
from hilo.insight.report.as_text import to_terminal

__all__ = ["content_security_policy", "json_text", "to_html", "to_json", "to_terminal"]
