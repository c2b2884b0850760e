"""Addresses of the figures."""

from nep.apps.oversight import views
from nep.apps.oversight.views import ended, indicators, steps
from nep.foundation.web.routes import route

app_name = "oversight"
SEE = "figures.see"

urlpatterns = [
    route("", views.figures, name="figures", permission=SEE),
    route("so-lieu.xlsx", views.figures_file, name="file", permission=SEE),
    route("ket-qua/", ended.ended, name="ended", permission=SEE),
    route("ket-qua/ho-so/", ended.ended_rows, name="ended_rows", permission=SEE),
    route("toan-tinh/", ended.province, name="province", permission=SEE),
    route("diem-nghen/", steps.bottlenecks, name="bottlenecks", permission=SEE),
    route("chi-so-766/", indicators.indicators, name="indicators", permission=SEE),
    route("can-bo/", steps.people, name="people", permission="work.own"),
    route("can-bo/buoc/", steps.done_rows, name="done_rows", permission="work.own"),
]
