"""A process as YAML: read with every fault told at its line, written so that reading it again gives the same.

Durations are business time: ``90m``, ``4h``, ``2d``, where a day is 8 hours of work. What a process must be
stands in ``template_rules``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from django.utils.translation import gettext as _

from hilo.work.template_rules import (
    LINE,
    Fault,
    FaultyTemplate,
    StepText,
    TemplateText,
    as_fields,
    duration,
    read_process,
)

__all__ = [
    "FaultyTemplate",
    "StepText",
    "TemplateText",
    "duration",
    "parse_template",
    "write_template",
]

LONGEST_TEXT = 200_000


class _Loader(yaml.SafeLoader):
    """Plain YAML whose mappings know their line; no aliases, by which a short text could grow without end."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = yaml.reader.Reader.get_mark(self)
            raise yaml.MarkedYAMLError(problem=_("references (*name) are not used here"), problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep=True)
        mapping[LINE] = node.start_mark.line + 1
        return mapping


def _mapping(loader: _Loader, node: yaml.Node) -> dict[Any, Any]:
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def parse_template(text: str, area_codes: Mapping[str, str]) -> TemplateText:
    """Read the text. ``area_codes`` gives the code for every way to name an area in force."""
    return read_process(_load(text), area_codes, told=_at_its_line)


def _at_its_line(fault: Fault) -> str:
    where = _("Line %(line)s, step “%(step)s”: %(fault)s") if fault.step else _("Line %(line)s: %(fault)s")
    return where % {"line": fault.line, "step": fault.step, "fault": fault.sentence}


def _load(text: str) -> object:
    if len(text) > LONGEST_TEXT or "\0" in text:
        raise FaultyTemplate([_("This is no process: it is too long, or no text at all.")])
    try:
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FaultyTemplate(
            [
                _("Line %(line)s cannot be read as YAML: %(problem)s.")
                % {"line": mark.line + 1 if mark else 1, "problem": error.problem or error.context}
            ]
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise FaultyTemplate([_("This cannot be read as YAML. Check its characters and indents.")]) from None


def write_template(template: TemplateText) -> str:
    """The same process as text; what keeps its default is left out."""
    return str(yaml.safe_dump(as_fields(template), allow_unicode=True, sort_keys=False, width=100))
