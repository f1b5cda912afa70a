#!/usr/bin/env python3
"""Django's own commands, with the settings for working on Hilo. ``hilo manage`` uses those of production."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hilo.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
