"""The time-based code (RFC 6238) and the recovery codes.

The secret is not stored: it is made from a random nonce and the installation's own key, so that a
copy of the database alone opens nothing.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from django.conf import settings
from django.db import transaction

from nep.foundation.accounts.models import RecoveryCode, SecondFactor, User
from nep.foundation.accounts.services._accounts import Doer, need_rank
from nep.foundation.accounts.services._sessions import end_all_sessions
from nep.foundation.journal.services import ACCOUNT, record
from nep.kernel.errors import Refusal

STEP_SECONDS = 30
DRIFT_STEPS = 1
RECOVERY_COUNT = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
ISSUER = "Nếp"


@dataclass(frozen=True, slots=True)
class SetupCode:
    """What an authenticator application needs: the secret to type, and the address of the QR."""

    secret: str
    address: str


def _secret(factor: SecondFactor) -> str:
    key = settings.SECRET_KEY.encode()
    mixed = hmac.new(key, f"totp:{factor.user_id}:{factor.nonce}".encode(), "sha256").digest()
    return base64.b32encode(mixed[:20]).decode()


def second_factor_start(*, user_id: int) -> SetupCode:
    """Return the secret to enrol; asking again before the confirmation returns the same one.

    Raises Refusal("totp_known") when a code is already confirmed.
    """
    user = User.objects.get(pk=user_id)
    factor, _made = SecondFactor.objects.get_or_create(
        user=user, defaults={"nonce": secrets.token_hex(16)}
    )
    if factor.confirmed_at is not None:
        raise Refusal("totp_known", "Tài khoản này đã có mã hai lớp.")
    secret = _secret(factor)
    address = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=ISSUER)
    return SetupCode(secret, address)


@transaction.atomic
def second_factor_confirm(*, user_id: int, code: str, now: datetime) -> tuple[str, ...]:
    """Confirm the enrolment by a first right code; return the recovery codes, shown once.

    Raises Refusal("code_wrong").
    """
    factor = SecondFactor.objects.select_for_update().filter(user_id=user_id).first()
    if factor is None or factor.confirmed_at is not None:
        raise Refusal("totp_known", "Tài khoản này đã có mã hai lớp.")
    if not _take_step(factor, code, now):
        raise Refusal("code_wrong", _wrong_code_words(), field="code")
    factor.confirmed_at = now
    factor.save(update_fields=["confirmed_at"])
    codes = _new_recovery_codes(user_id)
    _note("account.totp_enrolled", user_id, user_id, None, now)
    return codes


def code_check(*, user_id: int, code: str, now: datetime) -> bool:
    """Say whether a time-based or recovery code is right; a right one works only once."""
    bare = code.strip().lower().replace(" ", "").replace("-", "")
    if bare.isascii() and bare.isdigit() and len(bare) == 6:
        factor = SecondFactor.objects.filter(user_id=user_id, confirmed_at__isnull=False).first()
        return factor is not None and _take_step(factor, bare, now)
    unused = RecoveryCode.objects.filter(
        user_id=user_id, code_hash=_recovery_hash(user_id, bare), used_at=None
    )
    return unused.update(used_at=now) == 1


def _take_step(factor: SecondFactor, code: str, now: datetime) -> bool:
    """Accept a code of the present step or one beside it, newer than the last accepted."""
    otp = pyotp.TOTP(_secret(factor))
    current = int(now.timestamp()) // STEP_SECONDS
    typed = code.strip().replace(" ", "").encode("utf-8", "replace")  # whatever signs it has
    for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        if hmac.compare_digest(otp.at(step * STEP_SECONDS).encode(), typed):
            newer = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
            return newer.update(last_step=step) == 1
    return False


@transaction.atomic
def recovery_codes_renew(*, user_id: int, now: datetime) -> tuple[str, ...]:
    """Replace the recovery codes; return the new ones, shown once."""
    codes = _new_recovery_codes(user_id)
    _note("account.recovery_codes_renewed", user_id, user_id, None, now)
    return codes


@transaction.atomic
def second_factor_remove(*, user_id: int, actor: Doer | None, now: datetime, reason: str) -> None:
    """Take the code away when the phone is lost; the person enrols anew at the next log-in.

    Raises Forbidden("account_above"); Refusal("reason_missing").
    """
    if not reason.strip():
        raise Refusal("reason_missing", "Ghi một câu lý do.", field="reason")
    need_rank(User.objects.get(pk=user_id), actor)
    SecondFactor.objects.filter(user_id=user_id).delete()
    RecoveryCode.objects.filter(user_id=user_id).delete()
    end_all_sessions(user_id=user_id)
    actor_id = actor.user_id if actor else None
    agency_id = actor.agency_id if actor else None
    _note("account.totp_removed", user_id, actor_id, agency_id, now, reason)


def _new_recovery_codes(user_id: int) -> tuple[str, ...]:
    RecoveryCode.objects.filter(user_id=user_id).delete()
    codes = tuple(
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(2))
        for _ in range(RECOVERY_COUNT)
    )
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user_id=user_id, code_hash=_recovery_hash(user_id, code.replace("-", "")))
        for code in codes
    )
    return codes


def _recovery_hash(user_id: int, bare: str) -> str:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"recovery:{user_id}:{bare}".encode(), "sha256").hexdigest()


def _wrong_code_words() -> str:
    return "Mã không đúng hoặc đã hết hạn. Xem lại giờ trên điện thoại rồi nhập mã mới nhất."


def _note(
    action: str,
    user_id: int,
    actor_id: int | None,
    agency_id: int | None,
    now: datetime,
    reason: str = "",
) -> None:
    record(
        actor_id=actor_id,
        actor_kind=ACCOUNT,
        agency_id=agency_id,
        action=action,
        object_type="account",
        object_id=user_id,
        at=now,
        reason=reason,
    )
