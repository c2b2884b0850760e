"""Letters through a real mail server on this machine: at most once, whatever the server does."""

from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail

from nep.foundation.db.archive import note_restored
from nep.foundation.notify import delivery, queries, services
from nep.foundation.notify.composing import Message
from nep.foundation.notify.models import Letter, Told
from nep.foundation.notify.tests.mail_server import mail_server
from nep.kernel.errors import Conflict, Refusal
from nep.kernel.vietnamese import VN

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 10, 9, 0, tzinfo=VN)


@pytest.fixture
def server(settings):
    with mail_server() as one:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = one.server_address
        settings.EMAIL_USE_TLS = False
        yield one


def letter(person_id: int = 7, *, period: str = "day:2026-12-10", keys=("1:on",), now=NOW):
    return services.letter_write(
        person_id=person_id, agency_id=1, period=period, address="lan@soxaydung.example",
        message=Message("Nếp: 1 việc quá hạn", "Chào Lan,\n1 việc.\n", "<p>1 việc</p>"),
        keys=keys, now=now,
    )  # fmt: skip


def send(now=NOW) -> int:
    return delivery.letters_send(now=now)


def states() -> list[str]:
    rows = Letter.objects.order_by("id").values_list("state", flat=True)
    return [queries.STATES[state] for state in rows]


def test_a_letter_leaves_once_as_text_and_html_with_a_way_to_decline(server):
    pk = letter()

    assert (send(), send()) == (1, 0)
    (data,) = server.taken
    found = message_from_bytes(data, policy=policy.default)
    assert found["Subject"] == "Nếp: 1 việc quá hạn"
    assert found["To"] == "lan@soxaydung.example"
    assert found["Auto-Submitted"] == "auto-generated"
    assert "/viec/thong-bao/cach-nhan/" in found["List-Unsubscribe"]
    assert f"nep-{pk}@" in found["Message-ID"]
    assert "Chào Lan" in found.get_body(("plain",)).get_content()
    assert "<p>1 việc</p>" in found.get_body(("html",)).get_content()
    assert states() == ["sent"]


def test_one_period_has_one_letter_and_one_line_one_telling(server):
    assert letter() is not None
    assert letter(keys=("2:on",)) is None
    with pytest.raises(Conflict):
        letter(period="now:2026-12-10T09:15", keys=("1:on",))

    assert Letter.objects.count() == 1
    assert queries.told_keys(7, ["1:on", "2:on"]) == {"1:on"}
    assert queries.told_keys(8, ["1:on"]) == frozenset()


@pytest.mark.parametrize("break_off", ["before", "after"])
def test_a_connection_that_breaks_under_way_leaves_an_unknown_letter_never_sent_again(
    server, break_off
):
    letter()
    server.break_off = break_off
    send()
    server.break_off = ""

    assert send(NOW + timedelta(days=1)) == 0
    assert states() == ["unknown"]
    assert len(server.taken) == (break_off == "after")
    assert queries.told_keys(7, ["1:on"]) == {"1:on"}
    assert "ngắt kết nối" in Letter.objects.get().fault


def test_a_server_that_says_not_now_is_asked_again_with_growing_pauses(server):
    letter()
    server.refuse = "451 hàng chờ đầy"
    send()
    row = Letter.objects.get()
    first = (row.state, row.due_at - NOW)
    send(NOW + timedelta(seconds=30))
    send(NOW + timedelta(minutes=2))
    second = Letter.objects.get()
    server.refuse = ""
    assert send(NOW + timedelta(minutes=8)) == 1

    assert first == (Letter.READY, timedelta(minutes=1))
    assert (second.attempts, second.due_at) == (2, NOW + timedelta(minutes=7))
    assert "451" in second.fault
    assert (states(), len(server.taken)) == (["sent"], 1)


def test_an_address_that_does_not_exist_is_given_up_at_once(server):
    letter()
    server.refuse = "550 không có hộp thư"
    send()

    assert states() == ["dead"]
    assert Letter.objects.get().fault == (
        "Máy chủ thư không nhận địa chỉ người nhận (550 không có hộp thư)."
    )


def test_a_dead_server_costs_no_letter_and_is_given_up_in_the_end(settings):
    with mail_server() as gone:
        host, port = gone.server_address
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = host, port, False
    letter()
    now = NOW
    for _ in range(7):
        send(now)
        now = Letter.objects.get().due_at + timedelta(seconds=1)

    assert states() == ["dead"]
    assert "không nhận kết nối" in Letter.objects.get().fault


def test_lines_of_a_letter_that_could_not_be_sent_come_with_the_next_one(server):
    letter(keys=("1:on", "2:on"))
    server.refuse = "550 không có hộp thư"
    send()
    server.refuse = ""
    untold = queries.told_keys(7, ["1:on"])
    letter(period="day:2026-12-11", keys=("1:on", "3:new"), now=NOW + timedelta(days=1))
    send(NOW + timedelta(days=1))

    assert untold == frozenset()
    assert states() == ["merged", "sent"]
    assert Told.objects.filter(letter__state=Letter.SENT).count() == 2
    with pytest.raises(Refusal):
        services.letter_resend(user_id=0, letter_id=Letter.objects.earliest("id").pk, now=NOW)


def test_a_worker_that_died_half_way_leaves_an_unknown_letter(server):
    pk = letter()
    Letter.objects.filter(pk=pk).update(state=Letter.SENDING, taken_at=NOW, attempts=1)
    early = send(NOW + timedelta(minutes=5))
    still = states()
    late = send(NOW + timedelta(minutes=11))

    assert (early, late, server.taken) == (0, 0, [])
    assert (still, states()) == (["waiting"], ["unknown"])


def test_a_restored_backup_sends_nothing_that_may_have_left_before(server, settings):
    letter()
    note_restored(settings.NEP.data_folder, at=NOW + timedelta(hours=3))
    letter(period="day:2026-12-11", keys=("2:on",), now=NOW + timedelta(days=1))

    assert send(NOW + timedelta(days=1)) == 1
    assert states() == ["unknown", "sent"]


def test_a_minute_takes_no_more_letters_than_is_set(settings):
    settings.NEP = replace(settings.NEP, mail_per_minute=2)
    for person_id in range(5):
        letter(person_id)

    counts = [send(NOW), send(NOW + timedelta(seconds=20)), send(NOW + timedelta(seconds=70))]
    assert counts == [2, 0, 2]
    assert len(mail.outbox) == 4


def test_a_trial_letter_says_plainly_what_happened(server):
    assert delivery.trial_send(address="quantri@soxaydung.example") == ""
    assert len(server.taken) == 1
    server.refuse = "550 không có hộp thư"
    assert "không nhận địa chỉ người nhận" in delivery.trial_send(address="x@y.example")


def test_words_of_old_letters_are_forgotten_and_still_count_as_told():
    letter()
    send()
    services.letters_forget(now=NOW + timedelta(days=31), keep_days=30)
    row = Letter.objects.get()

    assert (row.text, row.html, row.address) == ("", "", "")
    assert queries.told_keys(7, ["1:on"]) == {"1:on"}
