"""The forms of conformity."""

from nep.apps.conformity.forms._declaration import (
    ConfirmForm,
    DecideForm,
    PostForm,
    PostsForm,
    ScopeForm,
    StartForm,
    WhyForm,
)
from nep.apps.conformity.forms._matrix import AskForm, LeftOutForm
from nep.apps.conformity.forms._pack import PackForm
from nep.apps.conformity.forms._year import ExcludeForm, HandoverForm, ItemForm, TickForm

__all__ = [
    "AskForm",
    "ConfirmForm",
    "DecideForm",
    "ExcludeForm",
    "HandoverForm",
    "ItemForm",
    "LeftOutForm",
    "PackForm",
    "PostForm",
    "PostsForm",
    "ScopeForm",
    "StartForm",
    "TickForm",
    "WhyForm",
]
