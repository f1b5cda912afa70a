"""The report itself: one file with its own scripts and styles, in a room of its own.

It names what stands in files that others brought. So it is shown without a share in the page around it or in
the session: its policy puts it in a sandbox, where it may run its own scripts and ask for nothing.
"""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest
from django.utils.csp import CSP
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from hilo.analysis import folders
from hilo.analysis.models import Diagnosis
from hilo.web.base.saying import language
from hilo.web.diagnosis.fetching import diagnosis_at

OWN_POLICY: dict[str, list[str]] = {
    "sandbox": ["allow-scripts"],
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "script-src": [CSP.UNSAFE_INLINE],
    "img-src": ["data:"],
    "font-src": ["data:"],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
}


@require_safe
@csp_override(OWN_POLICY)
def report(request: HttpRequest, pk: int) -> FileResponse:
    _one, path = _report(request, pk, "html")
    return _private(FileResponse(path.open("rb"), content_type="text/html; charset=utf-8"))


@require_safe
@csp_override(OWN_POLICY)
def html_file(request: HttpRequest, pk: int) -> FileResponse:
    return _file(request, pk, "html", "text/html; charset=utf-8")


@require_safe
@csp_override(OWN_POLICY)
def json_file(request: HttpRequest, pk: int) -> FileResponse:
    return _file(request, pk, "json", "application/json")


def _file(request: HttpRequest, pk: int, suffix: str, content_type: str) -> FileResponse:
    one, path = _report(request, pk, suffix)
    name = f"{slugify(one.name, allow_unicode=True)[:80] or 'diagnostico'}.{suffix}"
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    return _private(answer)


def _report(request: HttpRequest, pk: int, suffix: str) -> tuple[Diagnosis, Path]:
    one = diagnosis_at(request, pk)
    if one.result:
        path = folders.report_path(one.token, one.result, language(get_language()), suffix)
        if path.is_file():
            return one, path
    raise Http404


def _private(answer: FileResponse) -> FileResponse:
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
