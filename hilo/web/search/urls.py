from __future__ import annotations

from hilo.web.doing.routes import route
from hilo.web.search import views

urlpatterns = [route("buscar/", views.search, name="search", action="own.settings")]
