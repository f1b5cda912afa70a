"""The page of all components: the tests include it, no installation does."""

from __future__ import annotations

from django.urls import path

from hilo.web.base import views

app_name = "web_base"
urlpatterns = [path("componentes/", views.components, name="components")]
