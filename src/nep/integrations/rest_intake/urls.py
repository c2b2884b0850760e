"""Addresses of the intake of cases over HTTP."""

from nep.foundation.web.routes import PUBLIC, route
from nep.integrations.rest_intake import inbound

app_name = "rest_intake"

# the key of the source decides, not a log-in
urlpatterns = [
    route("nguon/mo-ta.json", inbound.describe, name="description", permission=PUBLIC),
    route("nguon/<str:key_id>/ho-so/", inbound.deliver, name="deliver", permission=PUBLIC),
    route("nguon/<str:key_id>/thong-diep/", inbound.messages, name="messages", permission=PUBLIC),
    route(
        "nguon/<str:key_id>/phieu/<str:receipt>/",
        inbound.receipt,
        name="receipt",
        permission=PUBLIC,
    ),
]
