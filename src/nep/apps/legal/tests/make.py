"""External documents for tests."""

from datetime import date

from nep.apps.legal import services
from nep.apps.legal.services import ExternalValues
from nep.apps.organization.tests.scene import NOW, Scene


def values(**change) -> ExternalValues:
    """Return a decree in force."""
    given = {
        "kind": "decree", "number": "118/2025/NĐ-CP", "issuer": "Chính phủ",
        "title": "Về thực hiện thủ tục hành chính theo cơ chế một cửa",
        "issued_on": date(2025, 6, 9), "effective_from": date(2025, 7, 1),
    }  # fmt: skip
    return ExternalValues(**{**given, **change})


def external(agency: Scene, *, follow: bool = False, **change) -> int:
    """Write one into the register."""
    return services.external_add(
        actor=agency.actor("thu"), values=values(**change), follow=follow, now=NOW
    )


def cite(agency: Scene, external_id: int, object_id: int = 7, *, label: str = "QT-07") -> int:
    """Let a document name it."""
    return services.cite(
        actor=agency.actor("lan"), external_id=external_id, object_type="document",
        object_id=object_id, label=label, link=f"/tai-lieu/{object_id}/", now=NOW,
    )  # fmt: skip
