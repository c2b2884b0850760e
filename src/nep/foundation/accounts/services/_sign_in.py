"""Checking a log-in: counting first, so that many guesses at once gain nothing."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from nep.foundation.accounts.addresses import counting_key, is_trusted
from nep.foundation.accounts.models import FailureCount, User
from nep.foundation.accounts.queries import account_key, has_second_factor, security_policy
from nep.foundation.accounts.rules import (
    Attempts,
    SecurityPolicy,
    needs_second_factor,
    one_more,
)
from nep.foundation.accounts.services._second_factor import code_check
from nep.foundation.journal.services import ACCOUNT, record
from nep.kernel.errors import Forbidden, Refusal, TooMany

WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."
BUSY = "sign_in_busy"
_nobody = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """A right password: whose it is, and what is still asked before the session opens."""

    user: User
    needs_code: bool
    must_enrol: bool


def sign_in_with_password(*, username: str, password: str, address: str, now: datetime) -> Passed:
    """Check a log-in name and password.

    Raises TooMany when the account or the address is locked, Refusal("sign_in_wrong") with the
    same words for every wrong pair, Forbidden for a stopped account or for a log-in from the
    Internet without a second factor. Source: TCVN 14423:2026, QCVN 12:2026/BCA (5 failures).
    """
    policy = security_policy()
    name = username.strip().lower()
    keys = (account_key(name), f"address:{counting_key(address)}")
    left = _count_all(keys, now=now, policy=policy)
    user = User.objects.filter(username=name).first()
    if not _password_fits(user, password):
        _fail(user, keys, left, address=address, now=now, policy=policy)
    assert user is not None
    _forgive(keys)
    _need_standing(user)
    return _decide_next(user, address=address, policy=policy)


def sign_in_with_code(*, user_id: int, code: str, address: str, now: datetime) -> None:
    """Check the second factor of a log-in.

    Raises TooMany after too many wrong codes; Forbidden("account_disabled"); Refusal("code_wrong").
    """
    _need_standing(User.objects.get(pk=user_id))  # it may have been stopped since the password
    policy = security_policy()
    key = f"code:{user_id}"
    left = _count_all((key,), now=now, policy=policy)
    if code_check(user_id=user_id, code=code, now=now):
        _forgive((key,))
        return
    user = User.objects.get(pk=user_id)
    if left == 0:
        _lock((key,), user, address=address, now=now, policy=policy)
    _note("account.sign_in_failed", user, now, {"address": address, "step": "code"})
    raise Refusal(
        "code_wrong",
        "Mã không đúng hoặc đã dùng. Nhập mã mới nhất trên điện thoại, hoặc một mã dự phòng.",
        field="code",
    )


@transaction.atomic
def failures_forget(*, now: datetime) -> int:
    """Remove counters that no longer matter, but for those in use just now; return how many."""
    before = now - timedelta(minutes=2 * security_policy().login_lock_minutes)
    over = FailureCount.objects.filter(first_at__lt=before).exclude(locked_until__gt=now)
    free = over.select_for_update(skip_locked=True).values_list("key", flat=True)
    return FailureCount.objects.filter(key__in=list(free)).delete()[0]


def _password_fits(user: User | None, password: str) -> bool:
    """Compare, taking as long for an unknown name as for a known one."""
    global _nobody
    if user is None:
        _nobody = _nobody or make_password("không ai")
        check_password(password, _nobody)
        return False
    return user.check_password(password)  # hashed anew where it was hashed otherwise


@transaction.atomic
def _count_all(keys: tuple[str, ...], *, now: datetime, policy: SecurityPolicy) -> int:
    """Count one attempt under every key before it is looked at; return how many more may follow.

    Whoever holds several counters at once takes them in this order, so that none waits in a circle.
    Raises TooMany when a key is locked, or while as many attempts as may fail are being looked at;
    such an attempt counts under no key, since nobody has failed yet.
    """
    return min(_count(key, now=now, policy=policy) for key in keys)


def _count(key: str, *, now: datetime, policy: SecurityPolicy) -> int:
    row = _held(key, now)
    if row.locked_until is not None and row.locked_until > now:
        raise TooMany("sign_in_locked", _locked_words(row.locked_until, now, policy))
    before = Attempts(row.failures, row.first_at, row.counted_at, row.locked_until)
    after = one_more(before, now=now, policy=policy)
    if after is None:
        raise TooMany(BUSY, "Nhiều lượt đăng nhập đang được kiểm tra. Hãy thử lại sau vài giây.")
    FailureCount.objects.filter(pk=key).update(**asdict(after))
    return policy.login_failures - after.failures


def _held(key: str, now: datetime) -> FailureCount:
    """Return the counter of a key, held until the transaction ends; made where there is none.

    Whoever made it first may have been forgiven, and the counter gone, before it could be held.
    """
    while True:
        row = FailureCount.objects.select_for_update().filter(key=key).first()
        if row is not None:
            return row
        fresh = FailureCount(key=key, first_at=now)
        FailureCount.objects.bulk_create([fresh], ignore_conflicts=True)


def _locked_words(until: datetime, now: datetime, policy: SecurityPolicy) -> str:
    minutes = max(1, -(-int((until - now).total_seconds()) // 60))
    return (
        f"Đã sai {policy.login_failures} lần nên đăng nhập bị khóa. Thử lại sau {minutes} phút, "
        "hoặc nhờ quản trị cơ quan mở khóa."
    )


@transaction.atomic
def _forgive(keys: tuple[str, ...]) -> None:
    """Take a right attempt off the counters.

    An account's starts anew. An address's goes back by this attempt and one failure before it, so
    that an office behind one address is not locked by its own slips; a guesser would have to sign
    in rightly, and journaled, for each further guess.
    """
    for key in keys:
        rows = FailureCount.objects.filter(key=key)
        if key.startswith("address:"):
            rows.update(failures=Greatest(F("failures") - 2, 0))
        else:
            rows.delete()


def _fail(
    user: User | None,
    keys: tuple[str, ...],
    left: int,
    *,
    address: str,
    now: datetime,
    policy: SecurityPolicy,
) -> None:
    _note("account.sign_in_failed", user, now, {"address": address, "step": "password"})
    if left == 0:
        _lock(keys, user, address=address, now=now, policy=policy)
    raise Refusal("sign_in_wrong", f"{WRONG} Còn {left} lần thử trước khi bị khóa.")


def _lock(
    keys: tuple[str, ...],
    user: User | None,
    *,
    address: str,
    now: datetime,
    policy: SecurityPolicy,
) -> None:
    """Lock what has reached the limit, and refuse."""
    until = now + timedelta(minutes=policy.login_lock_minutes)
    for key in keys:
        full = FailureCount.objects.filter(key=key, failures__gte=policy.login_failures)
        full.update(locked_until=until)
    _note("account.locked", user, now, {"address": address})
    raise TooMany("sign_in_locked", _locked_words(until, now, policy))


def _need_standing(user: User) -> None:
    """Refuse a right password of a stopped account."""
    if not user.is_active:
        raise Forbidden(
            "account_disabled",
            f"Tài khoản đã ngừng: {user.disabled_reason}. Hãy nhờ quản trị cơ quan mở lại.",
        )


def _decide_next(user: User, *, address: str, policy: SecurityPolicy) -> Passed:
    has_totp = has_second_factor(user.pk)
    from_here = is_trusted(address, settings.NEP.trusted_networks)
    asked = needs_second_factor(
        needs_totp=user.needs_totp,
        has_totp=has_totp,
        is_trusted_network=from_here,
        is_demonstration=user.is_demonstration,
        policy=policy,
    )
    is_first = user.must_change_password or user.last_active_at is None
    if asked and not has_totp and not from_here and not is_first:
        raise Forbidden(
            "totp_missing",
            "Vào từ Internet phải có mã hai lớp. Hãy đăng nhập một lần từ mạng của cơ quan để "
            "đăng ký, hoặc nhờ quản trị cơ quan đặt lại mật khẩu.",
            "TCVN 14423:2026",
        )
    return Passed(user, needs_code=asked and has_totp, must_enrol=asked and not has_totp)


def _note(action: str, user: User | None, now: datetime, new: dict) -> None:
    """Journal an attempt; a name that no account bears is not kept, it may be a password."""
    record(
        actor_id=user.pk if user else None,
        actor_kind=ACCOUNT,
        agency_id=None,
        action=action,
        object_type="account",
        object_id=user.pk if user else 0,
        at=now,
        new=new,
    )
