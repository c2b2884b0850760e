"""Imported first by every command that needs the database."""

import importlib

import django

from nep.config.loading import uncollected

with uncollected():
    django.setup()
    importlib.import_module("nep.config.wiring")  # ports are tied for the worker as for the web
