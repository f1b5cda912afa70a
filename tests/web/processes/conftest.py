from tests.web.clock import clock, no_rate_limits  # noqa: F401
