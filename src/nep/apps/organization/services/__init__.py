"""Changes of agencies, units, people, appointments and delegations. Each is journaled."""

from nep.apps.organization.services._absences import absence_end, absence_start
from nep.apps.organization.services._accounts import (
    MOST_ACCOUNTS,
    OpenedAccount,
    people_accounts_open,
    person_account_disable,
    person_account_enable,
    person_account_open,
    person_account_reset,
    person_second_factor_remove,
)
from nep.apps.organization.services._agencies import (
    agency_change,
    agency_close,
    agency_setup,
)
from nep.apps.organization.services._appointments import appointment_end, appointment_start
from nep.apps.organization.services._delegations import (
    delegation_end,
    delegation_start,
    delegations_hand_back,
)
from nep.apps.organization.services._following import appointment_follow
from nep.apps.organization.services._identity import agency_identify, agency_reopen
from nep.apps.organization.services._lineage import (
    agency_code_add,
    agency_code_remove,
    succession_add,
    succession_remove,
)
from nep.apps.organization.services._people import person_add, person_change
from nep.apps.organization.services._people_sheet import (
    PeopleReport,
    SheetOutcome,
    people_import,
)
from nep.apps.organization.services._units import unit_add, unit_change, unit_close

__all__ = [
    "MOST_ACCOUNTS",
    "OpenedAccount",
    "PeopleReport",
    "SheetOutcome",
    "absence_end",
    "absence_start",
    "agency_change",
    "agency_close",
    "agency_code_add",
    "agency_code_remove",
    "agency_identify",
    "agency_reopen",
    "agency_setup",
    "appointment_end",
    "appointment_follow",
    "appointment_start",
    "delegation_end",
    "delegation_start",
    "delegations_hand_back",
    "people_accounts_open",
    "people_import",
    "person_account_disable",
    "person_account_enable",
    "person_account_open",
    "person_account_reset",
    "person_add",
    "person_change",
    "person_second_factor_remove",
    "succession_add",
    "succession_remove",
    "unit_add",
    "unit_change",
    "unit_close",
]
