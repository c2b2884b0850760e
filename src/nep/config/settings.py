"""Django's settings, made from the environment (see `env`)."""

from pathlib import Path

from nep.config.env import (
    PROJECT,
    read_environment,
    shipped_audits,
    shipped_erasure_rules,
    shipped_evidence_rules,
    shipped_feedback_limits,
    shipped_forms,
    shipped_indicators,
    shipped_linter_rules,
    shipped_nonconformity_rules,
    shipped_objectives,
    shipped_officer_sheet,
    shipped_pack_points,
    shipped_review_inputs,
    shipped_risk_scales,
    shipped_standards,
    shipped_starters,
    shipped_time_rules,
    shipped_year,
)

NEP = read_environment()
TIME_RULES = shipped_time_rules()
LEGAL_FORMS = shipped_forms()
ERASURE_RULES = shipped_erasure_rules()
INDICATORS_766 = shipped_indicators()
OFFICER_SHEET = shipped_officer_sheet()
NONCONFORMITY_RULES = shipped_nonconformity_rules()
LINTER_RULES = shipped_linter_rules()
FEEDBACK_LIMITS = shipped_feedback_limits()
ISO_YEAR = shipped_year()
OBJECTIVE_STARTERS = shipped_objectives()
REVIEW_INPUTS = shipped_review_inputs()
PACK_POINTS = shipped_pack_points()
STANDARDS = shipped_standards()
EVIDENCE_RULES = shipped_evidence_rules()
RISK_SCALES = shipped_risk_scales()
STARTERS = shipped_starters()
AUDITS = shipped_audits()
BASE_DIR = PROJECT
SOURCE = Path(__file__).resolve().parents[1]

DEBUG = NEP.debug
SECRET_KEY = NEP.secret_key
ALLOWED_HOSTS = list(NEP.hosts)
CSRF_TRUSTED_ORIGINS = list(NEP.origins)
ROOT_URLCONF = "nep.config.urls"
WSGI_APPLICATION = "nep.config.wsgi.application"
DATABASES = {"default": NEP.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

FOUNDATION = (
    "journal", "outbox", "numbering", "files", "accounts", "printing", "search", "notify", "web",
    "signing",
)  # fmt: skip
APPS = (
    "organization", "standards", "workcal", "work", "legal", "records", "catalogue",
    "documents", "procedures",
    "adoption", "cases", "actions", "planning", "improvement", "competence", "audits", "reviews", "conformity",
    "oversight", "portal",
)  # fmt: skip


def _standing(block: str, names: tuple[str, ...]) -> list[str]:
    """Return the parts that stand; a folder appears with its first working use."""
    return [f"nep.{block}.{name}" for name in names if (SOURCE / block / name / "apps.py").exists()]


INSTALLED_APPS = [
    *_standing("foundation", FOUNDATION),
    *_standing("apps", APPS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "nep.foundation.web.middleware.RequestFactsMiddleware",
    "nep.foundation.web.middleware.FetchedMiddleware",
    "nep.foundation.web.language.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "nep.foundation.accounts.middleware.SessionGuardMiddleware",
    "nep.config.wiring.OwnChangesMiddleware",
    "nep.config.wiring.ActorMiddleware",
    "nep.foundation.web.middleware.RefusalMiddleware",
    "nep.foundation.web.middleware.OddSignsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "nep.foundation.web.prerendering.Loader",
                            ["django.template.loaders.app_directories.Loader"],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "nep.foundation.web.context.page",
            ],
            "builtins": ["nep.foundation.web.templatetags.nep", "django.templatetags.i18n"],
        },
    }
]

FORM_RENDERER = "nep.foundation.web.widgets.FormRenderer"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [SOURCE / "config" / "locale"]
FORMAT_MODULE_PATH = ["nep.config.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = NEP.data_folder / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_MAX_AGE = 31_536_000 if not DEBUG else 0
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["woff2", "png", "jpg", "gz", "br"]
MEDIA_ROOT = NEP.data_folder / "media"

DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

PASSWORD_HASHERS = ["nep.foundation.accounts.hashers.PasswordHasher"]
AUTHENTICATION_BACKENDS = [
    "nep.foundation.accounts.sessions.AccountBackend",
    "django.contrib.auth.backends.ModelBackend",  # sessions opened before the former stood
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"

SESSION_ENGINE = "nep.foundation.accounts.sessions"
SESSION_COOKIE_NAME = "nep_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = NEP.https
CSRF_COOKIE_SECURE = NEP.https
CSRF_COOKIE_HTTPONLY = False  # htmx sends the token from the page, not from the cookie
CSRF_FAILURE_VIEW = "nep.foundation.web.refusals.csrf_failed"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if NEP.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = NEP.https
SECURE_HSTS_PRELOAD = NEP.https
SECURE_SSL_REDIRECT = NEP.https
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # machines beside the server ask over HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if NEP.trusted_proxies else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if NEP.mail_host
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = NEP.data_folder / "mail"
EMAIL_HOST = NEP.mail_host
EMAIL_PORT = NEP.mail_port
EMAIL_HOST_USER = NEP.mail_user
EMAIL_HOST_PASSWORD = NEP.mail_password
EMAIL_USE_TLS = NEP.mail_security == "starttls"
EMAIL_USE_SSL = NEP.mail_security == "tls"
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = NEP.mail_from
NEP_CHOICE_PATH = "/viec/thong-bao/cach-nhan/"  # where who is written to chooses, or declines
SILENCED_SYSTEM_CHECKS: list[str] = []
if not NEP.https:  # a first look over plain HTTP on the machine itself
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "nep.config.logs.JsonFormatter"},
    },
    "filters": {"mistake": {"()": "nep.config.logs.CallersMistake"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if NEP.log_json else "plain",
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "WARNING"},
        "django.security.DisallowedHost": {"filters": ["mistake"]},
    },
}
