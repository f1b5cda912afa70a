"""Fields of processes: as text, as a file, step by step."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hilo.web.people.forms import Plain


class ProcessText(Plain):
    yaml = forms.CharField(
        label=_("The process as text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "h-yaml"}),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,text/yaml"}),
        error_messages={"empty": _("The file is empty.")},
    )
