"""What the worker does when a model or its source has changed: ask those who follow it."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from nep.apps.adoption import rules
from nep.apps.adoption.models import Adoption, ModelProcedure
from nep.apps.work import services as work
from nep.apps.work.queries import open_items_of
from nep.apps.workcal.queries import calendar_for
from nep.kernel.vietnamese import date_text, local

SOURCE, ADOPTION = "model", "adoption"


def drift_tell(*, model_id: int, now: datetime) -> int:
    """Give every agency that follows an older edition a work item; return how many got one.

    Each in its own transaction, so that a killed worker goes on; whoever has one gets no other.
    """
    rows = Adoption.objects.filter(
        model_id=model_id, left_at=None, model__withdrawn_at=None, number__lt=F("model__number")
    ).exclude(declined=F("model__number"))
    told = 0
    for row in rows.select_related("model__agency").order_by("id"):
        with transaction.atomic():
            told += _ask(row, now)
    return told


def _ask(row: Adoption, now: datetime) -> bool:
    if open_items_of(source_type=ADOPTION, source_id=row.pk):
        return False
    model, calendar = row.model, calendar_for(row.agency_id)
    due_on = calendar.add_working_days(local(now).date(), rules.ANSWER_DAYS)
    work.item_open(
        batch=None, agency_id=row.agency_id, kind="procedure",
        title=f"Trả lời bản mới của mẫu {model.code}"[:300], detail=model.title[:400],
        link=f"/quy-trinh-mau/ap-dung/{row.pk}/", source_type=ADOPTION, source_id=row.pk,
        source_code=model.code[:60], step_label="Mẫu có bản mới", role="iso_secretary",
        opened_at=now, due_at=calendar.day_close(due_on),
        note=f"Xem khác biệt rồi nhận bản mới, hoặc ghi lý do giữ bản cũ, trước hết ngày "
        f"{date_text(due_on)}.",
    )  # fmt: skip
    return True


def source_changed(*, agency_id: int, procedure_id: int, now: datetime) -> int:
    """Tell who published a model that its source has a new version in force; return how many."""
    rows = ModelProcedure.objects.filter(
        source_agency_id=agency_id, procedure_id=procedure_id, withdrawn_at=None
    )
    told = 0
    for model in rows:
        with transaction.atomic():
            if open_items_of(source_type=SOURCE, source_id=model.pk):
                continue
            publisher_id = model.editions.order_by("-number").values_list(
                "published_by_id", flat=True
            )
            work.item_open(
                batch=None, agency_id=model.agency_id, kind="procedure",
                title=f"Công bố bản mới của mẫu {model.code}"[:300], detail=model.title[:400],
                link=f"/quy-trinh-mau/{model.pk}/", source_type=SOURCE, source_id=model.pk,
                source_code=model.code[:60], step_label="Nguồn có bản mới",
                person_id=publisher_id[0], opened_at=now,
                note="Quy trình nguồn có bản mới hiệu lực. Nơi áp dụng chỉ thấy khi mẫu có bản mới.",
            )  # fmt: skip
            told += 1
    return told
