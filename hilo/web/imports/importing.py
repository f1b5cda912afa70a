"""The second step: say which column is what, see what would happen, and bring it in."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from hilo.channels.imports import (
    Assumptions,
    DayOrder,
    DecimalMark,
    Intake,
    RefusedRow,
    Table,
    open_table,
    write_refused,
)
from hilo.channels.imports.applying import Importing, Outcome, Preview, Tally
from hilo.channels.imports.choosing import delegation_called
from hilo.channels.imports.deciding import Terms
from hilo.channels.imports.labels import said_source, said_what
from hilo.channels.imports.remembering import first_mapping, remember_mapping, remembered_mapping
from hilo.channels.imports.reporting import said_duplicate, said_row, unlinked
from hilo.channels.imports.uploads import Upload, find_upload
from hilo.parties.actor import importer
from hilo.parties.queries.company import policy
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import OK, UNPROCESSABLE, Attempt, run_command
from hilo.web.imports.forms import LookForm

SHOWN = 50


def look(request: HttpRequest, token: str) -> HttpResponse:
    upload = _upload(request, token)
    if upload.result is not None:
        return _shown_result(request, upload)
    table = open_table(upload.file)
    mapping = first_mapping(table, upload.what, upload.source)
    actor = actor_of(request)
    usual = {"owner": actor.one.pk, "delegation": delegation_called("").pk}
    data = request.POST if request.method == "POST" else None
    form = LookForm(data, mapping=mapping, actor=actor, initial=usual)
    if data is None:
        form = _filled(form)
    act = _import if data is not None and data.get("do") == "import" else _preview
    attempt = run_command(form, lambda given: act(request, upload, table, form, given))
    if isinstance(attempt.result, Outcome) and attempt.result.is_done:
        return HttpResponseRedirect(reverse("web:import", args=[upload.token]))
    return _shown(request, upload, table, form, attempt)


def refused_rows(request: HttpRequest, token: str) -> FileResponse:
    path = _upload(request, token).refused_file
    if path is None:
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=path.name, content_type="text/csv; charset=utf-8"
    )


def _upload(request: HttpRequest, token: str) -> Upload:
    """Somebody else's is not there, and neither is one whose day is over."""
    upload = find_upload(token, person_id=actor_of(request).one.pk, now=now_of(request))
    if upload is None:
        raise Http404
    return upload


def _filled(form: LookForm) -> LookForm:
    """The form as if its first values had been sent, so that the first look shows what they lead to."""
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    sent = {name: value for name, value in data.items() if value not in (None, False)}
    return LookForm(sent, mapping=form.mapping, actor=form.actor)


# Looking and doing ---------------------------------------------------------------------------------------


def _preview(
    request: HttpRequest, upload: Upload, table: Table, form: LookForm, given: dict[str, Any]
) -> Preview:
    return _importing(request, upload, table, form, given).preview()


def _import(
    request: HttpRequest, upload: Upload, table: Table, form: LookForm, given: dict[str, Any]
) -> Outcome | Preview:
    """Done, or the preview again with the rows that were refused, ready to be fetched as a file."""
    importing = _importing(request, upload, table, form, given)
    outcome = importing.apply(skip_refused=given["skip_refused"])
    _write_refused(upload, table, outcome.tally.refused)
    if not outcome.is_done:
        preview = importing.preview()
        return Preview(preview.check, _with_refused(preview.tally, outcome.tally.refused))
    remember_mapping(importing.intake.mapping, importing.terms.now)
    upload.finish(_result(outcome))
    return outcome


def _importing(
    request: HttpRequest, upload: Upload, table: Table, form: LookForm, given: dict[str, Any]
) -> Importing:
    delegation = given["delegation"]
    assumed = Assumptions(
        country=delegation.country,
        currency=policy().currency,
        zone=ZoneInfo(delegation.zone),
        dates=DayOrder(given["dates"]) if given["dates"] else None,
        decimals=DecimalMark(given["decimals"]) if given["decimals"] else None,
    )
    terms = Terms(
        source=upload.source,
        by=importer(person=actor_of(request).one),
        owner=given["owner"],
        delegation=delegation,
        now=now_of(request),
        with_closed=given.get("with_closed", False),
    )
    return Importing(Intake(table, form.chosen_mapping(), assumed), terms)


def _write_refused(upload: Upload, table: Table, refused: list[RefusedRow]) -> None:
    if refused:
        write_refused(table, refused, upload.make_room_for_refused())


def _with_refused(tally: Tally, refused: list[RefusedRow]) -> Tally:
    return Tally(tally.counts, tally.skipped, refused, tally.links)


def _result(outcome: Outcome) -> dict[str, Any]:
    return {
        "counts": {fate.value: count for fate, count in outcome.tally.counts.items()},
        "skipped": dict(outcome.tally.skipped),
        "refused": outcome.tally.refused_rows,
    }


# Showing -------------------------------------------------------------------------------------------------


def _shown(
    request: HttpRequest, upload: Upload, table: Table, form: LookForm, attempt: Attempt
) -> HttpResponse:
    preview = attempt.result if isinstance(attempt.result, Preview) else None
    was_tried = request.method == "POST" and request.POST.get("do") == "import"
    facts = {
        "upload": upload,
        "what": said_what(upload.what),
        "source": said_source(upload.source),
        "form": form,
        "columns": list(form.columns()),
        "is_remembered": remembered_mapping(table, upload.what, upload.source) is not None,
        "preview": preview,
        "was_tried": was_tried and preview is not None,
        **(_facts_of(preview) if preview else {}),
    }
    status = UNPROCESSABLE if facts["was_tried"] else attempt.status if request.method == "POST" else OK
    return render(request, "web_imports/look.html", facts, status=status)


def _facts_of(preview: Preview) -> dict[str, object]:
    tally = preview.tally
    return {
        "counts": {fate.value: count for fate, count in tally.counts.items()},
        "skipped": dict(tally.skipped),
        "refused_count": tally.refused_rows,
        "refused": preview.refused[:SHOWN],
        "refused_more": max(0, len(preview.refused) - SHOWN),
        "sample": [(row.number, said_row(row)) for row in preview.check.sample],
        "notes": [*preview.check.notes, *(one.text for one in preview.check.remarks[:SHOWN])],
        "links": tally.links[:SHOWN],
        "alike": [said_duplicate(one) for one in unlinked(preview)[:SHOWN]],
    }


def _shown_result(request: HttpRequest, upload: Upload) -> HttpResponse:
    result = upload.result or {}
    facts = {
        "upload": upload,
        "what": said_what(upload.what),
        "counts": result.get("counts", {}),
        "skipped": result.get("skipped", {}),
        "refused_count": result.get("refused", 0),
        "there": reverse("web:threads" if upload.what == "threads" else "web:customers"),
    }
    return render(request, "web_imports/done.html", facts)
