"""The settings of a process that a test starts: the test's own database, which its parent made."""

import os

from hilo.settings.test import *  # noqa: F403
from hilo.settings.test import DATABASES as made

_default = made["default"]
assert isinstance(_default, dict)
_default["NAME"] = os.environ["HILO_TEST_CHILD_DATABASE"]
