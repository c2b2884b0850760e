"""The pages of standards."""

from nep.apps.standards.views._province import guidance_record, guidance_withdraw, label_set
from nep.apps.standards.views._tree import choose, compare, export, gaps, tree

__all__ = [
    "choose",
    "compare",
    "export",
    "gaps",
    "guidance_record",
    "guidance_withdraw",
    "label_set",
    "tree",
]
