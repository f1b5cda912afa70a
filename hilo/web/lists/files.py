"""A list as a file, and the page before it: the same for threads, customers and cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hilo.web.exports import Cell, Field, Row, csv_response, excel_response


@dataclass(frozen=True, slots=True)
class Part[R]:
    """A column: its head, and what stands in it for one row."""

    field: Field
    value: Callable[[R], Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFile[R]:
    """``rows`` are read while the file is on its way; ``address`` is the list's, as ``web:threads``: those of
    its files follow from it."""

    name: str
    title: str
    on: date
    address: str
    query: str
    parts: Sequence[Part[R]]
    rows: Callable[[], Iterable[R]]

    def page(self, request: HttpRequest, heading: str, **more: Any) -> HttpResponse:
        """What would be in the file, before it is made."""
        facts = {
            "heading": heading,
            "list_label": self.title,
            "list_url": self._url(""),
            "excel_url": self._url("_xlsx"),
            "csv_url": self._url("_csv"),
            "fields": [part.field.label for part in self.parts],
        }
        return render(request, "web_lists/export.html", {**facts, **more})

    def as_csv(self) -> StreamingHttpResponse:
        return csv_response(f"{self._stem}.csv", [part.field for part in self.parts], self._cells())

    def as_excel(self) -> FileResponse:
        return excel_response(
            f"{self._stem}.xlsx",
            self.title,
            [part.field for part in self.parts],
            self._cells(),
            more=_("There are more rows than Excel can hold: take the CSV file, or narrow the list."),
        )

    @property
    def _stem(self) -> str:
        return f"{self.name}-{self.on:%Y-%m-%d}"

    def _url(self, ending: str) -> str:
        return f"{reverse(self.address + ending)}?{self.query}"

    def _cells(self) -> Iterator[Row]:
        for row in self.rows():
            yield [part.value(row) for part in self.parts]
