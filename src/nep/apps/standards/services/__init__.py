"""Writes of standards: an agency's edition, the Ministry's guidance, titles of one's own."""

from nep.apps.standards.services._choices import edition_choose
from nep.apps.standards.services._province import guidance_record, guidance_withdraw, label_set

__all__ = ["edition_choose", "guidance_record", "guidance_withdraw", "label_set"]
