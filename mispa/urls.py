"""All addresses. The fixed first words come before the groups, whose slugs may not be one of them."""

from django.contrib import admin
from django.urls import include, path, register_converter

from mispa import pages
from mispa.ground.converters import IsoDate, Month

register_converter(IsoDate, "isodate")
register_converter(Month, "month")

urlpatterns = [
    path("accounts/", include("mispa.ground.account_urls")),
    path("admin/", admin.site.urls),
    path("healthz/", pages.healthz, name="healthz"),
    # What is written stands before what is read: “areas/new/” is no area’s page.
    path("", include("mandates.urls")),
    path("", include("meetings.urls")),
    path("", include("documents.urls")),
    path("", include("mispa.page_urls")),
]
