"""Addresses of the figures."""

from nep.apps.oversight import views
from nep.foundation.web.routes import route

app_name = "oversight"

urlpatterns = [
    route("", views.figures, name="figures", permission="figures.see"),
    route("so-lieu.xlsx", views.figures_file, name="file", permission="figures.see"),
]
