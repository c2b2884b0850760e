"""A draft as every diagram of it draws it. Pure."""

from collections.abc import Mapping

from nep.apps.procedures.rules.by_hand import spare_lanes
from nep.apps.procedures.rules.condition_words import labels_of, with_words
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.table import with_lanes
from nep.bpmn import Process


def drawn_process(draft: Draft, names: Mapping[str, str]) -> Process:
    """Return the graph of a draft for drawing: lanes under the names of their roles, conditions in
    words, with the notes and the empty lanes drawn with it."""
    lanes = with_lanes(draft.drawn, dict(names), spare=spare_lanes(draft.places))
    return with_words(lanes, labels_of(draft.carried))
