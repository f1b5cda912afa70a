"""What is brought in and from where; then which column is what, and whose it will be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.channels.imports import DayOrder, DecimalMark, Mapping, Source, What
from hilo.channels.imports.labels import NOT_KEPT, choices_of, said_confidence, said_source, said_what
from hilo.channels.imports.uploads import MOST_BYTES
from hilo.parties.actor import Actor
from hilo.parties.models import Delegation, Person
from hilo.parties.queries.company import delegations_visible_to
from hilo.parties.queries.people import people_visible_to
from hilo.web.base.templatetags.hilo import control


class Plain(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False


class UploadForm(Plain):
    what = forms.ChoiceField(label=gettext_lazy("What the rows are"), widget=forms.RadioSelect)
    source = forms.ChoiceField(label=gettext_lazy("Where they come from"))
    file = forms.FileField(
        label=gettext_lazy("CSV or Excel file"),
        error_messages={
            "required": gettext_lazy("Choose the file to bring in."),
            "empty": gettext_lazy("The file is empty. Check the export and try again."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what, source = self.fields["what"], self.fields["source"]
        assert isinstance(what, forms.ChoiceField) and isinstance(source, forms.ChoiceField)
        what.choices = [(one.value, said_what(one)) for one in What]
        source.choices = [(one.value, said_source(one)) for one in Source]

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(
                _("Here a file may have %(most)s MB. Import a larger one with hilo import, or split it.")
                % {"most": MOST_BYTES // 1024 // 1024}
            )
        return file


class LookForm(Plain):
    """One field per column (``column-0``, ...) and what holds for all rows."""

    owner = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Who keeps what has no owner here"), empty_label=None
    )
    delegation = forms.ModelChoiceField(
        Delegation.objects.none(), label=gettext_lazy("The delegation they belong to"), empty_label=None
    )
    dates = forms.ChoiceField(label=gettext_lazy("How 03/04/2026 is read"), required=False)
    decimals = forms.ChoiceField(label=gettext_lazy("How 1.234 is read"), required=False)
    with_closed = forms.BooleanField(
        label=gettext_lazy("Also those that are closed there"),
        help_text=gettext_lazy(
            "They come open, and say how they ended; archiving stays a person's decision."
        ),
        required=False,
    )
    skip_refused = forms.BooleanField(
        label=gettext_lazy("Leave out the refused rows and bring in the others"), required=False
    )

    def __init__(self, *args: Any, mapping: Mapping, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mapping, self.actor = mapping, actor
        self._choose(actor)
        fields = [("", _("not used")), *choices_of(mapping.what)]
        chosen = {one.column: one.field for one in mapping.choices}
        for place, column in enumerate(mapping.columns):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=column, choices=fields, required=False, initial=chosen.get(column, "")
            )
        if mapping.what is not What.THREADS:
            del self.fields["with_closed"]

    def _choose(self, actor: Actor) -> None:
        rows = {
            "owner": people_visible_to(actor).filter(is_active=True).order_by("name"),
            "delegation": delegations_visible_to(actor).filter(closed_on__isnull=True),
        }
        for name, choices in rows.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = choices
        ask = _("as the column says")
        said: dict[str, list[tuple[str, str]]] = {
            "dates": [(DayOrder.DAY_FIRST, _("3 April")), (DayOrder.MONTH_FIRST, _("4 March"))],
            "decimals": [
                (DecimalMark.COMMA, _("one thousand two hundred and thirty-four")),
                (DecimalMark.POINT, _("one and a bit")),
            ],
        }
        for name, options in said.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", ask), *((one, words) for one, words in options)]

    def columns(self) -> Iterator[tuple[BoundField, str, str]]:
        """Each column with its control and how sure its field is."""
        sure = {one.column: one for one in self.mapping.choices}
        for place, column in enumerate(self.mapping.columns):
            one = sure.get(column)
            said = said_confidence(one.confidence) if one else ""
            if one and one.field in NOT_KEPT:
                said = _("recognised, but not kept")
            bound = self[f"column-{place}"]
            yield bound, control(bound), said

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        taken: dict[str, str] = {}
        for place, column in enumerate(self.mapping.columns):
            field = given.get(f"column-{place}", "")
            if field in taken and field:
                said = _("“%(column)s” says it is that already. One of the two is something else.")
                self.add_error(f"column-{place}", said % {"column": taken[field]})
            taken[field] = column
        return given

    def chosen_mapping(self) -> Mapping:
        """What was chosen where it differs; the rest as it was guessed, with its confidence."""
        before = {one.column: one.field for one in self.mapping.choices}
        wanted = {
            column: str(self.cleaned_data.get(f"column-{place}", ""))
            for place, column in enumerate(self.mapping.columns)
        }
        differ = {column: field for column, field in wanted.items() if before.get(column, "") != field}
        cleared = self.mapping.overridden(f"{column}=" for column in differ)
        return cleared.overridden(f"{column}={field}" for column, field in differ.items() if field)
