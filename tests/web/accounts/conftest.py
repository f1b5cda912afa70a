from tests.web.accounts.provider import provider, running_provider  # noqa: F401
from tests.web.clock import clock, no_rate_limits  # noqa: F401
