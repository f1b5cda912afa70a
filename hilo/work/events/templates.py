"""What happens to a process template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hilo.ledger.record import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateDrafted(Event):
    kind: ClassVar[str] = "template.drafted"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatePublished(Event):
    kind: ClassVar[str] = "template.published"
    number: int
    retired: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRetired(Event):
    kind: ClassVar[str] = "template.retired"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateAmended(Event):
    """A line was added to a draft: what it says stands in the draft."""

    kind: ClassVar[str] = "template.amended"
    number: int
    step: str
    where: str
    key: str
