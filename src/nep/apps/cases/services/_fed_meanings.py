"""What people said that another system's words, states and positions mean, source by source."""

from collections.abc import Mapping

from nep.apps.cases.models import FedWording
from nep.apps.cases.rules.fed_columns import FedRow
from nep.apps.cases.rules.fed_steps import match_step, recalled_node
from nep.apps.cases.rules.plan import Plan
from nep.kernel.text import fold

ANY = 0


class Meanings:
    """The remembered meanings of one agency; those of the source come before those of all."""

    def __init__(self, *, agency_id: int, source_id: int) -> None:
        self.by_hand: dict[str, str] = {}
        self.sources = tuple(dict.fromkeys((source_id, ANY)))
        said = FedWording.objects.filter(agency_id=agency_id, source_id__in=self.sources)
        self.said = {
            (source, tthc, by, folded): (node, name)
            for source, tthc, by, folded, node, name in said.values_list(
                "source_id", "tthc_id", "by", "folded", "node", "step_name"
            )
        }

    def say(self, activities: Mapping[str, str]) -> None:
        """Let words mean a step, given by number or name ("" for none), for this import alone."""
        self.by_hand = {fold(text)[:300]: step for text, step in activities.items()}

    def of(self, row: FedRow, *, tthc_id: int, plan: Plan) -> str | None:
        """Return the step that a row was said to mean ("" for none), None when nobody said it.

        The words of the work come first, then its state, then the position of who did it.
        """
        words = row.step or row.status
        if self.by_hand and (asked := self.by_hand.get(fold(words)[:300])) is not None:
            step = match_step(asked, plan=plan) if asked else None
            if step is not None or not asked:
                return step.node if step else ""
        if not self.said:
            return None
        texts = (("words", words), ("status", row.status), ("role", row.role))
        for by, text in texts:
            if not text:
                continue
            folded = fold(text)[:300]
            for source in self.sources:
                for tthc in (tthc_id, ANY):
                    known = self.said.get((source, tthc, by, folded))
                    if known is None:
                        continue
                    node = recalled_node(node=known[0], step_name=known[1], plan=plan)
                    if node is not None:
                        return node
        return None
