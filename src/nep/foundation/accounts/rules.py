"""Rules of passwords, codes and locks: pure decisions over given values.

Source: TCVN 14423:2026, QCVN 12:2026/BCA; the values and their marks are in
`reference/security.toml`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import fold

_USERNAME = re.compile(r"^[a-z0-9][a-z0-9._@-]{2,63}$")
LOOKED_AT = timedelta(seconds=30)  # longer no attempt is looked at: its server has died meanwhile
PASSWORD_CLAUSE = "TCVN 14423:2026; QCVN 12:2026/BCA"  # noqa: S105


@dataclass(frozen=True, slots=True)
class SecurityPolicy:
    """The values in force; minutes, hours, days and counts as the names say."""

    session_lock_minutes: int
    session_lock_minutes_admin: int
    session_hours: int
    login_failures: int
    login_lock_minutes: int
    password_length: int
    password_length_totp: int
    password_classes: int
    password_history: int
    password_days_admin: int
    idle_days: int
    totp_for_admins: int
    totp_from_internet: int


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One value as its page shows it."""

    key: str
    label: str
    unit: str
    value: int
    shipped: int
    min: int
    max: int
    source: str
    verified: str


def policy_from(lines: Mapping[str, int]) -> SecurityPolicy:
    """Build the policy; a missing or unknown name is a TypeError."""
    return SecurityPolicy(**lines)


def decide_username(username: str) -> Decision:
    """Say whether a log-in name is well formed (already lower case)."""
    if _USERNAME.match(username):
        return ALLOWED
    return Refused(
        "username_invalid",
        "Tên đăng nhập gồm 3 đến 64 chữ thường không dấu, chữ số hoặc . _ - @, "
        "và bắt đầu bằng chữ hoặc số.",
        field="username",
    )


def character_classes(password: str) -> int:
    """Count the kinds of characters: upper case, lower case, digits, others."""
    return sum(
        (
            any(char.isupper() for char in password),
            any(char.islower() for char in password),
            any(char.isdigit() for char in password),
            any(not char.isalnum() for char in password),
        )
    )


def decide_password(
    password: str, *, username: str, has_totp: bool, policy: SecurityPolicy, is_common: bool = False
) -> Decision:
    """Say whether a password may be set; the message says what is missing.

    Source: TCVN 14423:2026 (length, classes), QCVN 12:2026/BCA (classes).
    """
    shortest = policy.password_length_totp if has_totp else policy.password_length
    if len(password) < shortest:
        more = (
            ""
            if has_totp
            else (f" Bật mã hai lớp thì chỉ cần {policy.password_length_totp} ký tự.")
        )
        return _weak(f"Mật khẩu có {len(password)} ký tự, cần ít nhất {shortest}.{more}")
    if len(password) > 256:
        return _weak("Mật khẩu dài quá 256 ký tự.")
    if character_classes(password) < policy.password_classes:
        return _weak("Mật khẩu cần đủ chữ hoa, chữ thường, chữ số và ký hiệu.")
    if is_common:
        return _weak("Mật khẩu này nằm trong danh sách hay dùng nên dễ bị dò. Hãy chọn câu khác.")
    if len(username) >= 3 and fold(username) in fold(password):
        return _weak("Mật khẩu không được chứa tên đăng nhập.")
    return ALLOWED


def _weak(message: str) -> Refused:
    return Refused("password_weak", message, PASSWORD_CLAUSE, "new_password")


@dataclass(frozen=True, slots=True)
class Attempts:
    """The counter of one account or address: attempts that failed or are being looked at."""

    failures: int
    first_at: datetime
    counted_at: datetime | None
    locked_until: datetime | None


def one_more(before: Attempts, *, now: datetime, policy: SecurityPolicy) -> Attempts | None:
    """Return the counter with one attempt more, or None while as many are looked at as may fail.

    It begins anew after a lock and after the minutes in which failures are counted. Of attempts
    that nobody answered within half a minute (their server died) one gives way. Asked of counters
    that no lock holds any more.
    """
    window, most = timedelta(minutes=policy.login_lock_minutes), policy.login_failures
    is_over = not now - window <= before.first_at <= now + window  # ahead: a clock was put right
    if before.locked_until is not None or is_over:
        before = Attempts(0, now, before.counted_at, None)
    elif before.failures >= most and before.counted_at and before.counted_at < now - LOOKED_AT:
        before = Attempts(most - 1, before.first_at, before.counted_at, None)
    if before.failures >= most:
        return None
    return Attempts(before.failures + 1, before.first_at, now, None)


def lock_after(*, is_administrator: bool, policy: SecurityPolicy) -> timedelta:
    """Return how long a session may rest before it is locked."""
    minutes = policy.session_lock_minutes_admin if is_administrator else policy.session_lock_minutes
    return timedelta(minutes=minutes)


def is_resting(
    *, last_active_at: datetime, now: datetime, is_administrator: bool, policy: SecurityPolicy
) -> bool:
    """Say whether a session has rested long enough to be locked."""
    limit = lock_after(is_administrator=is_administrator, policy=policy)
    return now - last_active_at >= limit


def needs_second_factor(
    *,
    needs_totp: bool,
    has_totp: bool,
    is_trusted_network: bool,
    is_demonstration: bool,
    policy: SecurityPolicy,
) -> bool:
    """Say whether this log-in must show a code: administrators, the Internet, and who chose it.

    Source: TCVN 14423:2026 (administrators, access from the Internet).
    """
    if is_demonstration:
        return False
    if has_totp:
        return True
    if needs_totp and policy.totp_for_admins:
        return True
    return bool(not is_trusted_network and policy.totp_from_internet)


def password_is_old(
    *, changed_at: datetime | None, now: datetime, is_administrator: bool, policy: SecurityPolicy
) -> bool:
    """Say whether an administrator's password has reached its age.

    Source: TCVN 14423:2026 (two months).
    """
    if not is_administrator or changed_at is None:
        return False
    return now - changed_at >= timedelta(days=policy.password_days_admin)


def decide_setting(line: SettingLine, value: int) -> Decision:
    """Say whether a security value may be set: stricter is free, looser than the source is not."""
    if line.min <= value <= line.max:
        return ALLOWED
    return Refused(
        "setting_out_of_range",
        f"{line.label}: chỉ nhận từ {line.min} đến {line.max} {line.unit}.".replace(" .", "."),
        line.source,
        line.key,
    )
