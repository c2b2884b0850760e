"""Pages about the agency and its people."""

from nep.apps.organization.views import _frame  # noqa: F401  # the menu and the agency switch
from nep.apps.organization.views._absences import absence_end, absences
from nep.apps.organization.views._accounts import accounts_open
from nep.apps.organization.views._agency import code_add, code_remove, settings, switch
from nep.apps.organization.views._delegations import delegation_end, delegations
from nep.apps.organization.views._lineage import succession_remove, successions
from nep.apps.organization.views._people import people, person_new
from nep.apps.organization.views._people_sheet import people_import, people_template
from nep.apps.organization.views._person import (
    account_change,
    account_open,
    hat_end,
    hat_new,
    person,
    person_contact,
)
from nep.apps.organization.views._province import agency_new, province
from nep.apps.organization.views._province_agency import (
    administrator_account,
    administrator_new,
    agency,
    agency_end,
    agency_identify,
)
from nep.apps.organization.views._units import unit_close, unit_edit, unit_new

__all__ = [
    "absence_end",
    "absences",
    "account_change",
    "account_open",
    "accounts_open",
    "administrator_account",
    "administrator_new",
    "agency",
    "agency_end",
    "agency_identify",
    "agency_new",
    "code_add",
    "code_remove",
    "delegation_end",
    "delegations",
    "hat_end",
    "hat_new",
    "people",
    "people_import",
    "people_template",
    "person",
    "person_contact",
    "person_new",
    "province",
    "settings",
    "succession_remove",
    "successions",
    "switch",
    "unit_close",
    "unit_edit",
    "unit_new",
]
