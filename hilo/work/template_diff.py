"""Two versions of a process beside each other: what is new, what is gone, what says something else."""

from __future__ import annotations

from dataclasses import dataclass, fields

from hilo.work.template_rules import Need, StepText, TemplateText

type Value = str | int | bool | tuple[str, ...] | tuple[Need, ...]
type Link = tuple[str, str]


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class StepChange:
    old: StepText
    new: StepText
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class TemplateDiff:
    """Steps are the same when their key is. ``moved`` are those whose place among the others changed."""

    added: tuple[StepText, ...]
    removed: tuple[StepText, ...]
    changed: tuple[StepChange, ...]
    moved: tuple[StepText, ...]
    links_added: tuple[Link, ...]
    links_removed: tuple[Link, ...]

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, each.name) for each in fields(self))


def difference(old: TemplateText, new: TemplateText) -> TemplateDiff:
    was = {step.key: step for step in old.steps}
    becomes = {step.key: step for step in new.steps}
    changes = (_change(was[key], step) for key, step in becomes.items() if key in was)
    before, after = _links(old), _links(new)
    return TemplateDiff(
        added=tuple(step for key, step in becomes.items() if key not in was),
        removed=tuple(step for key, step in was.items() if key not in becomes),
        changed=tuple(each for each in changes if each.fields),
        moved=_moved(old, new),
        links_added=tuple(link for link in after if link not in before),
        links_removed=tuple(link for link in before if link not in after),
    )


def _change(old: StepText, new: StepText) -> StepChange:
    """``after`` is told as links."""
    names = (each.name for each in fields(StepText) if each.name not in ("key", "after"))
    changed = (FieldChange(name, getattr(old, name), getattr(new, name)) for name in names)
    return StepChange(old, new, tuple(each for each in changed if each.old != each.new))


def _links(process: TemplateText) -> dict[Link, None]:
    return {(before, step.key): None for step in process.steps for before in step.after}


def _moved(old: TemplateText, new: TemplateText) -> tuple[StepText, ...]:
    """The fewest steps that must change place: those outside the longest run that kept its order."""
    places = {step.key: place for place, step in enumerate(old.steps)}
    common = [step for step in new.steps if step.key in places]
    runs: list[list[StepText]] = []
    for step in common:
        fitting = [run for run in runs if places[run[-1].key] < places[step.key]]
        runs.append([*max(fitting, key=len, default=[]), step])
    kept = max(runs, key=len, default=[])
    return tuple(step for step in common if step not in kept)
