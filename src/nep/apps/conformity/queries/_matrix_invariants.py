"""What must hold of decisions over the matrix; `nep doctor` asks."""

from collections.abc import Iterator

from nep.apps.conformity.models import LeftOut
from nep.apps.conformity.queries._matrix import evidence_rules, rows_of
from nep.apps.conformity.rules import matrix as rules
from nep.foundation.db.doctor import Finding, invariant


@invariant("conformity_matrix", "Ma trận: điều không áp dụng là điều khoản có thật")
def decisions() -> Iterator[Finding]:
    """Find clauses left out that are none or must not be."""
    shipped = evidence_rules()
    for row in LeftOut.objects.filter(ended_at=None):
        rows, backbone = rows_of(row.edition, row.clause)
        if not rules.decide_left_out(shipped, rows=rows, backbone=backbone, reason=row.reason):
            yield Finding(
                "matrix_left_out", f"{row.edition}:{row.clause}", "không ghi là không áp dụng được"
            )
