"""What happens to a process template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateDrafted(Event):
    kind: ClassVar[str] = "template.drafted"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRenamed(Event):
    """The process, in all its versions: what runs on it is called so as well. Its code stays."""

    kind: ClassVar[str] = "template.renamed"
    old: Sealed
    new: Sealed


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateStepAdded(Event):
    kind: ClassVar[str] = "template.step_added"
    number: int
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateStepChanged(Event):
    """``fields`` as the YAML calls them: what they say stands in the draft."""

    kind: ClassVar[str] = "template.step_changed"
    number: int
    step: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateStepMoved(Event):
    kind: ClassVar[str] = "template.step_moved"
    number: int
    step: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateStepRemoved(Event):
    kind: ClassVar[str] = "template.step_removed"
    number: int
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadProcessMoved(Event):
    """From now on a piece of its work is done as ``to_number`` says. Step runs, by what became of them."""

    kind: ClassVar[str] = "thread.process_moved"
    work_item: int
    template: int
    from_number: int
    to_number: int
    kept: tuple[int, ...]
    planned: tuple[int, ...]
    taken_out: tuple[int, ...]
