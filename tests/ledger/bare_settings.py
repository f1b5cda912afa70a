from hilo.settings.test import *  # noqa: F403

INSTALLED_APPS = ["django.contrib.contenttypes", "hilo.ledger"]
MIDDLEWARE = []
ROOT_URLCONF = "tests.ledger.bare_settings"
urlpatterns: list[object] = []
