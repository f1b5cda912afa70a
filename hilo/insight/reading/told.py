"""What a reader says while it reads, so that nothing is dropped in silence."""

from __future__ import annotations

from hilo.insight.speaking import Said


class Told:
    """Remarks in the order they were made, each once."""

    def __init__(self) -> None:
        self._remarks: list[Said] = []

    def say(self, said: Said) -> None:
        if said not in self._remarks:
            self._remarks.append(said)

    def all(self) -> tuple[Said, ...]:
        return tuple(self._remarks)
