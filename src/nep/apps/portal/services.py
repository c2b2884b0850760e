"""Counting look-ups, so that codes cannot be guessed through."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from nep.apps.portal.models import LookupCount
from nep.apps.portal.rules import WINDOW, decide_lookup
from nep.kernel.decisions import require
from nep.kernel.errors import TooMany


def lookup_count(*, key: str, now: datetime, limit: int) -> None:
    """Count one look-up of an address. Raises TooMany past `limit` within the window."""
    with transaction.atomic():
        rows = LookupCount.objects.filter(key=key)
        fresh = rows.filter(window_start__gt=now - WINDOW, window_start__lte=now + WINDOW)
        if not fresh.update(count=F("count") + 1) and not rows.update(window_start=now, count=1):
            _first(key, now)
        count = rows.values_list("count", flat=True).get()
    require(decide_lookup(count=count, limit=limit), kind=TooMany)


def _first(key: str, now: datetime) -> None:
    try:
        with transaction.atomic():
            LookupCount.objects.create(key=key, window_start=now, count=1)
    except IntegrityError:  # the same address, in the same instant
        LookupCount.objects.filter(key=key).update(count=F("count") + 1)


def lookups_forget(*, now: datetime) -> int:
    """Remove counts whose window is over; return how many."""
    over = Q(window_start__lt=now - WINDOW) | Q(window_start__gt=now + WINDOW)
    return LookupCount.objects.filter(over).delete()[0]
