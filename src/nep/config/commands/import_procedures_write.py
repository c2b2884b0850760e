"""Writing what `import-procedures --agency` has read, through the service of the page."""

from datetime import datetime

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.apps.procedures.rules.word import ImportedFile
from nep.apps.procedures.services import procedure_import
from nep.config.commands.acting import actor_in
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import VN


def write_drafts(
    *, agency_code: str, login: str, file: str, data: bytes, reading: ImportedFile
) -> list[dict]:
    """Make a draft of every procedure read; return {code, name, revision_id, reason} per draft."""
    now = datetime.now(VN)
    actor = actor_in(agency_code=agency_code, login=login, role="iso_secretary", now=now)
    if not reading.accepted:
        return []
    try:
        drafted = procedure_import(actor=actor, file=file, data=data, now=now, imported=reading)
    except Refusal as refusal:
        return [{"code": "", "name": file, "revision_id": None, "reason": refusal.message}]
    return [
        {
            "code": one.tthc_code,
            "name": one.name,
            "revision_id": one.revision_id,
            "reason": one.refusal,
        }
        for one in drafted
    ]
