"""Previews are made beside the queue, kept by content, and never tried for ever."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from nep.foundation.files.services import path_of, store
from nep.foundation.outbox.models import QueueRow
from nep.foundation.printing import preview as previews
from nep.foundation.printing.tests.test_stamps import blank

AT = datetime(2026, 12, 10, 3, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def stored(data: bytes, name: str):
    return store(data=data, name=name, agency_id=None, actor_id=None, at=AT, kinds=("pdf", "csv"))


def test_the_first_question_has_it_made_and_the_next_in_the_same_minute_waits(db):
    row = stored(blank((595, 842, 0)), "a.pdf")
    for _ in range(3):
        assert previews.preview(sha256=row.sha256, name=row.name, now=AT).state == "working"

    assert QueueRow.objects.filter(name=previews.JOB).count() == 1
    previews.preview(sha256=row.sha256, name=row.name, now=AT + timedelta(minutes=2))
    assert QueueRow.objects.filter(name=previews.JOB).count() == 2


def test_the_same_bytes_are_drawn_once_whatever_their_name(db):
    data = blank((595, 842, 0), (842, 595, 0))
    one, other = stored(data, "a.pdf"), stored(data, "b.pdf")
    made = previews.make(sha256=one.sha256, name=one.name)

    found = previews.preview(sha256=other.sha256, name=other.name, now=AT)
    assert found == made
    assert (found.state, found.pages, found.total) == ("ready", 2, 2)
    assert QueueRow.objects.count() == 0


def test_a_file_without_pages_is_read_as_text(db):
    row = stored("mã;tên\n1;Đất đai".encode(), "a.csv")
    made = previews.make(sha256=row.sha256, name=row.name)

    assert (made.state, made.has_text) == ("failed", True)
    assert [block.text for block in previews.text_blocks(row.sha256)] == ["mã;tên", "1;Đất đai"]


def test_bytes_that_are_gone_do_not_end_the_thread(db):
    lost = hashlib.sha256(b"khong con").hexdigest()
    row = stored(blank((595, 842, 0)), "a.pdf")
    assert not path_of(lost).exists()
    previews.make_later(sha256=lost, name="mat.pdf")
    previews.make_later(sha256=row.sha256, name=row.name)
    previews._wanted.join()

    assert previews.preview(sha256=row.sha256, name=row.name, now=AT).state == "ready"
    assert previews.preview(sha256=lost, name="mat.pdf", now=AT).state == "working"


def test_what_failed_is_tried_again_after_a_day(db):
    row = stored(b"%PDF-1.7 hong", "a.pdf")
    previews.make(sha256=row.sha256, name=row.name)
    today = datetime.now(UTC)
    soon = previews.preview(sha256=row.sha256, name=row.name, now=today)
    later = previews.preview(sha256=row.sha256, name=row.name, now=today + timedelta(hours=25))

    assert (soon.state, soon.code) == ("failed", "pdf_broken")
    assert later.state == "working"
