from __future__ import annotations

from hilo.web.doing.routes import route
from hilo.web.my_day import views

urlpatterns = [
    route("", views.my_day, name="my_day", action="thread.see"),
    route("avisos/leidos/", views.notices_read, name="notices_read", action="own.settings", changes=True),
]
