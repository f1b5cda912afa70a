"""Any file with events in it becomes one table of typed columns; what cannot be used is counted and said."""

from hilo.insight.reading.files import read
from hilo.insight.reading.unpacking import Limits

__all__ = ["Limits", "read"]
