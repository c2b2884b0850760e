"""Making, checking and changing passwords."""

import secrets
from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from nep.foundation.accounts.models import OldPassword, User
from nep.foundation.accounts.queries import has_second_factor, security_policy
from nep.foundation.accounts.rules import PASSWORD_CLAUSE, decide_password
from nep.foundation.accounts.services._sessions import end_all_sessions
from nep.foundation.journal.services import ACCOUNT, record
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal

_LOWER = "abcdefghijkmnpqrstuvwxyz"
_UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "23456789"
_SIGNS = "-+=@%"


def one_time_password() -> str:
    """Return a random password that can be read aloud: four groups, four kinds of characters."""
    pick = secrets.choice
    groups = ["".join(pick(_LOWER) for _ in range(4)) for _ in range(2)]
    groups.append("".join(pick(_UPPER) for _ in range(4)))
    groups.append("".join(pick(_DIGITS) for _ in range(4)))
    return pick(_SIGNS).join(groups)


def check_new_password(*, user: User, password: str) -> None:
    """Refuse a password that the rules, the list of common ones or the history forbid.

    Raises Refusal("password_weak") or Refusal("password_reused"). Source: QCVN 12:2026/BCA.
    """
    policy = security_policy()
    decision = decide_password(
        password,
        username=user.username,
        has_totp=bool(user.pk) and has_second_factor(user.pk),
        policy=policy,
        is_common=_is_common(password),
    )
    require(decision, kind=Refusal)
    former = list(
        OldPassword.objects.filter(user_id=user.pk)
        .order_by("-kept_at")
        .values_list("password", flat=True)[: policy.password_history]
    )
    current = [user.password] if user.password else []
    if any(check_password(password, known) for known in (current + former)):
        raise Refusal(
            "password_reused",
            f"Mật khẩu này đã dùng trong {policy.password_history} lần gần nhất. Hãy chọn câu khác.",
            PASSWORD_CLAUSE,
            "new_password",
        )


@cache
def _common_ones() -> CommonPasswordValidator:
    """Return the list of common passwords, unpacked once."""
    return CommonPasswordValidator()


def _is_common(password: str) -> bool:
    try:
        _common_ones().validate(password)
    except ValidationError:
        return True
    return False


@transaction.atomic
def password_change(
    *, user_id: int, old_password: str, new_password: str, keep_session: str, now: datetime
) -> User:
    """Change one's own password; every other session of the person ends.

    Raises Refusal when the old one is wrong or the new one is not good enough.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if not check_password(old_password, user.password):
        raise Refusal("password_wrong", "Mật khẩu đang dùng không đúng.", field="old_password")
    check_new_password(user=user, password=new_password)
    set_password(user, new_password, now=now, must_change=False)
    end_all_sessions(user_id=user.pk, except_key=keep_session)
    record(
        actor_id=user.pk,
        actor_kind=ACCOUNT,
        agency_id=None,
        action="account.password_changed",
        object_type="account",
        object_id=user.pk,
        at=now,
    )
    return user


def set_password(user: User, password: str, *, now: datetime, must_change: bool) -> None:
    """Put a checked password in place and keep the former one's hash."""
    if user.password and user.has_usable_password():
        OldPassword.objects.create(user=user, password=user.password, kept_at=now)
    user.set_password(password)
    user.must_change_password = must_change
    user.password_changed_at = now
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    keep = security_policy().password_history
    stale = OldPassword.objects.filter(user=user).order_by("-kept_at").values_list("pk", flat=True)
    OldPassword.objects.filter(pk__in=list(stale[keep:])).delete()
