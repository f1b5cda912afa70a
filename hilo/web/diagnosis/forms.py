"""The files of a log, what it is called, what may lie beside it, and which column is what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hilo.analysis.folders import stem_of
from hilo.analysis.limits import MB, limits
from hilo.analysis.looking import ESSENTIAL
from hilo.analysis.models import Diagnosis
from hilo.insight.raw import Role
from hilo.web.base.templatetags.hilo import control
from hilo.web.base.words import Status
from hilo.web.diagnosis.words import ROLES, spoken, sureness
from hilo.web.doing.fields import SeenForm

type File = UploadedFile[bytes]
OPTIONS = ("calendar", "meaning", "template")
SPANISH_ZONES = ("Europe/Madrid", "Atlantic/Canary", "Africa/Ceuta")


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or several; gives a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[File]:
        sent = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in sent or [None]]


def _option_field(label: Any, hint: Any) -> forms.FileField:
    empty = gettext_lazy("That file is empty. Choose it again, or leave it out.")
    field = forms.FileField(label=label, help_text=hint, required=False, error_messages={"empty": empty})
    field.widget = forms.FileInput()
    return field


def _zones() -> list[tuple[str, Any]]:
    """Those of Spain first, then all that are called after a place."""
    places = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    others = [(zone, zone.replace("_", " ")) for zone in ("UTC", *places) if zone not in SPANISH_ZONES]
    return [("", _("As the file seems to say")), *((zone, zone) for zone in SPANISH_ZONES), *others]


class OptionFiles(forms.Form):
    """What may lie beside a log. Each file is small: a few lines that somebody wrote."""

    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Where the clock stood, if the times of the file do not say it."),
        choices=_zones,
        required=False,
    )
    calendar = _option_field(
        gettext_lazy("Working hours"), gettext_lazy("A calendar (YAML): durations also in working time.")
    )
    meaning = _option_field(
        gettext_lazy("What the activities mean"),
        gettext_lazy("A list (YAML) of which activity is a request, an invoice, news to the customer…"),
    )
    template = _option_field(
        gettext_lazy("How it should run"), gettext_lazy("A process (YAML or BPMN) to compare it with.")
    )

    def clean_calendar(self) -> File | None:
        return self._small("calendar")

    def clean_meaning(self) -> File | None:
        return self._small("meaning")

    def clean_template(self) -> File | None:
        return self._small("template")

    def _small(self, name: str) -> File | None:
        file: File | None = self.cleaned_data[name]
        most = limits().most_option_bytes
        if file is not None and (file.size or 0) > most:
            raise ValidationError(_("At most %(most)s fit here.") % {"most": said_size(most)})
        return file

    def option_files(self) -> dict[str, File]:
        return {name: file for name in OPTIONS if (file := self.cleaned_data.get(name))}


class UploadForm(OptionFiles):
    log = ManyFilesField(
        label=gettext_lazy("The log"),
        error_messages={
            "required": gettext_lazy("Choose the file to read."),
            "empty": gettext_lazy("The file is empty. Check the export and choose it again."),
        },
    )
    name = forms.CharField(label=gettext_lazy("Name of the report"), max_length=120, required=False)
    ticket = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.initial.setdefault("ticket", uuid4())
        self.fields["log"].help_text = _(
            "CSV, Excel, Parquet, XES or OCEL, also zipped; several with the same columns are one log."
            " Up to %(most)s in all."
        ) % {"most": said_size(limits().most_bytes)}
        self.fields["name"].help_text = _("Left empty, it is called as the file.")

    def clean_log(self) -> list[File]:
        files: list[File] = self.cleaned_data["log"]
        bounds = limits()
        if len(files) > bounds.most_files:
            raise ValidationError(
                ngettext("At most %(n)s file fits.", "At most %(n)s files fit.", bounds.most_files)
                % {"n": bounds.most_files}
            )
        if sum(file.size or 0 for file in files) > bounds.most_bytes:
            raise ValidationError(too_much())
        return files

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        files = given.get("log")
        if files and not (given.get("name") or "").strip():
            given["name"] = stem_of(files[0].name or "")[:120]
        return given


def too_much() -> str:
    return _(
        "Together the files may have %(most)s here. Bring fewer months, zip them, or read them at a terminal"
        " with hilo diagnose."
    ) % {"most": said_size(limits().most_bytes)}


def said_size(size: int) -> str:
    if size < MB:
        return f"{number_format(max(1, round(size / 1024)))} kB"
    return f"{number_format(round(size / MB))} MB"


# Which column is what -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownRole:
    bound: BoundField
    control: SafeString
    hint: str
    sure: Status | None
    why: str


class ColumnsForm(SeenForm, OptionFiles):
    """One select per role over the columns of the log, with what the engine guessed chosen beforehand."""

    def __init__(self, *args: Any, diagnosis: Diagnosis, look: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, seen=diagnosis.version, **kwargs)
        self.diagnosis, self.look = diagnosis, look
        self.fields["zone"].initial = diagnosis.zone
        columns = [(one["name"], _label(one)) for one in look["columns"]]
        for role, (label, _hint) in ROLES.items():
            taken = self.guess_of(role)
            is_needed = role in ESSENTIAL
            nothing = ("", _("Choose…") if is_needed else _("the log does not say it"))
            field = forms.ChoiceField(
                label=str(label),
                choices=[nothing, *columns],
                required=is_needed,
                initial=diagnosis.columns.get(role.value, taken.get("column", "")),
                error_messages={"required": _("Without this nothing can be read: choose its column.")},
            )
            self.fields[role.value] = field
        for name in diagnosis.options:
            self.fields[f"no-{name}"] = forms.BooleanField(
                label=_("Leave out %(file)s") % {"file": diagnosis.options[name]["name"]}, required=False
            )

    def guess_of(self, role: Role) -> dict[str, Any]:
        guess: dict[str, Any] = self.look["taken"].get(role.value, {})
        return guess

    def roles(self) -> Iterator[ShownRole]:
        for role, (_label_of, hint) in ROLES.items():
            bound, taken = self[role.value], self.guess_of(role)
            sure = sureness(taken["certainty"], chosen=taken["chosen"]) if taken else None
            yield ShownRole(bound, control(bound), str(hint), sure, spoken(taken.get("why", {})))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        taken: dict[str, str] = {}
        for role in ROLES:
            column = given.get(role.value, "")
            if column and column in taken:
                said = _("“%(column)s” is chosen above already. One column says one thing.")
                self.add_error(role.value, said % {"column": column})
            taken[column] = role.value
        return given

    def chosen(self) -> dict[str, str]:
        """What the person says: the columns without which nothing can be read, and where they differ."""
        return {
            role.value: self.cleaned_data[role.value]
            for role in ROLES
            if role in ESSENTIAL
            or role.value in self.diagnosis.columns
            or self.cleaned_data[role.value] != self.guess_of(role).get("column", "")
        }

    def left_out(self) -> list[str]:
        return [name for name in OPTIONS if self.cleaned_data.get(f"no-{name}")]

    def beside(self) -> list[BoundField]:
        files = [name for pair in OPTIONS for name in (pair, f"no-{pair}")]
        return [self[name] for name in ("zone", *files) if name in self.fields]


def _label(column: dict[str, Any]) -> str:
    samples = ", ".join(column["samples"])
    return f"{column['name']} ({samples})" if samples else str(column["name"])
