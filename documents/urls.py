"""Every reading page: they stand in the highest app, because each shows papers and editions."""

from django.urls import path

from documents.views import adoption, calendar, editions, export, library, plan, translations, verify

app_name = "documents"

CORRIGENDUM = "<slug:group>/work-plan/editions/<int:number>/corr/<int:corrigendum>"

urlpatterns = [
    # single objects; before the groups, because an area may be called “calendar”
    path("documents/<slug:slug>/", library.document_detail, name="document-detail"),
    path("resolutions/<slug:slug>/", library.resolution_detail, name="resolution-detail"),
    path("mandates/<uuid:pk>/", plan.mandate_detail, name="mandate-detail"),
    path("areas/<slug:slug>/", library.area_detail, name="area-detail"),
    path("symbols/", library.symbol_list, name="symbol-list"),
    path("symbols/<path:printed>", library.symbol_lookup, name="symbol-lookup"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:seal>/", verify.verify_seal, name="verify-seal"),
    # work plan
    path("<slug:group>/work-plan/", plan.plan_detail, name="plan-detail"),
    path("<slug:group>/work-plan.pdf", plan.plan_pdf, name="plan-pdf"),
    path("<slug:group>/work-plan.docx", plan.plan_docx, name="plan-docx"),
    path("<slug:group>/work-plan.json", plan.plan_json, name="plan-json"),
    path("<slug:group>/work-plan/draft/", plan.draft_detail, name="draft-detail"),
    path("<slug:group>/work-plan/draft.pdf", plan.draft_pdf, name="draft-pdf"),
    path("<slug:group>/work-plan/draft.docx", plan.draft_docx, name="draft-docx"),
    path("<slug:group>/work-plan/draft.json", plan.draft_json, name="draft-json"),
    path("<slug:group>/work-plan/draft/issue/", editions.edition_create, name="edition-create"),
    path("<slug:group>/work-plan/export/", export.plan_export, name="plan-export"),
    path("<slug:group>/work-plan/editions/", editions.edition_list, name="edition-list"),
    path("<slug:group>/work-plan/editions/<int:number>/", plan.edition_detail, name="edition-detail"),
    path("<slug:group>/work-plan/editions/<int:number>.pdf", plan.edition_pdf, name="edition-pdf"),
    path("<slug:group>/work-plan/editions/<int:number>.docx", plan.edition_docx, name="edition-docx"),
    path("<slug:group>/work-plan/editions/<int:number>.json", plan.edition_json, name="edition-json"),
    path("<slug:group>/work-plan/editions/<int:number>.ics", plan.edition_ics, name="edition-ics"),
    path("<slug:group>/work-plan/editions/<int:number>/release/", editions.edition_release, name="edition-release"),
    path("<slug:group>/work-plan/editions/<int:number>/consider/", adoption.consider, name="edition-consider"),
    path("<slug:group>/work-plan/editions/<int:number>/adopt/", adoption.adopt, name="edition-adopt"),
    path("<slug:group>/work-plan/editions/<int:number>/confirm/", adoption.confirm, name="edition-confirm"),
    path("<slug:group>/work-plan/editions/<int:number>/correct/", editions.corrigendum_create, name="edition-correct"),
    path(f"{CORRIGENDUM}/", plan.edition_detail, name="corrigendum-detail"),
    path(f"{CORRIGENDUM}.pdf", plan.edition_pdf, name="corrigendum-pdf"),
    path(f"{CORRIGENDUM}.docx", plan.edition_docx, name="corrigendum-docx"),
    path(f"{CORRIGENDUM}.json", plan.edition_json, name="corrigendum-json"),
    path(f"{CORRIGENDUM}.ics", plan.edition_ics, name="corrigendum-ics"),
    # calendar
    path("<slug:group>/calendar/", calendar.calendar, name="calendar"),
    path("<slug:group>/calendar.ics", calendar.calendar_ics, name="calendar-ics"),
    path("<slug:group>/calendar.pdf", calendar.calendar_pdf, name="calendar-pdf"),
    path("<slug:group>/calendar.json", calendar.calendar_json, name="calendar-json"),
    path("<slug:group>/meetings/<int:number>/", calendar.meeting_detail, name="meeting-detail"),
    path("<slug:group>/meetings/<isodate:day>/", calendar.meetings_on, name="meetings-on"),
    path("<slug:group>/process/", calendar.process, name="process"),
    path("<slug:group>/translations/", translations.translation_list, name="translations"),
    # papers
    path("<slug:group>/documents/", library.document_list, name="document-list"),
]
