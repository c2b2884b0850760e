"""Evidence of an action: files kept here, links to what stands elsewhere on this site."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from nep.apps.actions.models import Action, ActionProof
from nep.foundation.files.services import store
from nep.kernel.errors import Refusal
from nep.kernel.references import is_address_here
from nep.kernel.text import clean

KINDS = ("pdf", "docx", "xlsx", "pptx", "png", "jpg")
MOST = 20


class Upload(NamedTuple):
    """A file as it was sent."""

    name: str
    data: bytes


class Link(NamedTuple):
    """Something of this site: its title and its address, which begins with a slash."""

    title: str
    url: str


def proofs_add(
    row: Action, *, by_id: int, uploads: Sequence[Upload], links: Sequence[Link], now: datetime
) -> None:
    """Keep evidence with an action. Raises Refusal("link_outside", "proofs_many", of the files)."""
    if row.proofs.count() + len(uploads) + len(links) > MOST:
        raise Refusal("proofs_many", f"Mỗi hành động giữ tối đa {MOST} bằng chứng.", field="file")
    for link in links:
        if not is_address_here(link.url):
            raise Refusal(
                "link_outside", "Liên kết phải là địa chỉ trong hệ thống, bắt đầu bằng dấu /.",
                field="link",
            )  # fmt: skip
        ActionProof.objects.create(
            action=row, title=clean(link.title or link.url)[:300], url=link.url[:300],
            added_by_id=by_id, added_at=now,
        )  # fmt: skip
    for upload in uploads:
        kept = store(
            data=upload.data, name=upload.name, agency_id=row.agency_id, actor_id=by_id, at=now,
            kinds=KINDS,
        )  # fmt: skip
        ActionProof.objects.create(
            action=row, title=kept.name[:300], file_id=kept.id, added_by_id=by_id, added_at=now
        )
