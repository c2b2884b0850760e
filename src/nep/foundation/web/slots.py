"""Places on a page that higher apps fill: a lower app's page shows what they registered.

Fillers run in the view, before the template renders, so that rendering never asks the database:

    slots.register("case.side", nonconformity_card)           # the higher app, in AppConfig.ready
    cards = slots.collect("case.side", request=request, case=case)   # the lower app's view
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

Filler = Callable[..., str]
_fillers: dict[str, list[tuple[int, Filler]]] = {}


def register(name: str, filler: Filler, *, order: int = 100) -> None:
    """Add a filler `f(request=…, **what) -> HTML`; an empty answer shows nothing."""
    known = _fillers.setdefault(name, [])
    if all(one is not filler for _, one in known):
        known.append((order, filler))
        known.sort(key=lambda pair: pair[0])


def collect(name: str, *, request: HttpRequest, **what: Any) -> tuple[str, ...]:
    """Return the HTML of every filler of a slot, in order, without the empty ones."""
    answers = (filler(request=request, **what) for _, filler in _fillers.get(name, ()))
    return tuple(SafeString(answer) for answer in answers if answer)
