"""Letting the files of other systems go after their time; what was read of them stays."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from nep.apps.cases.models import FedImport
from nep.foundation.files import queries as file_queries
from nep.foundation.files import services as files
from nep.foundation.journal import services as journal

_AT_ONCE = 200


def fed_files_forget(*, now: datetime) -> int:
    """Remove the bytes of files whose time is over; name, hash and counts stay. Return how many.

    The time runs from the end of the import, or from the upload where nothing was brought in; a
    file that the worker has is left alone. Run again it finds nothing more.
    Source: Luật Bảo vệ dữ liệu cá nhân 2025: lưu đến khi đạt mục đích, rồi xóa.
    """
    before = now - timedelta(days=settings.NEP.fed_file_days)
    over = Q(finished_at__lt=before) | Q(finished_at=None, created_at__lt=before)
    rows = FedImport.objects.filter(over, file__isnull=False).exclude(
        state__in=["waiting", "running"]
    )
    keys = list(rows.order_by("id").values_list("pk", flat=True)[:_AT_ONCE])
    return sum(_forget(key, now) for key in keys)


def _forget(import_id: int, now: datetime) -> bool:
    with transaction.atomic():
        row = FedImport.objects.select_for_update().get(pk=import_id)
        if row.file_id is None or row.state in {"waiting", "running"}:
            return False
        facts, row.file = file_queries.facts(row.file_id), None
        row.sha256, row.size, row.forgotten_at = facts.sha256, facts.size, now
        row.sample = []  # the rows of the file themselves, which nobody needs any more
        row.save(update_fields=["file", "sha256", "size", "forgotten_at", "sample"])
        files.forget(file_id=facts.id)
        journal.record(
            actor_id=None, agency_id=row.agency_id, action="fed_import.forgotten",
            object_type="fed_import", object_id=row.pk, at=now,
            old={"name": row.name, "sha256": facts.sha256, "size": facts.size},
            reason=f"quá {settings.NEP.fed_file_days} ngày",
        )  # fmt: skip
    return True
