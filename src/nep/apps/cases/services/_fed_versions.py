"""Which TTHC, and which procedure in force, the rows of a case of another system belong to."""

from collections.abc import Sequence
from datetime import date

from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules.fed_columns import FedRow
from nep.apps.cases.rules.fed_variants import Candidate, choose_variant, question
from nep.apps.procedures import queries as procedures
from nep.apps.procedures.queries import VersionFacts
from nep.kernel.text import fold


class CannotTake(Exception):
    """A case that is not brought in, and why."""


class NoProcedure(CannotTake):
    """A case none of whose rows says yet which TTHC it is of."""


class Versions:
    """Finds the procedure of a case; `tthc_id` and `variant` hold for rows that name none."""

    def __init__(self, *, agency_id: int, tthc_id: int | None = None, variant: str = "") -> None:
        self.agency_id, self.default_tthc, self.variant = agency_id, tthc_id, variant
        self.named: dict[str, int | None] = {}
        self.by_name: dict[str, int] | None = None
        self.known: dict[tuple[int, date], tuple[VersionFacts, ...]] = {}

    def of(
        self, rows: Sequence[FedRow], on: date, *, known_tthc: int | None = None
    ) -> VersionFacts:
        """Return the version in force on a day that the rows speak of. Raises CannotTake.

        `known_tthc` is what a case already stands for, where its rows do not say.
        """
        tthc_id = self._tthc(max((row.tthc for row in rows), default=""), known_tthc)
        key = (tthc_id, on)
        if key not in self.known:
            self.known[key] = procedures.versions_in_force(
                agency_id=self.agency_id, tthc_id=tthc_id, on=on
            )
        found = self.known[key]
        if not found:
            raise CannotTake(
                f"Ngày {on:%d/%m/%Y} thủ tục này chưa có quy trình đang áp dụng để đối chiếu."
            )
        if len(found) == 1 and not any(row.variant for row in rows):
            return found[0]
        candidates = [Candidate(one.code, one.variant, plan_for(one.content_hash)) for one in found]
        place = choose_variant(rows=rows, candidates=candidates, named=self.variant)
        if place is None:
            raise CannotTake(question(candidates))
        return found[place]

    def _tthc(self, text: str, known: int | None) -> int:
        if not text:
            if known is not None:
                return known
            if self.default_tthc is None:
                raise NoProcedure("Thiếu thủ tục. Hãy chọn thủ tục cho cả tệp hoặc thêm cột.")
            return self.default_tthc
        if text not in self.named:
            self.named[text] = self._find(text)
        found = self.named[text]
        if found is None:
            raise CannotTake(f"Cơ quan không có thủ tục “{text[:80]}”.")
        return found

    def _find(self, text: str) -> int | None:
        code = procedures.base_code(text.split(" - ")[0].split(" – ")[0].strip())
        if code:
            found = procedures.tthc_by_code(agency_id=self.agency_id, code=code)
            if found is not None:
                return found
        if self.by_name is None:
            lines = procedures.tthc_lines(agency_id=self.agency_id)
            self.by_name = {fold(line.name): line.id for line in lines}
        return self.by_name.get(fold(text))
