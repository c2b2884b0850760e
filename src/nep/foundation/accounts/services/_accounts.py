"""What an administrator does to an account."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import IntegrityError, transaction

from nep.foundation.accounts.addresses import counting_key
from nep.foundation.accounts.models import FailureCount, User
from nep.foundation.accounts.queries import account_key, idle_account_ids, security_policy
from nep.foundation.accounts.rules import decide_username
from nep.foundation.accounts.services._passwords import (
    check_new_password,
    one_time_password,
    set_password,
)
from nep.foundation.accounts.services._sessions import end_all_sessions
from nep.foundation.journal.queries import history
from nep.foundation.journal.services import ACCOUNT, record
from nep.kernel.decisions import require
from nep.kernel.errors import Forbidden, NotFound, Refusal

FORGIVING = {"account.password_reset", "account.enabled", "account.unlocked"}


class Doer(Protocol):
    """Who acts: the account and the agency it acts in."""

    @property
    def user_id(self) -> int | None: ...

    @property
    def agency_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A fresh account; `password` is shown once and kept nowhere."""

    user_id: int
    username: str
    password: str


@transaction.atomic
def account_create(
    *,
    username: str,
    actor: Doer | None,
    now: datetime,
    password: str = "",
    must_change: bool = True,
    needs_totp: bool = False,
    is_system_admin: bool = False,
    is_demonstration: bool = False,
) -> NewAccount:
    """Make an account with the given password, or with a one-time password.

    Raises Refusal("username_invalid" | "username_taken" | "password_weak").
    """
    name = username.strip().lower()
    require(decide_username(name), kind=Refusal)
    user = User(
        username=name,
        needs_totp=needs_totp or is_system_admin,
        is_system_admin=is_system_admin,
        is_demonstration=is_demonstration,
        created_at=now,
        enabled_at=now,
        created_by=actor.user_id if actor else None,
    )
    chosen = password or one_time_password()
    if password:
        check_new_password(user=user, password=password)
    user.set_password(chosen)
    user.must_change_password = must_change
    user.password_changed_at = now
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(
            "username_taken", f"Tên đăng nhập “{name}” đã có người dùng.", field="username"
        ) from error
    facts = {"username": name, "needs_totp": user.needs_totp, "system": is_system_admin}
    _note("account.created", user.pk, actor, now, new=facts)
    return NewAccount(user.pk, name, chosen)


@transaction.atomic
def account_reset(*, user_id: int, actor: Doer | None, now: datetime, reason: str) -> NewAccount:
    """Give a one-time password; old sessions end and the failures are forgotten.

    Raises NotFound; Forbidden("account_above"); Refusal("reason_missing").
    """
    _need_reason(reason)
    user = _locked_row(user_id)
    need_rank(user, actor)
    password = one_time_password()
    set_password(user, password, now=now, must_change=True)
    end_all_sessions(user_id=user_id)
    _forget_failures(user)
    _note("account.password_reset", user_id, actor, now, reason=reason)
    return NewAccount(user.pk, user.username, password)


@transaction.atomic
def account_disable(*, user_id: int, actor: Doer | None, now: datetime, reason: str) -> None:
    """Stop an account; its sessions end at once.

    Raises NotFound; Forbidden("account_above"); Refusal("reason_missing" | "own_account" |
    "last_system_admin").
    """
    _need_reason(reason)
    user = _locked_row(user_id)
    if actor is not None and actor.user_id == user_id:
        raise Refusal(
            "own_account", "Không tự ngừng tài khoản của mình được; hãy nhờ người quản trị khác."
        )
    need_rank(user, actor)
    if not user.is_active:
        return
    if user.is_system_admin and not _has_other_system_admin(user_id):
        raise Refusal(
            "last_system_admin",
            "Đây là người quản trị hệ thống cuối cùng. Hãy giao thêm một người trước khi ngừng.",
        )
    user.is_active, user.disabled_at, user.disabled_reason = False, now, reason[:300]
    user.save(update_fields=["is_active", "disabled_at", "disabled_reason"])
    end_all_sessions(user_id=user_id)
    _note("account.disabled", user_id, actor, now, reason=reason)


@transaction.atomic
def account_enable(*, user_id: int, actor: Doer | None, now: datetime, reason: str) -> None:
    """Let a stopped account work again; its idle days start anew.

    Raises NotFound; Refusal("reason_missing").
    """
    _need_reason(reason)
    user = _locked_row(user_id)
    user.is_active, user.disabled_at, user.disabled_reason = True, None, ""
    user.enabled_at = now
    user.save(update_fields=["is_active", "disabled_at", "disabled_reason", "enabled_at"])
    _forget_failures(user)
    _note("account.enabled", user_id, actor, now, reason=reason)


@transaction.atomic
def account_unlock(*, user_id: int, actor: Doer | None, now: datetime, reason: str = "") -> None:
    """Forget the failed log-ins of an account before the lock runs out, where it came from as well.

    Raises NotFound.
    """
    user = _locked_row(user_id)
    _forget_failures(user)
    _note("account.unlocked", user_id, actor, now, reason=reason)


@transaction.atomic
def account_require_totp(
    *, user_id: int, needs_totp: bool, actor: Doer | None, now: datetime
) -> None:
    """Mark whether the person's roles make an administrator of them. Raises NotFound."""
    user = _locked_row(user_id)
    wanted = needs_totp or user.is_system_admin
    if user.needs_totp == wanted:
        return
    user.needs_totp = wanted
    user.save(update_fields=["needs_totp"])
    _note(
        "account.administrator_set", user_id, actor, now,
        old={"needs_totp": not wanted}, new={"needs_totp": wanted},
    )  # fmt: skip


def idle_accounts_disable(*, now: datetime) -> int:
    """Stop the accounts unused for the idle days, but never the last system administrator.

    Source: TCVN 14423:2026 (45 days).
    """
    days = security_policy().idle_days
    stopped = 0
    for user_id in idle_account_ids(now=now):
        try:
            account_disable(
                user_id=user_id, actor=None, now=now, reason=f"Không hoạt động {days} ngày"
            )
            stopped += 1
        except Refusal as refusal:
            if refusal.code != "last_system_admin":
                raise
    return stopped


def _locked_row(user_id: int) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound("account_gone", "Không tìm thấy tài khoản này.")
    return user


def need_rank(user: User, actor: Doer | None) -> None:
    """Refuse to let anyone below take over the account of a system administrator."""
    if not user.is_system_admin or actor is None or actor.user_id is None:
        return
    if not User.objects.filter(pk=actor.user_id, is_system_admin=True).exists():
        raise Forbidden(
            "account_above",
            "Đây là tài khoản quản trị hệ thống; chỉ người quản trị hệ thống khác thay đổi được.",
        )


def _forget_failures(user: User) -> None:
    """Take the account's failures off its own counters and off those of the addresses they came from.

    What others failed at the same address stays counted there.
    """
    keys = [account_key(user.username), f"code:{user.pk}"]
    FailureCount.objects.filter(key__in=keys).delete()
    failed, most = _failed_at(user), security_policy().login_failures
    rows = FailureCount.objects.filter(key__in={key for key, _ in failed}).order_by("key")
    for row in rows.select_for_update():
        own = sum(key == row.key and at >= row.first_at for key, at in failed)
        row.failures = max(0, row.failures - own)
        row.locked_until = row.locked_until if row.failures >= most else None
        row.save(update_fields=["failures", "locked_until"])


def _failed_at(user: User) -> list[tuple[str, datetime]]:
    """Return from where and when passwords were wrong since the account was last forgiven."""
    failed = []
    for entry in history(object_type="account", object_id=user.pk):
        if entry.action in FORGIVING:
            break
        if entry.action == "account.sign_in_failed":
            told = json.loads(entry.new)
            if told["step"] == "password":
                failed.append((f"address:{counting_key(told['address'])}", entry.at))
    return failed


def _has_other_system_admin(user_id: int) -> bool:
    others = User.objects.filter(is_system_admin=True, is_active=True).exclude(pk=user_id)
    return others.exists()


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal("reason_missing", "Ghi một câu lý do.", field="reason")


def _note(action: str, user_id: int, actor: Doer | None, now: datetime, **more) -> None:
    record(
        actor_id=actor.user_id if actor else None,
        actor_kind=ACCOUNT,
        agency_id=actor.agency_id if actor else None,
        action=action,
        object_type="account",
        object_id=user_id,
        at=now,
        **more,
    )
