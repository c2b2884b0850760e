"""Writes of the accounts. Each public function is one user action with its journal entry.

Whether an administrator may touch an account is decided by the caller, which knows the agency;
these services record who did it. Their entries name the account that acted (`actor_kind` is
"account"), not a person.
"""

from nep.foundation.accounts.services._accounts import (
    Doer,
    NewAccount,
    account_create,
    account_disable,
    account_enable,
    account_require_totp,
    account_reset,
    account_unlock,
    idle_accounts_disable,
)
from nep.foundation.accounts.services._passwords import (
    check_new_password,
    one_time_password,
    password_change,
)
from nep.foundation.accounts.services._second_factor import (
    SetupCode,
    code_check,
    recovery_codes_renew,
    second_factor_confirm,
    second_factor_remove,
    second_factor_start,
)
from nep.foundation.accounts.services._sessions import (
    session_end,
    session_lock,
    session_moved,
    session_open,
    session_sign_out,
    session_touch,
    session_unlock,
    sessions_end,
    sessions_forget_expired,
)
from nep.foundation.accounts.services._settings import setting_change
from nep.foundation.accounts.services._sign_in import (
    Passed,
    failures_forget,
    sign_in_with_code,
    sign_in_with_password,
)

__all__ = [
    "Doer",
    "NewAccount",
    "Passed",
    "SetupCode",
    "account_create",
    "account_disable",
    "account_enable",
    "account_require_totp",
    "account_reset",
    "account_unlock",
    "check_new_password",
    "code_check",
    "failures_forget",
    "idle_accounts_disable",
    "one_time_password",
    "password_change",
    "recovery_codes_renew",
    "second_factor_confirm",
    "second_factor_remove",
    "second_factor_start",
    "session_end",
    "session_lock",
    "session_moved",
    "session_open",
    "session_sign_out",
    "session_touch",
    "session_unlock",
    "sessions_end",
    "sessions_forget_expired",
    "setting_change",
    "sign_in_with_code",
    "sign_in_with_password",
]
