"""Which modules the company has switched on; see ``hilo.parties.modules``."""

from __future__ import annotations

from django.db import models


class ModuleSwitch(models.Model):
    code = models.CharField(max_length=30, unique=True)
    is_on = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.code}: {'on' if self.is_on else 'off'}"
