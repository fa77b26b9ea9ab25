from django.urls import path

from mispa import pages

app_name = "pages"

urlpatterns = [
    path("", pages.home, name="home"),
    path("<slug:group>/", pages.overview, name="overview"),
]
