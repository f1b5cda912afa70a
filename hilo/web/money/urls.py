from __future__ import annotations

from hilo.web.doing.routes import route
from hilo.web.money import feed

urlpatterns = [
    route("erp/", feed.erp, name="erp", action="import.run"),
]
