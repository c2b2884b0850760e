"""Reads of the worklist: frozen values, ready to be drawn."""

from nep.apps.work.queries._assigning import (
    AssignmentPage,
    AssignmentState,
    Candidate,
    assignment_page,
    assignment_state,
)
from nep.apps.work.queries._counts import (
    late_count,
    loads_of,
    open_count_of_role,
    open_count_of_unit,
)
from nep.apps.work.queries._invariants import ItemState, item_states
from nep.apps.work.queries._items import (
    HeldItem,
    ItemFacts,
    ItemPage,
    held_items,
    item,
    open_items_of,
)
from nep.apps.work.queries._list import (
    DueDay,
    Group,
    GroupPage,
    Tab,
    Worklist,
    group_page,
    my_items,
)
from nep.apps.work.queries._notices import NoticeLine, notice_count, notice_lines
from nep.apps.work.queries._rows import WorkRow
from nep.apps.work.queries._saved import FilterLine, saved_filters
from nep.apps.work.queries._team import (
    CalendarDay,
    ItemFilter,
    ItemList,
    ListedItem,
    due_days,
    filtered_items,
    items_list,
)
from nep.apps.work.queries._telling import (
    SECTIONS,
    DueEntry,
    TellLine,
    due_entries,
    letter_heading,
    lines_for,
    newest_item,
    opened_since,
    taken_at,
)

__all__ = [
    "SECTIONS",
    "AssignmentPage",
    "AssignmentState",
    "CalendarDay",
    "Candidate",
    "DueDay",
    "DueEntry",
    "FilterLine",
    "Group",
    "GroupPage",
    "HeldItem",
    "ItemFacts",
    "ItemFilter",
    "ItemList",
    "ItemPage",
    "ItemState",
    "ListedItem",
    "NoticeLine",
    "Tab",
    "TellLine",
    "WorkRow",
    "Worklist",
    "assignment_page",
    "assignment_state",
    "due_days",
    "due_entries",
    "filtered_items",
    "group_page",
    "held_items",
    "item",
    "item_states",
    "items_list",
    "late_count",
    "letter_heading",
    "lines_for",
    "loads_of",
    "my_items",
    "newest_item",
    "notice_count",
    "notice_lines",
    "open_count_of_role",
    "open_count_of_unit",
    "open_items_of",
    "opened_since",
    "saved_filters",
    "taken_at",
]
