"""Every address, by business part."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

PLACES = {
    "nep.foundation.web": "",
    "nep.foundation.accounts": "",
    "nep.apps.organization": "co-quan/",
    "nep.apps.standards": "tieu-chuan/",
    "nep.apps.workcal": "lich/",
    "nep.apps.work": "viec/",
    "nep.apps.legal": "van-ban/",
    "nep.apps.records": "luu-tru/",
    "nep.apps.catalogue": "thu-tuc/",
    "nep.apps.documents": "tai-lieu/",
    "nep.apps.procedures": "quy-trinh/",
    "nep.apps.adoption": "quy-trinh-mau/",
    "nep.apps.cases": "ho-so/",
    "nep.apps.actions": "hanh-dong/",
    "nep.apps.planning": "",
    "nep.apps.improvement": "",
    "nep.apps.competence": "nang-luc/",
    "nep.apps.audits": "danh-gia/",
    "nep.apps.reviews": "xem-xet/",
    "nep.apps.conformity": "",
    "nep.apps.oversight": "dieu-hanh/",
    "nep.apps.portal": "tra-cuu/",
}

urlpatterns = [
    path(place, include(f"{name}.urls"))
    for name, place in PLACES.items()
    if name in settings.INSTALLED_APPS and find_spec(f"{name}.urls")
]

urlpatterns.append(path("api/", include("nep.integrations.rest_intake.urls")))

handler400 = "nep.foundation.web.refusals.bad_request"
handler403 = "nep.foundation.web.refusals.forbidden"
handler404 = "nep.foundation.web.refusals.not_found"
handler500 = "nep.foundation.web.refusals.server_error"
