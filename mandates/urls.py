"""The pages that write a plan and what it cites; the reading pages stand in the highest app."""

from django.urls import include, path

from mandates import tables, views
from mispa.ground.writing import pages_of

app_name = "mandates"

urlpatterns = [
    path("<slug:group>/settings/", views.group_settings, name="group-settings"),
    path("<slug:group>/delegations/order/", tables.delegation_order, name="delegation-order"),
    # parts of a plan
    path("<slug:group>/work-plan/draft/rows/new/", views.row_create, name="row-create"),
    path("<slug:group>/work-plan/draft/paragraphs/new/", views.paragraph_create, name="paragraph-create"),
    path("<slug:group>/work-plan/draft/notes/new/", views.note_create, name="note-create"),
    path("<slug:group>/work-plan/draft/mandates/", tables.mandate_table, name="mandate-table"),
    path("<slug:group>/work-plan/draft/rows/order/", tables.row_order, name="row-order"),
    path("<slug:group>/work-plan/draft/paragraphs/order/", tables.paragraph_order, name="paragraph-order"),
    path("<slug:group>/work-plan/draft/rows/paste/", tables.row_paste, name="row-paste"),
    path("<slug:group>/work-plan/draft/areas/", tables.area_table, name="area-table"),
    path("rows/<uuid:pk>/mandates/paste/", tables.mandate_paste, name="mandate-paste"),
    path("rows/<uuid:pk>/mandates/order/", tables.mandate_order, name="mandate-order"),
    path("rows/<uuid:pk>/mandates/new/", views.mandate_create, name="mandate-create"),
    path("rows/<uuid:pk>/", include(pages_of("row", views.row, moves=True))),
    path("mandates/<uuid:pk>/", include(pages_of("mandate", views.mandate, moves=True))),
    path("paragraphs/<uuid:pk>/", include(pages_of("paragraph", views.paragraph, moves=True))),
    path("notes/<uuid:pk>/", include(pages_of("note", views.note))),
    # what all groups share
    path("resolutions/new/", views.resolution_create, name="resolution-create"),
    path("resolutions/<slug:slug>/", include(pages_of("resolution", views.resolution))),
    path("areas/new/", views.area_create, name="area-create"),
    path("areas/<slug:slug>/", include(pages_of("area", views.area))),
]
