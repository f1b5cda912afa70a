"""The least that a page of like content costs: bare Django, one query, one template, no middleware.

Fifty lines of a story from the same table of the same database, a form, a head: what nobody can do without.
"""

from __future__ import annotations

import os

import dj_database_url
from django.conf import settings

settings.configure(
    DEBUG=False,
    SECRET_KEY="nothing here is secret",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": dj_database_url.parse(os.environ["FLOOR_DATABASE"], conn_max_age=60)},
    USE_TZ=True,
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [("django.template.loaders.locmem.Loader", {})],
                    )
                ]
            },
        }
    ],
)

import django  # noqa: E402

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import path  # noqa: E402


class Line(models.Model):
    kind = models.CharField(max_length=64)
    occurred_at = models.DateTimeField()
    author_id = models.BigIntegerField(null=True)
    door = models.CharField(max_length=20)
    subject_type = models.CharField(max_length=40)
    thread_id = models.BigIntegerField()
    payload = models.TextField()

    class Meta:
        app_label = "floor"
        managed = False
        db_table = "ledger_ledgerevent"


PAGE = """<!doctype html><html lang="es"><head><meta charset="utf-8"><title>{{ title }}</title>
<link rel="stylesheet" href="/static/a.css"><script src="/static/a.js" defer></script></head><body>
<nav>{% for word in words %}<a class="nav-link" href="/{{ word }}/">{{ word|title }}</a>{% endfor %}</nav>
<main><h1>{{ title }}</h1>
<form method="post"><label for="text">Nota</label><textarea id="text" name="text"></textarea>
<button type="submit" class="btn btn-primary">Guardar</button></form>
<ol class="story">{% for line in lines %}
<li class="entry entry-{{ line.subject_type }}" id="e{{ line.pk }}">
<div class="entry-head"><span class="badge">{{ line.kind }}</span>
<time datetime="{{ line.occurred_at|date:'c' }}" title="{{ line.occurred_at|date:'d/m/Y H:i' }}">
{{ line.occurred_at|date:"j M H:i" }}</time>
<span class="who">{{ line.author_id|default:"" }} · {{ line.door }}</span></div>
{% if line.payload %}<p class="entry-text">{{ line.payload|truncatechars:240 }}</p>{% endif %}
<div class="entry-foot"><a href="/hilos/{{ line.thread_id }}/#e{{ line.pk }}">Enlace</a></div></li>
{% endfor %}</ol></main></body></html>"""
_template = engines["django"].from_string(PAGE)
WORDS = ("mi-dia", "hilos", "clientes", "casos", "traspasos", "dinero", "personas", "procesos")


def page(request: HttpRequest, thread: int) -> HttpResponse:
    lines = Line._default_manager.filter(thread_id=thread).order_by("-occurred_at", "-id")[:50]
    return HttpResponse(_template.render({"title": "Línea", "lines": lines, "words": WORDS}, request))


def ready(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ready")


urlpatterns = [path("", ready), path("<int:thread>/", page)]
application = get_wsgi_application()
