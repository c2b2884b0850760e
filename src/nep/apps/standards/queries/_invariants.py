"""What must hold of editions; `nep doctor` asks."""

from collections.abc import Iterator

from nep.apps.standards import rules
from nep.apps.standards.models import ClauseLabel, EditionChoice, MinistryGuidance
from nep.apps.standards.queries._shipped import shipped
from nep.foundation.db.doctor import Finding, invariant


@invariant("standards_known", "Tiêu chuẩn: bản, điều khoản đã ghi là bản, điều khoản có thật")
def known() -> Iterator[Finding]:
    """Find choices and guidance of no known edition, titles of no clause or of an official one."""
    editions = shipped().editions
    for row in EditionChoice.objects.exclude(edition__in=list(editions)):
        yield Finding("standards_edition", f"lựa chọn {row.pk}", f"không có bản {row.edition}")
    for guidance in MinistryGuidance.objects.exclude(edition__in=list(editions)):
        yield Finding("standards_edition", f"hướng dẫn {guidance.pk}", "cho bản không có")
    for label in ClauseLabel.objects.all():
        facts = editions.get(label.edition)
        clause = facts.numbers.get(label.number) if facts else None
        if not rules.decide_label(clause, label.label):
            yield Finding(
                "standards_label", f"{label.edition}:{label.number}", "tiêu đề không đặt được"
            )
