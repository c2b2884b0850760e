"""The proof before publishing and the rules beyond it: every check, what failed where, how to mend."""

from nep.apps.procedures.rules.lint._checks import CHECKS
from nep.apps.procedures.rules.lint._panel import lint
from nep.apps.procedures.rules.lint._proof import sum_hours
from nep.apps.procedures.rules.lint._words import symbols, symbols_of
from nep.apps.procedures.rules.lint_book import (
    BLOCKS,
    HINTS,
    OFF,
    SEVERITY_NAMES,
    WARNS,
    Figure,
    Rule,
    RuleBook,
    WordList,
    decide_setting,
    read_book,
    with_setting,
)

__all__ = [
    "BLOCKS",
    "CHECKS",
    "HINTS",
    "OFF",
    "SEVERITY_NAMES",
    "WARNS",
    "Figure",
    "Rule",
    "RuleBook",
    "WordList",
    "decide_setting",
    "lint",
    "read_book",
    "sum_hours",
    "symbols",
    "symbols_of",
    "with_setting",
]
