"""The entry point of web servers."""

import importlib
import os

from django.core.wsgi import get_wsgi_application

from nep.config.loading import uncollected

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nep.config.settings")
with uncollected():
    application = get_wsgi_application()
    importlib.import_module("nep.config.urls")
