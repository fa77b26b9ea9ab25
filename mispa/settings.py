"""All settings. They come from the environment (the README has the table); nothing here has a side effect."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def _truth(name: str) -> bool:
    value = os.environ.get(name, "0")
    if value not in {"0", "1"}:
        raise ImproperlyConfigured(f"{name} is “{value}”; set it to 0 or 1.")
    return value == "1"


def _number(name: str, otherwise: int) -> int:
    value = os.environ.get(name) or str(otherwise)
    if not value.isdecimal() or not int(value):
        raise ImproperlyConfigured(f"{name} is “{value}”; set it to a number, such as {otherwise}.")
    return int(value)


def _words(name: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


DEBUG = _truth("DEBUG")
HTTPS = _truth("HTTPS")

SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY and DEBUG:
    SECRET_KEY = "only for a developer's own machine"  # noqa: S105 (DEBUG=1 is asked for)
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set; set it to a long random text that nobody else knows.")

ALLOWED_HOSTS = _words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

# The address under which people reach mispa; it is printed on papers, beside the code that leads to their check.
_host = next((name for name in ALLOWED_HOSTS if name[0] not in "*."), "localhost:8000" if DEBUG else "localhost")
ORIGIN = os.environ.get("ORIGIN", f"{'https' if HTTPS else 'http'}://{_host}").rstrip("/")

INSTALLED_APPS = [
    "mispa.ground",
    "mandates",
    "meetings",
    "documents",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mispa.ground.middleware.SignInFirstMiddleware",
    "mispa.ground.middleware.ReaderMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "mispa.ground.middleware.KeptMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "mispa.urls"
WSGI_APPLICATION = "mispa.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mispa.ground.context.languages",
                "mispa.ground.context.kept_drafts",
            ],
            "builtins": ["mispa.ground.templatetags.words"],
        },
    },
]

# ---- database: chosen by DATABASE_URL, nothing else

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{BASE_DIR / 'mispa.sqlite3'}", conn_max_age=60, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A write takes its lock when it begins, so that two writers wait for each other instead of failing.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Recursive triggers: what seals a table is then asked about the rows that a REPLACE would remove, too.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;",
    }
else:
    # What a page asks takes milliseconds; compiling it first takes half a second.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- people

AUTH_USER_MODEL = "ground.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "pages:home"
LOGOUT_REDIRECT_URL = "pages:home"

# Guessing: after ten failures for one name from one address, both wait a quarter of an hour.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "ground/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True  # a CharField(100) refuses longer reasons on PostgreSQL

# ---- mails: to the mail server that EMAIL_URL names (smtp://, smtp+tls://, smtps://), else to the terminal

EMAIL_URL = os.environ.get("EMAIL_URL", "")
_mail = urlsplit(EMAIL_URL)
if EMAIL_URL and (_mail.scheme not in {"smtp", "smtp+tls", "smtps"} or not _mail.hostname):
    raise ImproperlyConfigured("EMAIL_URL is not such as smtp+tls://name:password@mail.example.org:587.")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_URL else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or {"smtp+tls": 587, "smtps": 465}.get(_mail.scheme, 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.scheme == "smtp+tls", _mail.scheme == "smtps"
EMAIL_TIMEOUT = 30  # seconds of silence after which a mail server is taken for gone
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM") or f"mispa <no-reply@{urlsplit(ORIGIN).hostname}>"
EMAIL_REPLY_TO = os.environ.get("EMAIL_REPLY_TO", "")  # a setting of ours: answers to mails go there

# ---- languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("fr", _("French")), ("pt", _("Portuguese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# ---- files and pages

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or BASE_DIR / ".local" / "static")
STATICFILES_DIRS = [BASE_DIR / "mispa" / "static"]
# Files of papers, as they were sent. They are served by a page that asks who may see the paper, never by an address.
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT") or BASE_DIR / ".local" / "media")
FILE_UPLOAD_HANDLERS = ["documents.files.receiving.WithinBounds"]
LARGEST_FILE = _number("LARGEST_FILE_MB", 25) * 1_000_000  # a setting of ours: bytes of one file
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# ---- safety

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the table of a long plan is one form, with five fields to a line
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_FAILURE_VIEW = "mispa.pages.csrf_failure"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_keys": {"()": "mispa.ground.logs.WithoutKeys"}},
    "formatters": {
        "served": {"()": "django.utils.log.ServerFormatter", "format": "[{server_time}] {message}", "style": "{"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler"},
        "served": {"class": "logging.StreamHandler", "formatter": "served"},
    },
    "loggers": {
        # They write addresses into their messages.
        "django.request": {"filters": ["without_keys"]},
        "django.server": {"filters": ["without_keys"], "handlers": ["served"], "level": "INFO", "propagate": False},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
