"""The addresses of the frame: first page, first run, log-in, one's account."""

from django.urls import include, path

from nep.foundation.web import views
from nep.foundation.web.routes import PUBLIC, SIGNED_IN, route

_web = [
    route("", views.home, name="home", permission=PUBLIC),
    route("cai-dat/", views.setup, name="setup", permission=PUBLIC),
    route("healthz", views.healthz, name="healthz", permission=PUBLIC),
    route("readyz", views.readyz, name="readyz", permission=PUBLIC),
]

_accounts = [
    route("dang-nhap/", views.login, name="login", permission=PUBLIC),
    route("dang-nhap/ma/", views.code, name="code", permission=PUBLIC),
    route("dang-xuat/", views.logout, name="logout", permission=SIGNED_IN),
    route("mo-khoa/", views.unlock, name="unlock", permission=SIGNED_IN),
    route("mo-khoa/gui-lai/", views.resend, name="unsent", permission=SIGNED_IN),
    route("tai-khoan/", views.account, name="account", permission=SIGNED_IN),
    route("tai-khoan/mat-khau/", views.password, name="password", permission=SIGNED_IN),
    route("tai-khoan/ma-hai-lop/", views.totp, name="totp", permission=SIGNED_IN),
    route("tai-khoan/ma-du-phong/", views.recovery, name="recovery", permission=SIGNED_IN),
    route("tai-khoan/phien/", views.session_end, name="session_end", permission=SIGNED_IN),
    route("tai-khoan/cac-phien/", views.sessions_end, name="sessions_end", permission=SIGNED_IN),
    route("thiet-lap/bao-mat/", views.security, name="security", permission=SIGNED_IN),
]

urlpatterns = [path("", include((_web, "web"))), path("", include((_accounts, "accounts")))]
