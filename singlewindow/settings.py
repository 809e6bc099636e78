"""Settings of the simulator. Everything a deployment may change comes from the environment (see README, Configuration)."""

import secrets
import sys
from pathlib import Path

import environ

from filings.rules import receivers

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)

env = environ.Env()


def _secret_key() -> str:
    """SECRET_KEY from the environment, or one made at first use and kept beside the database (never a default in the source)."""
    if given := env.str("SECRET_KEY", default=""):
        return given
    kept = VAR_DIR / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50))
    return kept.read_text().strip()


SECRET_KEY = _secret_key()
DEBUG = env.bool("DEBUG", default=False)
HOST = env.str("HOST", default="127.0.0.1")
"""The address the server binds to. Bound to loopback, the control plane is open."""
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", HOST])
if HOST in ("0.0.0.0", "::"):  # noqa: S104 - a comparison, not a bind
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])

SERVER_THREADS = 8
"""Threads of a server process: a forced delay may hold all but one of them."""

SIM_CONTROL_PLANE = env.bool("SIM_CONTROL_PLANE", default=True)
SIM_CONTROL_TOKEN = env.str("SIM_CONTROL_TOKEN", default="")
SIM_WEBHOOK_ALLOW = [one.strip().lower() for one in env.list("SIM_WEBHOOK_ALLOW", default=[])]
"""Webhook receivers on this machine or in its network, as `filings.rules.receivers` reads them; all others must be public."""
for one in SIM_WEBHOOK_ALLOW:
    try:
        receivers.read(one)
    except ValueError as error:
        sys.exit(str(error))

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "filings",
]

MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "singlewindow.middleware.Envelope",
    "django.middleware.csrf.CsrfViewMiddleware",
]

ROOT_URLCONF = "singlewindow.urls"
WSGI_APPLICATION = "singlewindow.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'simulator.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"] |= {
        "OPTIONS": {
            # IMMEDIATE takes the write lock at BEGIN: no "database is locked" half way through a transaction.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16000;",
        },
        "TEST": {"NAME": None},
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}

SIM_JOURNAL = env.bool("SIM_JOURNAL", default=True)
"""Whether exchanges of the business plane are written down."""
JOURNAL = "default"
"""Where: beside the main file, for a row there would make a read many times dearer; on PostgreSQL in the main database."""
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    JOURNAL = "journal"
    main = Path(str(DATABASES["default"]["NAME"]))
    DATABASES[JOURNAL] = DATABASES["default"] | {
        "NAME": str(main.with_name(f"{main.stem}.journal{main.suffix}")),
        # Losing the last exchanges in a power cut is no loss.
        "OPTIONS": {**DATABASES["default"]["OPTIONS"], "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"},
        "TEST": {"NAME": None},
    }
DATABASE_ROUTERS = ["filings.lab.routing.JournalRouter"]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Passwords and PINs here belong to synthetic people in throw-away sandboxes: one fast salted hash, documented in the README.
PASSWORD_HASHERS = ["filings.models.people.SyntheticHasher"]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "filings.web.doors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("COOKIE_SECURE", default=False)
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
"""Bytes of a body without files; attachments (10 MB each) stream to disk beyond FILE_UPLOAD_MAX_MEMORY_SIZE."""
FILE_UPLOAD_MAX_MEMORY_SIZE = 11 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["filings.manners.wire.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["filings.manners.wire.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "EXCEPTION_HANDLER": "filings.manners.wire.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "GET_LIB_DOC_EXCLUDES": "filings.manners.schema.undocumented",
    "POSTPROCESSING_HOOKS": [],
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}},
}
