"""Every reading page: they stand in the highest app, because each shows papers and editions."""

from django.urls import path

from documents.views import calendar, library, plan

app_name = "documents"

urlpatterns = [
    # single objects; before the groups, because an area may be called “calendar”
    path("documents/<slug:slug>/", library.document_detail, name="document-detail"),
    path("resolutions/<slug:slug>/", library.resolution_detail, name="resolution-detail"),
    path("mandates/<uuid:pk>/", plan.mandate_detail, name="mandate-detail"),
    path("areas/<slug:slug>/", library.area_detail, name="area-detail"),
    path("symbols/", library.symbol_list, name="symbol-list"),
    path("symbols/<path:printed>", library.symbol_lookup, name="symbol-lookup"),
    # work plan
    path("<slug:group>/work-plan/", plan.plan_detail, name="plan-detail"),
    path("<slug:group>/work-plan.pdf", plan.plan_pdf, name="plan-pdf"),
    path("<slug:group>/work-plan.json", plan.plan_json, name="plan-json"),
    path("<slug:group>/work-plan/draft/", plan.draft_detail, name="draft-detail"),
    path("<slug:group>/work-plan/draft.pdf", plan.draft_pdf, name="draft-pdf"),
    path("<slug:group>/work-plan/draft.json", plan.draft_json, name="draft-json"),
    path("<slug:group>/work-plan/draft/issue/", plan.edition_create, name="edition-create"),
    path("<slug:group>/work-plan/editions/", plan.edition_list, name="edition-list"),
    path("<slug:group>/work-plan/editions/<int:number>/", plan.edition_detail, name="edition-detail"),
    path("<slug:group>/work-plan/editions/<int:number>.pdf", plan.edition_pdf, name="edition-pdf"),
    path("<slug:group>/work-plan/editions/<int:number>.json", plan.edition_json, name="edition-json"),
    path("<slug:group>/work-plan/editions/<int:number>/release/", plan.edition_release, name="edition-release"),
    # calendar
    path("<slug:group>/calendar/", calendar.calendar, name="calendar"),
    path("<slug:group>/calendar.ics", calendar.calendar_ics, name="calendar-ics"),
    path("<slug:group>/calendar.pdf", calendar.calendar_pdf, name="calendar-pdf"),
    path("<slug:group>/calendar.json", calendar.calendar_json, name="calendar-json"),
    path("<slug:group>/meetings/<int:number>/", calendar.meeting_detail, name="meeting-detail"),
    path("<slug:group>/meetings/<isodate:day>/", calendar.meetings_on, name="meetings-on"),
    path("<slug:group>/process/", calendar.process, name="process"),
    # papers
    path("<slug:group>/documents/", library.document_list, name="document-list"),
]
