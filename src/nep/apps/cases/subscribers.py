"""What cases do when they hear of something."""

from nep.apps.cases.services import case_lock, holder_changed
from nep.apps.work.ports import (
    register_explainer,
    register_holder_listener,
    register_source_lock,
)

SOURCE = "case"


def _explanation(case_id: int, item_id: int) -> str:
    return f"/ho-so/{case_id}/han-buoc/{item_id}/"


register_source_lock(SOURCE, case_lock)
register_holder_listener(SOURCE, holder_changed)
register_explainer(SOURCE, _explanation)
