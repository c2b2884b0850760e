"""The files of what is in force, for a pack that leaves the house."""

from dataclasses import dataclass

from nep.apps.documents import rules
from nep.apps.documents.models import Document


@dataclass(frozen=True, slots=True)
class FileInForce:
    """The file of a document in force: the frozen PDF, else what the author gave."""

    code: str
    title: str
    ending: str
    file_id: int


def files_in_force(*, agency_id: int, limit: int) -> tuple[FileInForce, ...]:
    """Return the files of an agency's documents in force by code, without what is restricted.

    One query. What has no file of its own (a procedure drawn here) is left out.
    """
    rows = (
        Document.objects.filter(agency_id=agency_id, status=rules.IN_FORCE)
        .exclude(level=rules.RESTRICTED)
        .exclude(current__published_file=None, current__original_file=None)
        .order_by("code")
        .values_list(
            "code", "title", "current__published_file_id", "current__published_file__name",
            "current__original_file_id", "current__original_file__name",
        )
    )  # fmt: skip
    return tuple(
        FileInForce(code, title, (frozen_name or name).rpartition(".")[2].lower(), frozen or own)
        for code, title, frozen, frozen_name, own, name in rows[:limit]
    )
