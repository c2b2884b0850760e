"""What looks or writes again only after some seconds, and for how long tests hold it."""

HELD = {  # module: its setting, and the seconds that no test takes on any machine
    "nep.apps.organization.queries._cache": ("FRESH_SECONDS", 3600.0),
    "nep.apps.standards.queries._shipped": ("FRESH_SECONDS", 3600.0),
    "nep.apps.workcal.queries": ("FRESH_SECONDS", 3600.0),
    "nep.foundation.accounts.middleware": ("TOUCH_SECONDS", 300),  # tests rest ten minutes
    "nep.foundation.accounts.queries": ("_FRESH_SECONDS", 3600.0),
}
