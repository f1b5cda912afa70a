"""What one types at the door. Passwords are never shown again, whatever else was wrong."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.parties.models import Person
from hilo.web.accounts.regions import COUNTRIES, REGIONS

MISSING_PASSWORD = gettext_lazy("Write your password.")
NO_PASSKEY_SENT = gettext_lazy("Your browser sent no passkey. Allow scripts on this page and try again.")
PASSWORD_HINT = gettext_lazy("At least 10 characters. A few words together are easy to remember.")


class PasswordField(forms.CharField):
    """Nothing is trimmed: a space may belong to it."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        kwargs.setdefault("error_messages", {"required": MISSING_PASSWORD})
        super().__init__(strip=False, widget=widget, max_length=1000, **kwargs)


class Plain(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.use_required_attribute = False


class SignInForm(LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.use_required_attribute = False
        email, password, remember = (self.fields[name] for name in ("login", "password", "remember"))
        email.label, password.label = _("E-mail"), _("Password")
        remember.label = _("Keep me signed in on this device")
        password.help_text = ""
        email.error_messages = {
            "required": _("Write your e-mail address."),
            "invalid": _("That is not an e-mail address. Write one like name@company.com."),
        }
        password.error_messages = {"required": MISSING_PASSWORD}
        for field in (email, password):
            field.widget.attrs.pop("placeholder", None)


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """Six digits of the app, or one of the recovery codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.use_required_attribute = False
        code = self.fields["code"]
        code.label = _("Code")
        code.error_messages = {"required": _("Write the six digits that your app shows.")}
        code.widget.attrs.pop("placeholder", None)
        code.widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class NewPassword(Plain):
    """Typed twice, because nobody sees it."""

    password = PasswordField(
        label=gettext_lazy("Your password"), autocomplete="new-password", help_text=PASSWORD_HINT
    )
    again = PasswordField(label=gettext_lazy("The same once more"), autocomplete="new-password")

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if self.cleaned_data.get("password", again) != again:
            raise ValidationError(_("The two are not the same. Write it once more."))
        return again


class ChangePassword(Plain):
    old = PasswordField(label=gettext_lazy("Your present password"), autocomplete="current-password")
    new = PasswordField(
        label=gettext_lazy("The new one"), autocomplete="new-password", help_text=PASSWORD_HINT
    )
    again = PasswordField(label=gettext_lazy("The new one once more"), autocomplete="new-password")

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if self.cleaned_data.get("new", again) != again:
            raise ValidationError(_("The two are not the same. Write it once more."))
        return again


class Forgotten(Plain):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Write your e-mail address."),
            "invalid": gettext_lazy("That is not an e-mail address. Write one like name@company.com."),
        },
    )


class ProofOfPassword(Plain):
    password = PasswordField(label=gettext_lazy("Your password"), autocomplete="current-password")


class FirstCode(ProofOfPassword):
    code = forms.CharField(
        label=gettext_lazy("The six digits that the app shows"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("Write the six digits that your app shows.")},
    )
    field_order = ("code", "password")


class Proving(Plain):
    """Asks for the password of who has one; see ``proving``."""

    password = PasswordField(label=gettext_lazy("Your password"), autocomplete="current-password")

    def __init__(self, *args: Any, proof: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if proof != "password":
            del self.fields["password"]


class NewPasskey(Proving):
    """``is_asking``: before the browser made it, so nothing is there to send yet."""

    name = forms.CharField(
        label=gettext_lazy("What you call it"),
        help_text=gettext_lazy("So that you know it again: Work laptop, Blue key."),
        max_length=60,
        error_messages={"required": gettext_lazy("Give it a name, so that you know it again.")},
    )
    credential = forms.JSONField(
        widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy(
                "Your browser sent no passkey. Allow scripts on this page and try again."
            ),
            "invalid": gettext_lazy(
                "Your browser sent no passkey. Allow scripts on this page and try again."
            ),
        },
    )
    field_order = ("name", "password")

    def __init__(self, *args: Any, is_asking: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_asking:
            del self.fields["credential"]

    def clean_credential(self) -> dict[str, Any]:
        given = self.cleaned_data["credential"]
        if not isinstance(given, dict):
            raise ValidationError(self.fields["credential"].error_messages["invalid"])
        return given


class NameOfPasskey(Plain):
    name = forms.CharField(
        max_length=60,
        error_messages={"required": gettext_lazy("Give it a name, so that you know it again.")},
    )


class RemovePasskey(Proving):
    knowingly = forms.BooleanField(
        label=gettext_lazy("I know that then nothing lets me in"),
        error_messages={"required": gettext_lazy("Tick it, or keep the passkey.")},
    )

    def __init__(self, *args: Any, is_last: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_last:
            del self.fields["knowingly"]


class Founding(NewPassword):
    """The company, its first delegation, and who sets it up."""

    name = forms.CharField(
        label=gettext_lazy("Company"),
        error_messages={"required": gettext_lazy("Write the company's name.")},
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=COUNTRIES)
    region = forms.ChoiceField(
        label=gettext_lazy("Region"),
        required=False,
        help_text=gettext_lazy("Its holidays come with it; the town's two you add in the calendar."),
    )
    city = forms.CharField(label=gettext_lazy("Town of the head office"), required=False)
    zone = forms.CharField(label=gettext_lazy("Time zone"), initial="Europe/Madrid")
    administrator_name = forms.CharField(
        label=gettext_lazy("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Write your name.")},
    )
    administrator_email = forms.EmailField(
        label=gettext_lazy("Your e-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("You sign in with it."),
        error_messages={
            "required": gettext_lazy("Write your e-mail address."),
            "invalid": gettext_lazy("That is not an e-mail address. Write one like name@company.com."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self.fields["region"]
        assert isinstance(region, forms.ChoiceField)
        region.choices = [("", _("None, or another country")), *REGIONS]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("country") != "ES":
            given["region"] = ""
        return given


def initials_for_founding() -> dict[str, object]:
    return {"country": "ES", "zone": Person._meta.get_field("zone").default}
