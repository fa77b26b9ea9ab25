from django.urls import path

from mispa.ground import accounts, drafts

app_name = "accounts"
urlpatterns = [
    path("", accounts.account, name="account"),
    path("sign-in/", accounts.sign_in, name="sign-in"),
    path("sign-out/", accounts.sign_out, name="sign-out"),
    path("password/", accounts.password, name="password"),
    path("language/", accounts.choose_language, name="language"),
    path("drafts/", drafts.draft_list, name="draft-list"),
    path("drafts/keep/", drafts.draft_keep, name="draft-keep"),
    path("drafts/<uuid:draft>/", drafts.draft_detail, name="draft-detail"),
    path("drafts/<uuid:draft>/discard/", drafts.draft_discard, name="draft-discard"),
]
