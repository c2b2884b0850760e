"""Reads of the accounts; every answer is a plain frozen value."""

import time
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db.models import Q

from nep.foundation.accounts.models import (
    FailureCount,
    RecoveryCode,
    SecondFactor,
    Setting,
    SignIn,
    User,
)
from nep.foundation.accounts.rules import SecurityPolicy, SettingLine, policy_from
from nep.foundation.db.doctor import Finding, invariant
from nep.foundation.journal.queries import actors

SHOWN_KEY = 12  # how much of a session's key its owner's page names it by
_FRESH_SECONDS = 5.0
_kept: tuple[float, SecurityPolicy] | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as its administrator sees it."""

    id: int
    username: str
    is_active: bool
    is_locked: bool
    is_system_admin: bool
    is_demonstration: bool
    needs_totp: bool
    has_totp: bool
    must_change_password: bool
    last_active_at: datetime | None
    disabled_at: datetime | None
    disabled_reason: str

    @property
    def state(self) -> str:
        """Say in one word what holds: disabled, locked, new or active."""
        if not self.is_active:
            return "disabled"
        if self.is_locked:
            return "locked"
        return "new" if self.must_change_password else "active"


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as its owner sees it."""

    key: str
    started_at: datetime
    last_active_at: datetime
    address: str
    device: str
    is_current: bool


@cache
def shipped_settings() -> dict[str, dict]:
    """Return the shipped security values with label, unit, bounds, source and mark."""
    path = settings.BASE_DIR / "reference" / "security.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def security_policy() -> SecurityPolicy:
    """Return the values in force, at most five seconds old."""
    global _kept
    tick = time.monotonic()
    if _kept is None or tick - _kept[0] > _FRESH_SECONDS:
        changed = dict(Setting.objects.values_list("key", "value"))
        lines = {key: changed.get(key, line["value"]) for key, line in shipped_settings().items()}
        _kept = (tick, policy_from(lines))
    return _kept[1]


def forget_policy() -> None:
    """Have the next reader of this process see a changed value at once."""
    global _kept
    _kept = None


def security_lines() -> tuple[SettingLine, ...]:
    """Return every security value for its page, in the shipped order."""
    changed = dict(Setting.objects.values_list("key", "value"))
    return tuple(
        SettingLine(
            key=key,
            label=line["label"],
            unit=line["unit"],
            value=changed.get(key, line["value"]),
            shipped=line["value"],
            min=line["min"],
            max=line["max"],
            source=line["source"],
            verified=line["verified"],
        )
        for key, line in shipped_settings().items()
    )


def account_rows(ids: Iterable[int], *, now: datetime) -> dict[int, AccountRow]:
    """Return the accounts of these ids by id, in a constant number of queries."""
    users = list(User.objects.filter(pk__in=list(ids)))
    confirmed = SecondFactor.objects.filter(user__in=users, confirmed_at__isnull=False)
    with_totp = set(confirmed.values_list("user_id", flat=True))
    keys = {account_key(user.username): user.pk for user in users}
    locked = set(
        FailureCount.objects.filter(key__in=keys, locked_until__gt=now).values_list(
            "key", flat=True
        )
    )
    return {
        user.pk: AccountRow(
            id=user.pk,
            username=user.username,
            is_active=user.is_active,
            is_locked=account_key(user.username) in locked,
            is_system_admin=user.is_system_admin,
            is_demonstration=user.is_demonstration,
            needs_totp=user.needs_totp,
            has_totp=user.pk in with_totp,
            must_change_password=user.must_change_password,
            last_active_at=user.last_active_at,
            disabled_at=user.disabled_at,
            disabled_reason=user.disabled_reason,
        )
        for user in users
    }


def usernames_taken(names: Iterable[str]) -> frozenset[str]:
    """Return which of some log-in names somebody has."""
    wanted = list(names)
    found: set[str] = set()
    for start in range(0, len(wanted), 900):
        rows = User.objects.filter(username__in=wanted[start : start + 900])
        found.update(rows.values_list("username", flat=True))
    return frozenset(found)


def account_row(user_id: int, *, now: datetime) -> AccountRow | None:
    """Return one account, or None."""
    return account_rows([user_id], now=now).get(user_id)


def account_id(username: str) -> int | None:
    """Return the id of a log-in name, or None."""
    return (
        User.objects.filter(username=username.strip().lower()).values_list("pk", flat=True).first()
    )


def account_key(username: str) -> str:
    """Return what an account's failures are counted under; unknown names count alike."""
    return f"account:{username.strip().lower()}"[:120]


def has_demonstration() -> bool:
    """Say whether accounts of the sample stand here."""
    return User.objects.filter(is_demonstration=True).exists()


def has_second_factor(user_id: int) -> bool:
    """Say whether the person has a confirmed time-based code."""
    return SecondFactor.objects.filter(user_id=user_id, confirmed_at__isnull=False).exists()


def recovery_codes_left(user_id: int) -> int:
    """Count the recovery codes that still work."""
    return RecoveryCode.objects.filter(user_id=user_id, used_at=None).count()


def sessions_of(user_id: int, *, current_key: str, now: datetime) -> tuple[SessionRow, ...]:
    """Return the person's open sessions, newest first; one that is over is none."""
    since = now - timedelta(hours=security_policy().session_hours)
    rows = SignIn.objects.filter(user_id=user_id, started_at__gt=since).order_by("-last_active_at")
    return tuple(
        SessionRow(
            key=row.session_key[:SHOWN_KEY],
            started_at=row.started_at,
            last_active_at=row.last_active_at,
            address=row.address,
            device=row.device,
            is_current=row.session_key == current_key,
        )
        for row in rows
    )


def idle_account_ids(*, now: datetime) -> tuple[int, ...]:
    """Return the active accounts unused for the idle days; the sample's accounts are left alone."""
    before = now - timedelta(days=security_policy().idle_days)
    unused = Q(last_active_at__lt=before) | Q(last_active_at=None)
    rows = User.objects.filter(
        unused, is_active=True, is_demonstration=False, enabled_at__lt=before
    )
    return tuple(rows.order_by("pk").values_list("pk", flat=True))


@invariant("journal_accounts", "Tài khoản làm việc ghi trong nhật ký đều có thật")
def accounts_of_the_journal() -> Iterator[Finding]:
    """Find accounts that the journal names as actors and that are gone."""
    known = set(User.objects.values_list("pk", flat=True))
    for pk in sorted(actors(accounts=True) - known):
        yield Finding("journal_account", f"tài khoản {pk}", "có trong nhật ký mà không còn")
