"""``{% load story %}``: the entries of a story, wherever one is told."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from hilo.web.base.templatetags.hilo import here_of
from hilo.web.threads.entries import Entry
from hilo.web.threads.entry_drawing import entry_drawn
from hilo.work.models import Thread

register = template.Library()


@register.simple_tag(takes_context=True)
def story_entry(context: Context, entry: Entry, of_thread: Thread | None = None) -> SafeString:
    """``of_thread``: named beside it where a story runs over several threads."""
    return entry_drawn(entry, here_of(context), of_thread=of_thread)


@register.simple_tag(takes_context=True)
def story_entries(context: Context, entries: Iterable[Entry]) -> SafeString:
    here = here_of(context)
    return SafeString("".join([entry_drawn(entry, here) for entry in entries]))
