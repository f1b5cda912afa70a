"""An event log as files that any process-mining tool reads."""

from hilo.insight.writing.ocel import write_ocel2
from hilo.insight.writing.xes import write_xes

__all__ = ["write_ocel2", "write_xes"]
