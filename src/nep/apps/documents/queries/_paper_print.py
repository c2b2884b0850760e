"""A numbered paper copy as it is printed: its number and holder stand in the frame of the stamp."""

from datetime import datetime

from nep.apps.documents import rules
from nep.apps.documents.models import PaperCopy
from nep.apps.documents.queries._access import visible
from nep.apps.documents.queries._files import Copy, revision_file, stamped_copy
from nep.apps.organization.rules import Actor
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.stamp import VALID, Stamp, stamped
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import shorten


def numbered_copy(*, actor: Actor, copy_id: int, now: datetime) -> tuple[Copy, int]:
    """Return the PDF of a paper copy that is out, and the revision it is of.

    Every page says "BẢN KIỂM SOÁT" with the copy's number and holder. Raises NotFound,
    Refusal("copy_ended", "copy_old", why there is no PDF).
    """
    row = (
        PaperCopy.objects.filter(visible(actor, at="document__"), pk=copy_id)
        .select_related("revision")
        .first()
    )
    if row is None:
        raise NotFound()
    if row.ended_on is not None:
        raise Refusal("copy_ended", "Bản giấy này đã thu hồi hoặc hủy nên không in lại.")
    if row.revision.state != rules.IN_FORCE:
        raise Refusal(
            "copy_old", "Bản này không còn hiệu lực. Hãy thu hồi bản giấy và phát bản mới."
        )
    found = revision_file(actor=actor, document_id=row.document_id, revision_id=row.revision_id)
    whole = stamped_copy(found, now=now)
    note = f"Bản số {row.number:02d}: {shorten(row.holder, 30)}"
    try:
        data = stamped(whole.data, Stamp("BẢN KIỂM SOÁT", "", look=VALID, note=note), made_at=now)
    except NotMade as reason:
        raise Refusal(
            reason.code,
            f"{reason.message} Hãy in bản PDF rồi ghi “Bản số {row.number:02d}” bằng tay.",
        ) from reason
    name = f"{whole.name.removesuffix('.pdf')} - bản số {row.number:02d}.pdf"
    return Copy(name, whole.content_type, data), row.revision_id
