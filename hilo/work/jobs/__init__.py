"""Background work of the daily core; imported by ``hilo.jobs`` at start-up."""

from hilo.work.jobs import bulk as bulk
from hilo.work.jobs import clocks as clocks
