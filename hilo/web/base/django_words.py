"""Sentences of Django's own forms that our catalogue says again, with tú; listed so that it is kept true."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

SAID_AGAIN = (
    _("This field is required."),
    _("Enter a valid date."),
    _("Enter a valid time."),
    _("Enter a valid date/time."),
    _("Enter a valid value."),
    _("Enter a valid email address."),
    _("Enter a whole number."),
    _("Enter a number."),
    _("Select a valid choice. That choice is not one of the available choices."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Null characters are not allowed."),
    _("The submitted file is empty."),
    _("No file was submitted."),
    _("- Select an option -"),
)
