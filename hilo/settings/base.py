"""Settings shared by every way of running Hilo.

``HILO_DATA`` is a folder: database, attachments, ledger digests and the secret key made at first start.
``DATABASE_URL`` switches from the embedded SQLite to PostgreSQL.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import dj_database_url
from django.utils.csp import CSP

PACKAGE_DIR = Path(__file__).resolve().parent.parent
PROJECT_DIR = PACKAGE_DIR.parent
DATA_DIR = Path(os.environ.get("HILO_DATA") or PROJECT_DIR / ".data").resolve()


def _secret_key() -> str:
    """Read the installation's key, making it at first start; two processes may race, one file wins."""
    if "HILO_SECRET_KEY" in os.environ:
        return os.environ["HILO_SECRET_KEY"]
    path = DATA_DIR / "secret.key"
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(60)
        file.write(key)
    return key


def sqlite_database(name: str) -> dict[str, object]:
    """IMMEDIATE: a transaction that will write takes the lock at once, so two writers queue, not clash.

    A connection is kept: opening one reads the schema of all tables, and forgets what was prepared.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
        },
    }


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("HILO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

DATABASES: dict[str, object] = {
    "default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=60)
    if os.environ.get("DATABASE_URL")
    else sqlite_database(str(DATA_DIR / "hilo.sqlite3"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Lowest layer first. Django gives the catalogue of an EARLIER app precedence when two translate one msgid.
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks_db",
    "hilo.ledger",
    "hilo.jobs",
    "hilo.parties",
    "hilo.work",
    "hilo.quality",
    "hilo.money",
    "hilo.analysis",
    "hilo.channels",
    "hilo.channels.erp",
    "hilo.demo",
    "hilo.web.base",
    "hilo.web.doing",
    "hilo.web.my_day",
    "hilo.web.lists",
    "hilo.web.threads",
    "hilo.web.map",
    "hilo.web.handoffs",
    "hilo.web.cases",
    "hilo.web.causes",
    "hilo.web.week",
    "hilo.web.customers",
    "hilo.web.money",
    "hilo.web.search",
    "hilo.web.imports",
    "hilo.web.people",
    "hilo.web.company",
    "hilo.web.processes",
    "hilo.web.diagnosis",
    "hilo.web.accounts",
    "allauth",  # after ours: its words for "Remove" or "Cancel" are not the house's
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "hilo.web.doing.packing.PackPages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hilo.web.accounts.sessions_kept.SeenMiddleware",
    "hilo.web.doing.middleware.PersonMiddleware",
]

ROOT_URLCONF = "hilo.urls"
WSGI_APPLICATION = "hilo.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

FORM_RENDERER = "hilo.web.base.form_drawing.ControlRenderer"

AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come by invitation, sent to that very address
ACCOUNT_ADAPTER = "hilo.web.accounts.adapter.InvitedOnly"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Hilo"
MFA_ADAPTER = "hilo.web.accounts.adapter.SealedSecrets"
MFA_RECOVERY_CODE_DIGITS = 12
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "hilo.formats"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "attachments"
DIGEST_DIR = Path(os.environ.get("HILO_DIGESTS") or DATA_DIR / "digests")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "hilo_cache"}}

SMTP_HOST = os.environ.get("HILO_SMTP_HOST", "")
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": SMTP_HOST,
            "port": int(os.environ.get("HILO_SMTP_PORT", "587")),
            "username": os.environ.get("HILO_SMTP_USER", ""),
            "password": os.environ.get("HILO_SMTP_PASSWORD", ""),
            "use_tls": os.environ.get("HILO_SMTP_TLS", "1") == "1",
            "timeout": 20,
        },
    }
}
HILO_SENDS_MAIL = bool(SMTP_HOST)  # without it a message to the customer is recorded, not sent
HILO_URL = os.environ.get("HILO_URL", "")  # where people reach this installation: written into their mails
HILO_OIDC_SECRET = os.environ.get("HILO_OIDC_SECRET", "")  # of single sign-on, instead of that in Settings
HILO_MODULES_TRUSTED_FOR = 5  # seconds until another process hears that a module was switched
HILO_ERP_FOLDER = os.environ.get("HILO_ERP_FOLDER", "")  # where the ERP leaves its files; empty: nowhere
DEFAULT_FROM_EMAIL = os.environ.get("HILO_MAIL_FROM", "hilo@localhost")

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
