"""Sending letters: claimed before the mail server is spoken to, never twice by itself.

1. A short transaction marks the letter as being sent; only one worker can.
2. The mail server is spoken to, outside any transaction.
3. A short transaction writes how it ended: sent, to be tried again, given up, or unknown.

A server that says no has not taken the letter, so it may be tried again. A connection that breaks
while the letter is under way, or a worker that dies between 1 and 3, leaves a letter of which
nobody knows: it stays "unknown" until a person decides. So e-mail is sent at most once.
"""

import smtplib
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F

from nep.foundation.db.archive import restored_at
from nep.foundation.notify.models import Letter
from nep.foundation.notify.rules import SENDING_FOR, next_try

ROUND = timedelta(seconds=20)  # the worker has other work
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Read the clock; sending is an edge of the system."""
    return datetime.now(UTC)


def letters_send(*, now: datetime, clock: Clock = utc_now) -> int:
    """Send the letters whose time has come, as many as a minute allows; return how many went."""
    letters_settle(now=now)
    started, sent = clock(), 0
    connection: BaseEmailBackend | None = None
    for letter_id in _due(now):
        if clock() - started > ROUND:
            break
        if connection is None:
            connection, fault = _opened()
            if connection is None:
                _rest(letter_id, fault, now)
                continue
        letter = _claim(letter_id, now)
        if letter is None:
            continue
        if _send(connection, letter, now):
            sent += 1
        else:
            _close(connection)
            connection = None
    if connection is not None:
        _close(connection)
    return sent


def letters_settle(*, now: datetime) -> int:
    """Mark as unknown what a dead worker left half-way, and what a restored backup may have sent.

    Return how many.
    """
    half = Letter.objects.filter(state=Letter.SENDING, taken_at__lt=now - SENDING_FOR)
    count = half.update(
        state=Letter.UNKNOWN, ended_at=now, fault="Tiến trình gửi dừng giữa lúc gửi thư này."
    )
    restored = restored_at(settings.NEP.data_folder)
    if restored is not None:
        old = Letter.objects.filter(
            state__in=[Letter.READY, Letter.SENDING], made_at__lt=restored
        ).exclude(due_at__gt=restored)
        count += old.update(
            state=Letter.UNKNOWN, ended_at=now,
            fault="Khôi phục từ bản sao lưu: thư có thể đã gửi sau lúc sao lưu.",
        )  # fmt: skip
    return count


def _due(now: datetime) -> list[int]:
    """Return the letters to send now; the minute's bound counts what all workers took."""
    since = now - timedelta(minutes=1)
    room = settings.NEP.mail_per_minute - Letter.objects.filter(taken_at__gt=since).count()
    rows = Letter.objects.filter(state=Letter.READY, due_at__lte=now).order_by("due_at", "id")
    return list(rows.values_list("pk", flat=True)[: max(0, room)])


def _claim(letter_id: int, now: datetime) -> Letter | None:
    with transaction.atomic(durable=True):
        rows = Letter.objects.filter(pk=letter_id, state=Letter.READY)
        taken = rows.update(state=Letter.SENDING, taken_at=now, attempts=F("attempts") + 1)
    return Letter.objects.get(pk=letter_id) if taken else None


def _opened() -> tuple[BaseEmailBackend | None, str]:
    """Return an open connection, or None and why there is none. Nothing has been sent by then."""
    connection = mail.get_connection()
    if folder := getattr(connection, "file_path", None):
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        return None, fault_words(error)
    return connection, ""


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        return


def _send(connection: BaseEmailBackend, letter: Letter, now: datetime) -> bool:
    """Send a claimed letter and write how it ended; False when the connection is of no more use."""
    try:
        connection.send_messages([_message(letter)])
    except smtplib.SMTPRecipientsRefused as error:
        code = max((code for code, _words in error.recipients.values()), default=550)
        _refused(letter, error, now, for_good=code >= 500)
        return False
    except (smtplib.SMTPDataError, smtplib.SMTPNotSupportedError) as error:
        _refused(letter, error, now, for_good=getattr(error, "smtp_code", 500) >= 500)
        return False
    except smtplib.SMTPServerDisconnected as error:
        _end(letter, Letter.UNKNOWN, now, fault_words(error))
        return False
    except smtplib.SMTPResponseException as error:
        _refused(letter, error, now, for_good=False)
        return False
    except ValueError as error:  # an address or a header that no letter can carry
        _end(letter, Letter.DEAD, now, f"Thư hoặc địa chỉ không hợp lệ: {error}")
        return True
    except (OSError, smtplib.SMTPException) as error:
        _end(letter, Letter.UNKNOWN, now, fault_words(error))
        return False
    _end(letter, Letter.SENT, now, "")
    return True


def _message(letter: Letter) -> EmailMultiAlternatives:
    home = settings.NEP.public_address
    host = settings.NEP.mail_from.rpartition("@")[2].rstrip("> ") or "localhost"
    message = EmailMultiAlternatives(
        subject=letter.subject, body=letter.text, to=[letter.address],
        headers={
            "Message-ID": f"<nep-{letter.pk}@{host}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "List-Unsubscribe": f"<{home}{settings.NEP_CHOICE_PATH}>",
        },
    )  # fmt: skip
    message.attach_alternative(letter.html, "text/html")
    return message


def _refused(letter: Letter, error: Exception, now: datetime, *, for_good: bool) -> None:
    pause = None if for_good else next_try(letter.attempts)
    if pause is None:
        _end(letter, Letter.DEAD, now, fault_words(error))
        return
    with transaction.atomic(durable=True):
        Letter.objects.filter(pk=letter.pk, state=Letter.SENDING).update(
            state=Letter.READY, due_at=now + pause, fault=fault_words(error)
        )


def _rest(letter_id: int, fault: str, now: datetime) -> None:
    """Let a letter wait that was not even begun, because no server could be reached."""
    with transaction.atomic(durable=True):
        row = Letter.objects.filter(pk=letter_id, state=Letter.READY).first()
        if row is None:
            return
        pause = next_try(row.attempts + 1)
        changes = {"attempts": row.attempts + 1, "fault": fault}
        if pause is None:
            changes |= {"state": Letter.DEAD, "ended_at": now}
        else:
            changes |= {"due_at": now + pause}
        Letter.objects.filter(pk=letter_id, state=Letter.READY).update(**changes)


def _end(letter: Letter, state: int, now: datetime, fault: str) -> None:
    with transaction.atomic(durable=True):
        Letter.objects.filter(pk=letter.pk, state=Letter.SENDING).update(
            state=state, ended_at=now, fault=fault[:300]
        )


def fault_words(error: Exception) -> str:
    """Return in one sentence what went wrong with the mail server."""
    said = _said(error)
    for kind, words in _FAULTS:
        if isinstance(error, kind):
            return f"{words}{f' ({said})' if said else ''}."[:300]
    return f"Máy chủ thư báo lỗi ({said or type(error).__name__})."[:300]


_FAULTS: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "Máy chủ thư không nhận tên hoặc mật khẩu"),
    (smtplib.SMTPSenderRefused, "Máy chủ thư không nhận địa chỉ gửi"),
    (smtplib.SMTPRecipientsRefused, "Máy chủ thư không nhận địa chỉ người nhận"),
    (smtplib.SMTPDataError, "Máy chủ thư không nhận nội dung thư"),
    (smtplib.SMTPNotSupportedError, "Máy chủ thư không hỗ trợ cách kết nối đã đặt"),
    (smtplib.SMTPServerDisconnected, "Máy chủ thư ngắt kết nối giữa chừng"),
    (smtplib.SMTPConnectError, "Máy chủ thư từ chối kết nối"),
    (ssl.SSLError, "Không lập được kết nối mã hóa với máy chủ thư"),
    (socket.gaierror, "Không tìm thấy máy chủ thư theo tên đã đặt"),
    (ConnectionRefusedError, "Máy chủ thư không nhận kết nối ở cổng đã đặt"),
    (TimeoutError, "Máy chủ thư không trả lời kịp"),
    (OSError, "Mất kết nối với máy chủ thư"),
)


def _said(error: Exception) -> str:
    """Return what the server said, in one short line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        found = [f"{code} {_plain(words)}" for code, words in error.recipients.values()]
        return "; ".join(found)[:160]
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_plain(error.smtp_error)}"[:160]
    return " ".join(str(error).split())[:160]


def _plain(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())


def trial_send(*, address: str) -> str:
    """Send one trial letter at once; return an empty text, or why it did not go."""
    connection, fault = _opened()
    if connection is None:
        return fault
    try:
        connection.send_messages([_trial(address)])
    except (OSError, smtplib.SMTPException) as error:
        return fault_words(error)
    except ValueError as error:
        return f"Địa chỉ không hợp lệ: {error}."
    finally:
        _close(connection)
    return ""


def _trial(address: str) -> EmailMultiAlternatives:
    text = (
        "Đây là thư thử của Nếp. Nhận được thư này là máy chủ đã gửi thư được.\n"
        f"Địa chỉ của hệ thống: {settings.NEP.public_address}\n"
    )
    return EmailMultiAlternatives(
        subject="Nếp: thư thử",
        body=text,
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    )
