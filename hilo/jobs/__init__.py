"""Background work that survives kill -9: see docs/jobs.md for the contract.

Only names that are safe before the app registry is ready are offered here; the rest lives in
``hilo.jobs.worker`` (run_worker), ``hilo.jobs.supervisor`` and ``hilo.jobs.health``.
"""

from hilo.jobs.effects import exactly_once
from hilo.jobs.errors import GiveUp, JobTimedOut
from hilo.jobs.registry import Job, PeriodicJob, job, periodic

__all__ = ["GiveUp", "Job", "JobTimedOut", "PeriodicJob", "exactly_once", "job", "periodic"]
