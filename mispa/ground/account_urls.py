from django.urls import path

from mispa.ground import accounts

app_name = "accounts"
urlpatterns = [
    path("", accounts.account, name="account"),
    path("sign-in/", accounts.sign_in, name="sign-in"),
    path("sign-out/", accounts.sign_out, name="sign-out"),
    path("password/", accounts.password, name="password"),
    path("language/", accounts.choose_language, name="language"),
]
