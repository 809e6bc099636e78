"""Settings of the simulator. Everything a deployment may change comes from the environment (see docs/operating.md,
Configuration)."""

import secrets
from pathlib import Path

from corsheaders.defaults import default_headers
from django.core.exceptions import ImproperlyConfigured

from filings.rules import receivers
from singlewindow import environment

_HERE = Path(__file__).resolve().parent
BASE_DIR = _HERE.parent
_CHECKOUT = not (_HERE / "templates").is_dir()
RESOURCES = BASE_DIR if _CHECKOUT else _HERE
"""Where templates/ and docs/ lie: beside the packages in a checkout, within this one where a wheel was installed."""
VAR_DIR = environment.home(BASE_DIR / "var" if _CHECKOUT else None)
"""Where database and secret key are kept, unless each is told otherwise."""


def _secret_key() -> str:
    """SECRET_KEY from the environment, or one made at first use and kept beside the database (never a default in the
    source)."""
    given = environment.text("SECRET_KEY")
    return given or environment.kept_secret(environment.folder(VAR_DIR) / "secret_key", secrets.token_urlsafe(50))


SECRET_KEY = _secret_key()
DEBUG = environment.switch("DEBUG", default=False)
HOST = environment.text("HOST", "127.0.0.1")
"""The address the server binds to. Bound to loopback, the control plane is open."""
PORT = environment.number("PORT", 8000, 65_535)
WEB_CONCURRENCY = environment.number("WEB_CONCURRENCY", 2, 64)
"""Server processes."""

PUBLIC = environment.public_url()
"""SIM_PUBLIC_URL in its parts: where people find this server behind a proxy; None: where the request says it went."""
FORCE_SCRIPT_NAME = PUBLIC.path or None if PUBLIC else None

_LOOPBACK = ["localhost", "127.0.0.1", "[::1]", HOST]
_EVERYWHERE = HOST in ("0.0.0.0", "::")  # noqa: S104 - a comparison, not a bind
ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS") or (["*"] if _EVERYWHERE else _LOOPBACK)
"""Names this server answers to. The check is made by `singlewindow.hosts`, on these words."""
if PUBLIC:
    ALLOWED_HOSTS.append(str(PUBLIC.hostname))

SERVER_THREADS = 2
"""Threads of a server process that run Django, at the most: mostly one does. Whoever is slow, or told to wait, holds
none of them (`singlewindow.front`)."""

SIM_CONTROL_PLANE = environment.switch("SIM_CONTROL_PLANE", default=True)
SIM_CONTROL_TOKEN = environment.token("SIM_CONTROL_TOKEN")
SIM_WEBHOOK_ALLOW = [word.lower() for word in environment.words("SIM_WEBHOOK_ALLOW")]
"""Webhook receivers on this machine or in its network, as `filings.rules.receivers` reads them; all others must be
public."""
for receiver in SIM_WEBHOOK_ALLOW:
    try:
        receivers.read(receiver)
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from None

CORS_ALLOWED_ORIGINS = environment.origins("SIM_CORS_ORIGINS")
"""Web pages of other sites whose scripts may call both planes."""
CORS_URLS_REGEX = r"^/(api|control)/"
CORS_ALLOW_HEADERS = (
    *default_headers,
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-request-id",
    "x-sim-fault",
    "x-sim-scenario",
)
CORS_EXPOSE_HEADERS = (
    "Content-Disposition",
    "ETag",
    "Idempotency-Replayed",
    "Location",
    "Retry-After",
    "X-Request-Id",
    "X-Sim-Clock",
)

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "filings",
]

MIDDLEWARE = [
    *(["corsheaders.middleware.CorsMiddleware"] if CORS_ALLOWED_ORIGINS else []),
    "singlewindow.middleware.Envelope",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]

ROOT_URLCONF = "singlewindow.urls"
WSGI_APPLICATION = "singlewindow.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RESOURCES / "templates"],
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["filings.web.loading.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
        },
    }
]

SIM_DURABILITY = environment.one_of("SIM_DURABILITY", "full", "fast")
"""`full`: what was acknowledged outlives a power cut. `fast`: it outlives the simulator's end, and a power cut may
take the last moments (on PostgreSQL the end of its server too), whole transactions and the last ones alone."""

DATABASES = {"default": environment.database(VAR_DIR / "simulator.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"] |= {
        "ENGINE": "singlewindow.fair_sqlite3",
        "OPTIONS": {
            # IMMEDIATE takes the write lock at BEGIN: no "database is locked" half way through a transaction.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # Django converts what it reads by the field; the driver, asked to do it by the column's type as well,
            # looks at every column.
            "detect_types": 0,
            "cached_statements": 512,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON;"
            f" PRAGMA synchronous={'FULL' if SIM_DURABILITY == 'full' else 'NORMAL'};"
            # What is deleted here are made-up people: to overwrite it, as some builds of SQLite do, makes a delete
            # write as much as it frees.
            " PRAGMA journal_size_limit=67108864; PRAGMA secure_delete=OFF;",
        },
        "TEST": {"NAME": None},
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    if SIM_DURABILITY == "fast":
        options = DATABASES["default"].setdefault("OPTIONS", {})
        options["options"] = f"{options.get('options', '')} -c synchronous_commit=off".strip()

SIM_JOURNAL = environment.switch("SIM_JOURNAL", default=True)
"""Whether exchanges of the business plane are written down."""
JOURNAL = "default"
"""Where: beside the main file, for a row there would make a read many times dearer; on PostgreSQL in the main
database."""
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    JOURNAL = "journal"
    main = Path(str(DATABASES["default"]["NAME"]))
    DATABASES[JOURNAL] = DATABASES["default"] | {
        "NAME": str(main.with_name(f"{main.stem}.journal{main.suffix}")),
        # Losing the last exchanges in a power cut is no loss.
        "OPTIONS": {
            **DATABASES["default"]["OPTIONS"],
            "timeout": 5,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-256;"
            " PRAGMA journal_size_limit=67108864; PRAGMA secure_delete=OFF;",
        },
        "TEST": {"NAME": None},
    }
DATABASE_ROUTERS = ["filings.lab.watching.routing.JournalRouter"]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Passwords and PINs here belong to synthetic people in throw-away sandboxes: one fast salted hash, documented in
# docs/operating.md.
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
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(PUBLIC and PUBLIC.scheme == "https")
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = FORCE_SCRIPT_NAME or "/"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
"""Bytes of a body without files; attachments (10 MB each) stream to disk beyond FILE_UPLOAD_MAX_MEMORY_SIZE."""
UPLOAD_MAX_SIZE = 11 * 1024 * 1024
"""Bytes of a body with files: one attachment and what stands around it."""
SNAPSHOT_MAX_SIZE = (64 + 200 * 4 // 3 + 5) * 1024 * 1024
"""Bytes of a sandbox's export, brought back at an address that ends in `/import`: rows, and all that may be attached,
in base64."""
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
    "GET_LIB_DOC_EXCLUDES": "filings.manners.generating.undocumented",
    "POSTPROCESSING_HOOKS": [],
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # What a client sent wrong is told to the client: a line for each, or a traceback, would let anybody fill the log.
    "loggers": {"django.request": {"level": "ERROR"}, "django.security": {"level": "CRITICAL"}},
}
