"""The forms of conformity."""

from nep.apps.conformity.forms._declaration import (
    ConfirmForm,
    DecideForm,
    PostForm,
    ScopeForm,
    StartForm,
    WhyForm,
)

__all__ = ["ConfirmForm", "DecideForm", "PostForm", "ScopeForm", "StartForm", "WhyForm"]
