"""What every section of the report gets: the diagnosis, and the language to say it in."""

from __future__ import annotations

from hilo.insight.records import record
from hilo.insight.report.markup import Markup
from hilo.insight.report.voice import Voice
from hilo.insight.results import Diagnosis
from hilo.insight.speaking import Said


@record
class Page:
    diagnosis: Diagnosis
    voice: Voice

    def __call__(self, said: Said) -> Markup:
        return self.voice(said)

    @property
    def total_hours(self) -> float:
        """What all cases took together, from first event to last."""
        return self.diagnosis.measures.durations.mean * 24 * self.diagnosis.log.cases

    def share_of_total(self, hours: float) -> float | None:
        total = self.total_hours
        return hours / total if total > 0 and 0 <= hours <= total else None
