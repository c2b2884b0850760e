"""Reads of the register of actions: frozen values."""

from nep.apps.actions.queries import _invariants  # noqa: F401  # registers what must hold
from nep.apps.actions.queries._action import (
    ActionPage,
    MoveLine,
    ProofLine,
    action_page,
    proof_file,
)
from nep.apps.actions.queries._evidence import evidence, evidence_counts, evidence_told
from nep.apps.actions.queries._figures import Figure, Tally, figures, late_count, tally
from nep.apps.actions.queries._register import (
    MOST_EXPORTED,
    PAGE,
    SCOPES,
    ActionFilter,
    ActionLine,
    Register,
    done_since,
    of_origin,
    of_origins,
    open_of,
    register,
)

__all__ = [
    "MOST_EXPORTED",
    "PAGE",
    "SCOPES",
    "ActionFilter",
    "ActionLine",
    "ActionPage",
    "Figure",
    "MoveLine",
    "ProofLine",
    "Register",
    "Tally",
    "action_page",
    "done_since",
    "evidence",
    "evidence_counts",
    "evidence_told",
    "figures",
    "late_count",
    "of_origin",
    "of_origins",
    "open_of",
    "proof_file",
    "register",
    "tally",
]
