"""Addresses that declare their permission beside their path. Deny by default.

`route(...)` is the only way an app adds an address; an address without a permission fails at
start-up (`access.check_resolver`). "public" asks nobody, "signed_in" asks for a log-in; every
other permission is decided by the gate that `config.wiring` connects.
"""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path

from nep.foundation.web import access

View = Callable[..., HttpResponseBase]
PUBLIC, SIGNED_IN = "public", "signed_in"


def route(
    pattern: str, view: View, *, name: str, permission: str, english: bool = False
) -> URLPattern:
    """Return the address `pattern` for `view`, guarded by `permission`.

    `english` says that every word of the page has an English translation (see `language`).
    """
    asked = guarded(view, permission)
    asked.english = english  # type: ignore[attr-defined]
    return path(pattern, asked, name=name)


def guarded(view: View, permission: str) -> View:
    """Wrap a view so that the gate is asked before it runs."""

    @functools.wraps(view)
    def asked(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        answer = access.ask(request, permission)
        return view(request, *args, **kwargs) if answer is None else answer

    asked.permission = permission  # type: ignore[attr-defined]
    return asked
