"""Addresses of the figures."""

from nep.apps.oversight import views
from nep.apps.oversight.views import early, ended, indicators, inputs, joint, sheets, steps
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
    route("chi-so-766/so-lieu/", inputs.inputs, name="inputs", permission=SEE),
    route(
        "chi-so-766/cong-thuc/", inputs.formulas, name="formulas", permission="province.manage"
    ),
    route("lien-thong/", joint.joints, name="joint", permission=SEE),
    route("lien-thong/viec/", joint.joint_rows, name="joint_rows", permission="work.own"),
    route("sap-tre/", early.early, name="early", permission=SEE),
    route("can-bo/", steps.people, name="people", permission="work.own"),
    route("can-bo/buoc/", steps.done_rows, name="done_rows", permission="work.own"),
    route("can-bo/phieu/", sheets.sheets, name="sheets", permission="work.own"),
    route("can-bo/phieu/chot/", sheets.sheets_close, name="sheets_close", permission="work.own"),
    route("can-bo/tieu-chi/", sheets.terms, name="terms", permission="work.own"),
    route(
        "can-bo/phieu/<int:person_id>/<int:period>/", sheets.sheet, name="sheet",
        permission="work.own",
    ),
    route(
        "can-bo/phieu/<int:person_id>/<int:period>/<str:entry>/", sheets.sheet_act,
        name="sheet_act", permission="work.own",
    ),
]  # fmt: skip
