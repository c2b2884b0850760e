"""Addresses of standards."""

from nep.apps.standards import views
from nep.foundation.web.routes import route

app_name = "standards"
SEE, SET, PROVINCE = "standard.see", "standard.set", "province.manage"

urlpatterns = [
    route("", views.tree, name="tree", permission=SEE),
    route("tieu-chuan.xlsx", views.export, name="export", permission=SEE),
    route("so-sanh/", views.compare, name="compare", permission=SEE),
    route("con-thieu/", views.gaps, name="gaps", permission=SEE),
    route("ban-ap-dung/", views.choose, name="choose", permission=SET),
    route("huong-dan/", views.guidance_record, name="guidance_record", permission=PROVINCE),
    route("huong-dan/<int:guidance_id>/rut/", views.guidance_withdraw, name="guidance_withdraw",
          permission=PROVINCE),
    route("tieu-de/", views.label_set, name="label_set", permission=PROVINCE),
]  # fmt: skip
