"""Addresses of model procedures."""

from nep.apps.adoption import views
from nep.foundation.web.routes import route

app_name = "adoption"
SEE, ADOPT, PUBLISH = "model.see", "model.adopt", "model.publish"

urlpatterns = [
    route("", views.library, name="library", permission=SEE),
    route("ap-dung/", views.adopt_many, name="adopt_many", permission=ADOPT),
    route("cong-bo/", views.publish, name="publish", permission=PUBLISH),
    route("theo-doi/", views.oversight, name="oversight", permission=PUBLISH),
    route("<int:model_id>/", views.model, name="model", permission=SEE),
    route("<int:model_id>/ap-dung/", views.adopt, name="adopt", permission=ADOPT),
    route("<int:model_id>/ban-moi/", views.edition, name="edition", permission=PUBLISH),
    route("<int:model_id>/thu-hoi/", views.withdraw, name="withdraw", permission=PUBLISH),
    route("ap-dung/<int:adoption_id>/", views.adoption, name="adoption", permission=SEE),
    route("ap-dung/<int:adoption_id>/nhan/", views.accept, name="accept", permission=ADOPT),
    route("ap-dung/<int:adoption_id>/giu/", views.decline, name="decline", permission=ADOPT),
    route("ap-dung/<int:adoption_id>/bieu-mau/", views.renew_forms, name="forms", permission=ADOPT),
    route("ap-dung/<int:adoption_id>/thoi/", views.leave, name="leave", permission=ADOPT),
]
