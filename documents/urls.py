"""Every reading page: they stand in the highest app, because each shows papers and editions."""

from django.urls import path

from documents.views import (
    adoption,
    calendar,
    changes,
    coverage,
    editions,
    export,
    feeds,
    following,
    gaps,
    history,
    importing,
    library,
    plan,
    timeline,
    translations,
    tying,
    verify,
)

app_name = "documents"

CORRIGENDUM = "<slug:group>/work-plan/editions/<int:number>/corr/<int:corrigendum>"
FINDING = "<slug:group>/gaps/<slug:kind>/<slug:about>"

urlpatterns = [
    # single objects; before the groups, because an area may be called “calendar”
    path("documents/<slug:slug>/", library.document_detail, name="document-detail"),
    path("resolutions/<slug:slug>/", library.resolution_detail, name="resolution-detail"),
    path("mandates/<uuid:pk>/", plan.mandate_detail, name="mandate-detail"),
    path("mandates/<uuid:pk>/papers/", tying.mandate_papers, name="mandate-papers"),
    path("topics/<uuid:pk>/papers/", tying.topic_papers, name="topic-papers"),
    path("areas/<slug:slug>/", library.area_detail, name="area-detail"),
    path("symbols/", library.symbol_list, name="symbol-list"),
    path("symbols/<path:printed>", library.symbol_lookup, name="symbol-lookup"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:seal>/", verify.verify_seal, name="verify-seal"),
    # what a person follows
    path("accounts/following/", following.following, name="following"),
    path("accounts/following/stop/<str:token>/", following.following_stop, name="following-stop"),
    path("documents/<uuid:pk>/follow/", following.document_follow, name="document-follow"),
    path("<slug:group>/follow/", following.group_follow, name="group-follow"),
    path("<slug:group>/meetings/<int:number>/follow/", following.meeting_follow, name="meeting-follow"),
    # a calendar of her own
    path("accounts/calendar/", feeds.personal_feed, name="personal-feed"),
    path("calendar/<str:token>.ics", feeds.personal_ics, name="personal-ics"),
    # what changed, and the mails about it
    path("<slug:group>/changes/", changes.changes, name="changes"),
    path("<slug:group>/changes/read/", changes.changes_read, name="changes-read"),
    path("<slug:group>/changes.atom", changes.changes_atom, name="changes-atom"),
    path("<slug:group>/mails/", following.mail_list, name="mail-list"),
    path("<slug:group>/mails/<int:number>/send/", following.mail_release, name="mail-release"),
    path("<slug:group>/mails/<int:number>/hold/", following.mail_hold, name="mail-hold"),
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
    path("<slug:group>/work-plan/import/", importing.plan_import, name="plan-import"),
    path("<slug:group>/work-plan/import/<uuid:pk>/", importing.import_preview, name="import-preview"),
    path("<slug:group>/work-plan/imports/<int:number>/", importing.import_detail, name="import-detail"),
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
    path("<slug:group>/calendar.ics", feeds.calendar_ics, name="calendar-ics"),
    path("<slug:group>/calendar.pdf", calendar.calendar_pdf, name="calendar-pdf"),
    path("<slug:group>/calendar.json", calendar.calendar_json, name="calendar-json"),
    path("<slug:group>/meetings/<int:number>/", calendar.meeting_detail, name="meeting-detail"),
    path("<slug:group>/meetings/<int:number>.ics", feeds.meeting_ics, name="meeting-ics"),
    path("<slug:group>/meetings/<isodate:day>/", calendar.meetings_on, name="meetings-on"),
    path("<slug:group>/process/", calendar.process, name="process"),
    path("<slug:group>/timeline/", timeline.timeline, name="timeline"),
    path("<slug:group>/translations/", translations.translation_list, name="translations"),
    # what is done by what, and what is missing
    path("<slug:group>/coverage/", coverage.coverage, name="coverage"),
    path("<slug:group>/coverage.csv", coverage.coverage_csv, name="coverage-csv"),
    path("<slug:group>/coverage.json", coverage.coverage_json, name="coverage-json"),
    path("<slug:group>/gaps/", gaps.gap_list, name="gap-list"),
    path("<slug:group>/gaps.csv", gaps.gaps_csv, name="gaps-csv"),
    path("<slug:group>/gaps.json", gaps.gaps_json, name="gaps-json"),
    path(f"{FINDING}/", gaps.gap_detail, name="gap-detail"),
    path(f"{FINDING}/owner/", gaps.gap_give, name="gap-give"),
    path(f"{FINDING}/accept/", gaps.gap_accept, name="gap-accept"),
    path(f"{FINDING}/ask/", gaps.gap_ask, name="gap-ask"),
    # what was done
    path("<slug:group>/history/", history.group_history, name="history"),
    path("<slug:group>/history.csv", history.history_csv, name="history-csv"),
    path("<slug:group>/history.json", history.history_json, name="history-json"),
    path("<slug:group>/history/<int:number>/", history.change_set_detail, name="change-set-detail"),
    path("<slug:group>/history/<int:number>/undo/", history.change_set_undo, name="change-set-undo"),
    path("<slug:group>/withdrawn/", history.withdrawn_list, name="withdrawn-list"),
    # papers
    path("<slug:group>/documents/", library.document_list, name="document-list"),
]
