"""The WSGI entry point that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hilo.settings.production")
application = get_wsgi_application()

# What is loaded by now lives as long as the process; a page makes a few thousand objects and drops them all.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
