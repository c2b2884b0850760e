"""The files of other systems go after their time; what was read of them stays."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from nep.apps.cases import services
from nep.apps.cases.jobs import let_files_go
from nep.apps.cases.models import Case, FedImport
from nep.apps.cases.services import fed
from nep.apps.cases.tests.test_fed_import import FULL, NOW, OPEN, as_csv, at, looked  # noqa: F401
from nep.foundation.files.models import StoredFile
from nep.foundation.files.services import path_of
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = 90


@pytest.fixture
def brought(transactional_db, at) -> FedImport:  # noqa: F811
    """A file that was brought in at NOW."""
    row = looked(at, as_csv([*FULL, *OPEN]))
    act = {"actor": at.actor("tuan"), "now": NOW, "import_id": row.pk}
    fed.fed_columns_set(**act, columns=row.columns)
    fed.fed_start(**act)
    fed.fed_run(import_id=row.pk, now=NOW)
    row.refresh_from_db()
    return row


def test_the_shipped_time_is_marked_as_not_verified():
    assert settings.NEP.fed_file_days == DAYS


def test_bytes_go_after_their_time_and_name_hash_and_counts_stay(brought):
    digest, size = brought.sha256, brought.size
    let_files_go(NOW + timedelta(days=DAYS))
    assert path_of(digest).exists()

    let_files_go(NOW + timedelta(days=DAYS, seconds=1))
    let_files_go(NOW + timedelta(days=DAYS, seconds=2))

    brought.refresh_from_db()
    assert (brought.file_id, brought.sample) == (None, [])
    assert (brought.name, brought.sha256, brought.size) == ("tep.csv", digest, size)
    assert (brought.rows, brought.report["cases"]) == (7, 2)
    assert not path_of(digest).exists()
    assert not any(path_of(digest).parent.iterdir())
    assert not StoredFile.objects.filter(sha256=digest).exists()
    assert Case.objects.count() == 2
    (entry,) = JournalEntry.objects.filter(action="fed_import.forgotten")
    assert json.loads(entry.old) == {"name": "tep.csv", "sha256": digest, "size": size}


def test_equal_bytes_of_another_upload_stay(brought, at):  # noqa: F811
    later = looked(at, as_csv([*FULL, *OPEN]))
    FedImport.objects.filter(pk=later.pk).update(created_at=NOW + timedelta(days=DAYS))

    services.fed_files_forget(now=NOW + timedelta(days=DAYS + 1))

    later.refresh_from_db()
    assert later.file_id is not None
    assert path_of(later.sha256).exists()


@pytest.mark.parametrize(("state", "goes"), [("looked", True), ("waiting", False)])
def test_a_file_the_worker_has_is_left_alone(transactional_db, at, state, goes):  # noqa: F811
    row = looked(at, as_csv(OPEN))
    FedImport.objects.update(state=state)

    services.fed_files_forget(now=NOW + timedelta(days=DAYS + 1))

    row.refresh_from_db()
    assert (row.file_id is None) == goes


def test_a_file_that_is_gone_cannot_be_brought_in_and_its_page_says_why(
    transactional_db, at, client, time_machine  # noqa: F811
):  # fmt: skip
    row = looked(at, as_csv(OPEN))
    fed.fed_columns_set(actor=at.actor("tuan"), now=NOW, import_id=row.pk, columns=row.columns)
    later = NOW + timedelta(days=DAYS + 1)
    services.fed_files_forget(now=later)
    time_machine.move_to(later, tick=False)
    at.scene.sign_in(client, "tuan")

    with pytest.raises(Refusal, match="đã được xóa khi hết thời gian lưu"):
        fed.fed_start(actor=at.actor("tuan"), now=later, import_id=row.pk)
    page = client.get(reverse("cases:fed_file", args=[row.pk])).content.decode()

    assert "khi hết 90 ngày lưu" in page
    assert row.sha256[:12] in page
    assert "Tải tệp lên lại" in page
    assert "Ý nghĩa của cột" not in page
