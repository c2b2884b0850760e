"""Revisions with a frozen PDF, and those who sign it, for tests of signatures."""

from dataclasses import replace

from django.conf import settings as known

from nep.apps.documents import queries, services
from nep.apps.documents.models import Revision, Signature
from nep.apps.documents.rules import FROZEN_ENDING
from nep.apps.documents.tests import make
from nep.apps.documents.tests.life_scene import sheet
from nep.apps.organization.tests.scene import NOW, Scene
from nep.foundation.files import queries as files
from nep.foundation.files.services import store
from nep.foundation.signing.signers import KeyFile
from nep.foundation.signing.tests import authority

HA, AGENCY = "Nguyễn Thị Thu Hà", "SỞ KHOA HỌC VÀ CÔNG NGHỆ"


def trusting(settings, folder) -> None:
    """Have the system trust the authority of these tests."""
    settings.NEP = replace(known.NEP, sign_roots=authority.roots_folder(folder / "goc"))


def frozen(agency: Scene, *, code: str = "QT-01", **facts) -> tuple[int, int]:
    """Bring a document into force with a small frozen PDF; return (document id, revision id)."""
    document_id, revision_id = make.in_force(agency, code=code, **facts)
    freeze(agency, revision_id, code)
    return document_id, revision_id


def freeze(agency: Scene, revision_id: int, code: str) -> None:
    """Give a revision a frozen PDF with a place for a signature, and its key."""
    kept = store(
        data=sheet(f"{code} {revision_id} {{{{chu_ky:phe_duyet}}}}"), name=f"{code}{FROZEN_ENDING}",
        agency_id=agency.agency_id, actor_id=None, at=NOW,
    )  # fmt: skip
    Revision.objects.filter(pk=revision_id).update(
        published_file=kept, public_key=f"khoa-kiem-tra-{revision_id}"
    )


def a_key(name: str = HA, **facts) -> KeyFile:
    """Return a person's key file."""
    return KeyFile(authority.key_file(name, **facts), authority.PASSWORD)


def page(agency: Scene, revision_id: int, who: str = "ha") -> queries.SigningPage:
    """Return the page of signatures as somebody sees it."""
    return queries.signing_page(actor=agency.actor(who), revision_id=revision_id)


def make_signature(
    agency: Scene, revision_id: int, *, who: str = "ha", key: KeyFile | None = None, seen: str = ""
) -> services.Made:
    """Sign what the page shows; nothing is kept yet."""
    return services.signature_make(
        actor=agency.actor(who), revision_id=revision_id, key=key or a_key(), is_seen=True, now=NOW,
        seen_hash=seen or page(agency, revision_id).hash,
    )  # fmt: skip


def sign(agency: Scene, revision_id: int, *, who: str = "ha", **how) -> Signature:
    """Sign and keep."""
    made = make_signature(agency, revision_id, who=who, **how)
    kept = services.signature_keep(actor=agency.actor(who), made=made, now=NOW)
    return Signature.objects.get(pk=kept)


def published(revision_id: int) -> bytes:
    """Return the published PDF of a revision."""
    return files.read(Revision.objects.get(pk=revision_id).published_file_id)
