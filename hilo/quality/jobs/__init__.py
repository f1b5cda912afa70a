"""Background work on cases; imported by ``hilo.jobs`` at start-up."""

from hilo.quality.jobs import actions as actions
from hilo.quality.jobs import calendars as calendars
from hilo.quality.jobs import clocks as clocks
