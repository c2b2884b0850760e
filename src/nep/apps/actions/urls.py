"""Addresses of actions."""

from nep.apps.actions import views
from nep.foundation.web.routes import route

app_name = "actions"
SEE, OPEN = "action.see", "action.open"

urlpatterns = [
    route("", views.register, name="register", permission=SEE),
    route("hanh-dong.xlsx", views.export, name="export", permission=SEE),
    route("don-vi/", views.by_unit, name="by_unit", permission=SEE),
    route("moi/", views.new, name="new", permission=OPEN),
    route("bang-chung/<int:proof_id>/", views.proof, name="proof", permission=SEE),
    route("<int:action_id>/", views.action, name="action", permission=SEE),
    route("<int:action_id>/xong/", views.finish, name="finish", permission=SEE),
    route("<int:action_id>/kiem-tra/", views.check, name="check", permission=SEE),
    route("<int:action_id>/doi-han/", views.move, name="move", permission=SEE),
    route("<int:action_id>/thoi/", views.cancel, name="cancel", permission=SEE),
]
