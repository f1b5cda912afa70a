"""``hilo run``: what a company uses. Secure cookies once HILO_HTTPS=1 says a proxy speaks TLS for us."""

import os

from hilo.settings.base import *  # noqa: F403

if os.environ.get("HILO_HTTPS") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # or the whole company would share one limit of wrong passwords
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in os.environ.get("HILO_HOSTS", "").split(",") if host]
