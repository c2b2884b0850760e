"""The forms of conformity."""

from nep.apps.conformity.forms._declaration import (
    ConfirmForm,
    DecideForm,
    PostForm,
    ScopeForm,
    StartForm,
    WhyForm,
)
from nep.apps.conformity.forms._matrix import AskForm, LeftOutForm

__all__ = [
    "AskForm",
    "ConfirmForm",
    "DecideForm",
    "LeftOutForm",
    "PostForm",
    "ScopeForm",
    "StartForm",
    "WhyForm",
]
