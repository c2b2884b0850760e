"""The agency's own Word template for its procedures."""

from datetime import datetime

from django.db import transaction

from nep.apps.organization.rules import Actor, may
from nep.apps.procedures.models import PaperTemplate
from nep.apps.procedures.rules.template_tags import ALL_TAGS
from nep.foundation.files.services import check, store
from nep.foundation.journal.services import record
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.tags import tags_in, unknown_tags
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal


def paper_template_set(*, actor: Actor, name: str, data: bytes, now: datetime) -> tuple[str, ...]:
    """Take a Word file as the agency's template; return the tags it uses, each once.

    Every procedure is printed with it from then on. A mistyped tag stops it, with its place; one
    that is left out is left out of the paper. Raises Refusal("template_tags", "template_plain",
    what is wrong with the file).
    """
    require(may(actor, "document.manage"))
    check(data=data, name=name, kinds=("docx",))
    try:
        tags = tags_in(data)
    except NotMade as reason:
        raise Refusal(reason.code, reason.message, field="file") from reason
    wrong = unknown_tags(tags, more=ALL_TAGS)
    if wrong:
        raise Refusal("template_tags", "Mẫu có thẻ viết sai:\n" + "\n".join(wrong), field="file")
    if "bang_buoc" not in {tag.name for tag in tags}:
        raise Refusal(
            "template_plain",
            "Mẫu chưa có thẻ {{bang_buoc}} nên bản in sẽ thiếu bảng trình tự. Hãy thêm thẻ này vào "
            "mục 5.7.",
            field="file",
        )
    with transaction.atomic():
        kept = store(
            data=data, name=name, agency_id=actor.agency_id, actor_id=actor.person_id, at=now,
            kinds=("docx",),
        )  # fmt: skip
        row = PaperTemplate.objects.select_for_update().filter(agency_id=actor.agency_id).first()
        before = row.file.sha256 if row else ""
        if row is None:
            row = PaperTemplate(agency_id=actor.agency_id, version=0)
        row.file, row.person_id, row.at = kept, actor.person_id, now
        row.version += 1
        row.save()
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="paper_template.set",
            object_type="paper_template", object_id=row.pk, at=now, old=before, new=kept.sha256,
        )  # fmt: skip
    return tuple(dict.fromkeys(tag.name for tag in tags))


def paper_template_drop(*, actor: Actor, now: datetime) -> None:
    """Go back to the product's paper; without a template nothing happens."""
    require(may(actor, "document.manage"))
    with transaction.atomic():
        row = PaperTemplate.objects.select_for_update().filter(agency_id=actor.agency_id).first()
        if row is None:
            return
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="paper_template.dropped",
            object_type="paper_template", object_id=row.pk, at=now, old=row.file.sha256, new="",
        )  # fmt: skip
        row.delete()
