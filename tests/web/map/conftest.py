from __future__ import annotations

from tests.web.clock import clock, no_rate_limits

__all__ = ["clock", "no_rate_limits"]
