"""Writes of planning."""

from nep.apps.planning.queries._measures import Measured, register_measure
from nep.apps.planning.services._objective_deposits import objectives_deposit
from nep.apps.planning.services._objective_judging import Judged, objectives_judge
from nep.apps.planning.services._objective_lists import (
    objectives_approve,
    objectives_gather,
    objectives_return,
)
from nep.apps.planning.services._objective_papers import (
    objectives_list_paper,
    objectives_paper,
    objectives_sheet,
)
from nep.apps.planning.services._objective_values import (
    Act,
    Proof,
    objective_judge,
    objective_measure,
    objectives_measure,
    value_explain,
    value_record,
)
from nep.apps.planning.services._objectives import (
    ObjectiveValues,
    objective_change,
    objective_confirm,
    objective_drop,
    objective_follow,
    objective_propose,
    objectives_copy,
    objectives_start,
)
from nep.apps.planning.services._risk_following import (
    risk_action_ended,
    risk_follow,
    risks_review_due,
)
from nep.apps.planning.services._risk_life import (
    risk_accept,
    risk_act,
    risk_close,
    risk_happen,
    risk_return,
    risk_verify,
)
from nep.apps.planning.services._risk_papers import (
    prevention_paper,
    risks_paper,
    risks_sheet,
)
from nep.apps.planning.services._risk_proposals import (
    risks_take_over,
)
from nep.apps.planning.services._risk_scale import risk_scale_set
from nep.apps.planning.services._risks import (
    RiskValues,
    risk_assign,
    risk_change,
    risk_open,
    risk_rate,
)
from nep.apps.planning.services._statement_deposits import statement_deposit
from nep.apps.planning.services._statement_papers import (
    policy_poster,
    statement_paper,
)
from nep.apps.planning.services._statement_review import (
    statement_confirm,
    statements_review_due,
)
from nep.apps.planning.services._statements import (
    policy_in_force,
    policy_withdrawn,
    statement_approve,
    statement_drop,
    statement_return,
    statement_save,
    statement_submit,
    statement_take_back,
)

__all__ = [
    "Act",
    "Judged",
    "Measured",
    "ObjectiveValues",
    "Proof",
    "RiskValues",
    "objective_change",
    "objective_confirm",
    "objective_drop",
    "objective_follow",
    "objective_judge",
    "objective_measure",
    "objective_propose",
    "objectives_approve",
    "objectives_copy",
    "objectives_deposit",
    "objectives_gather",
    "objectives_judge",
    "objectives_list_paper",
    "objectives_measure",
    "objectives_paper",
    "objectives_return",
    "objectives_sheet",
    "objectives_start",
    "policy_in_force",
    "policy_poster",
    "policy_withdrawn",
    "prevention_paper",
    "register_measure",
    "risk_accept",
    "risk_act",
    "risk_action_ended",
    "risk_assign",
    "risk_change",
    "risk_close",
    "risk_follow",
    "risk_happen",
    "risk_open",
    "risk_rate",
    "risk_return",
    "risk_scale_set",
    "risk_verify",
    "risks_paper",
    "risks_review_due",
    "risks_sheet",
    "risks_take_over",
    "statement_approve",
    "statement_confirm",
    "statement_deposit",
    "statement_drop",
    "statement_paper",
    "statement_return",
    "statement_save",
    "statement_submit",
    "statement_take_back",
    "statements_review_due",
    "value_explain",
    "value_record",
]
