"""A page asks the database as often for three of everything as for one."""

import re
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from documents.actions import consider_plan
from documents.actions.feeds import digest_of
from documents.importing.keeping import as_json
from documents.models import Contribution, Edition, WaitingFile
from mandates.models import Mandate, Note, PlanRow, ResponsibleArea, WorkingGroup
from meetings.models import Meeting, Topic
from mispa.ground.changes import changes
from mispa.ground.models import ChangeSet, User
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in
from tests.documents.importing.files import brought, plan_text

pytestmark = pytest.mark.django_db
AT = datetime(2013, 9, 1, 12, tzinfo=UTC)


def grow(group: WorkingGroup) -> None:
    """One more of everything that a page lists, in change-sets of their own."""
    plan = group.plan
    for _time in range(2):  # history
        make.reword(plan.rows.earliest("position"), symbol_as_printed="AG/RES. 2 (II-O/72)")
    with changes(by=None, reason="one more of everything", source="command"):
        place = Meeting.objects.count() + 2
        series = group.meetings.get(kind="ministerial").series
        note = make.NoteFactory(plan=plan)
        for section in ("background", "mandate", "considerations"):
            make.ParagraphFactory(plan=plan, section=section, text=Text.of(f"They met.[^{note.key}]"))
        area = ResponsibleArea.objects.earliest("slug")
        unit = make.ResponsibleAreaFactory(parent=area)
        row = make.PlanRowFactory(plan=plan)
        make.AssignmentFactory(row=row, area=area, unit=unit)
        stale = Text("en", {"en": "Report.", "es": "Informar."}, {"es": "0123456789ab"})
        first = PlanRow.objects.earliest("position")
        mandates = [make.MandateFactory(row=row, text=stale), make.MandateFactory(row=first)]
        make.AssignmentFactory(row=None, mandate=mandates[1])
        meetings = [make.MeetingFactory(group=group, number=place), group.meetings.get(number=1)]
        papers = [make.RevisionFactory(document__group=group), make.RevisionFactory(document__group=group)]
        for meeting in meetings:
            topic = make.TopicFactory(meeting=meeting)
            make.TopicDocumentFactory(topic=topic, document=papers[0].document)
            for mandate in Mandate.objects.all()[:2]:
                make.TopicMandateFactory(topic=topic, mandate=mandate)
        for role in ("prepares", "carries out"):
            make.MandateDocumentFactory(mandate=mandates[0], document=papers[0].document, role=role)
        make.CareFactory(group=group, key=f"no-paper:{mandates[1].pk}", owner=make.UserFactory())
        make.PlanRowFactory(plan=plan)  # with neither mandates nor areas
        past = make.MinisterialFactory(series=series)
        for ministerial in Meeting.objects.filter(kind="ministerial"):
            for paper in papers:
                make.MeetingDocumentFactory(meeting=ministerial, revision=paper)
            make.MeetingBasisFactory(meeting=ministerial)
            make.MeetingBasisFactory(meeting=ministerial, resolution=row.resolution)
        preparatory = make.PreparatoryFactory(prepares=past, note=note)
        make.MeetingDocumentFactory(meeting=preparatory, revision=papers[1])
        for document in {paper.document for paper in papers}:
            make.RevisionFactory(document=document, position=2)
        make.RegisteredSymbolFactory(
            canonical=None, slug=None, state="pending", review="no number", printed="CP/doc. /1"
        )
        pillar = make.PillarFactory()
        delegation = make.DelegationFactory(group=group, since=date(2014, 1, place % 28 + 1))
        for state in ("draft", "submitted", "accepted"):
            how = {"delegation": delegation, "pillar": pillar, "state": state, "may_be_public": state == "accepted"}
            make.ContributionFactory(**how)


def decide(group: WorkingGroup, secretary: User, chair: User) -> None:
    """An edition that a meeting considers and adopts, a corrigendum of it, and a newer draft, all open to everybody."""
    meeting = group.meetings.get(number=1)
    make.KeptDraftFactory(user=secretary)
    edition = make.issue(group, "public")
    make.BundledChangeFactory(bundle=make.BundleFactory(group=group), change_set=edition.releases.get().change_set)
    make.FollowFactory(group=group)
    make.FollowFactory(user=secretary, group=None, meeting=group.meetings.filter(follows=None).first())
    make.FollowFactory(user=secretary, group=None, document=group.documents.filter(follows=None, plan=None).first())
    consider_plan(edition=edition, meeting=meeting, topic=None, on=make.ON, note="", by=secretary)
    make.adopt(edition, meeting, chair)
    make.reword(group.plan, title=Text.of(f"Work plan, corrected {edition.number}"))
    make.correct(edition, secretary)
    make.reword(group.plan, title=Text.of(f"Work plan after {edition.number}"))
    make.issue(group, "public")


def adopted() -> Edition:
    return Edition.objects.filter(adoption__isnull=False).latest("number")


def corrigendum() -> Edition:
    return Edition.objects.filter(corrigendum__gt=0).latest("number")


def entered() -> int:
    """The change-set that made one more of everything."""
    return ChangeSet.objects.filter(reason="one more of everything").latest("pk").pk


PAGES = {
    "home": lambda: "/",
    "search": lambda: "/search/?q=depth+report",
    "overview": lambda: "/rivers/",
    "plan": lambda: "/rivers/work-plan/",
    "working text": lambda: "/rivers/work-plan/draft/",
    "coverage": lambda: "/rivers/coverage/",
    "coverage, CSV": lambda: "/rivers/coverage.csv",
    "timeline": lambda: "/rivers/timeline/",
    "what is missing": lambda: "/rivers/gaps/?state=all",
    "what is missing, JSON": lambda: "/rivers/gaps.json",
    "one finding": lambda: f"/rivers/gaps/no-area/{PlanRow.objects.latest('position').pk}/",
    "papers of a mandate": lambda: f"/mandates/{Mandate.objects.earliest('position').pk}/papers/",
    "papers of a topic": lambda: f"/topics/{Topic.objects.earliest('position').pk}/papers/",
    "bringing a plan in": lambda: "/rivers/work-plan/import/",
    "what a file would change": lambda: f"/rivers/work-plan/import/{WaitingFile.objects.get().pk}/",
    "what was brought in": lambda: "/rivers/work-plan/imports/1/",
    "translations": lambda: "/rivers/translations/?state=all",
    "working text, JSON": lambda: "/rivers/work-plan/draft.json",
    "editions": lambda: "/rivers/work-plan/editions/",
    "edition": lambda: adopted().get_absolute_url(),
    "edition, PDF": lambda: adopted().address("pdf"),
    "edition, JSON": lambda: adopted().address("json"),
    "edition, calendar file": lambda: adopted().address("ics"),
    "first edition": lambda: "/rivers/work-plan/editions/1/",
    "draft edition": lambda: Edition.objects.latest("number").get_absolute_url(),
    "draft edition, not complete": lambda: f"{Edition.objects.latest('number').address('pdf')}?lang=es",
    "corrigendum": lambda: corrigendum().get_absolute_url(),
    "corrigendum, Word": lambda: corrigendum().address("docx"),
    "export": lambda: "/rivers/work-plan/export/",
    "considering an edition": lambda: f"{Edition.objects.latest('number').get_absolute_url()}consider/",
    "preparing an adoption": lambda: f"{Edition.objects.latest('number').get_absolute_url()}adopt/",
    "correcting an edition": lambda: f"{adopted().get_absolute_url()}correct/",
    "releasing an edition": lambda: f"{adopted().get_absolute_url()}release/",
    "issuing": lambda: "/rivers/work-plan/draft/issue/",
    "seal": lambda: f"/verify/{adopted().sha256}/",
    "seal of a corrigendum": lambda: f"/verify/{corrigendum().sha256}/",
    "calendar": lambda: "/rivers/calendar/",
    "calendar, a month": lambda: "/rivers/calendar/2013/09/",
    "delegations": lambda: "/rivers/delegations/",
    "editing the order of the delegations": lambda: "/rivers/delegations/order/",
    "calendar file": lambda: "/rivers/calendar.ics",
    "calendar file, narrowed": lambda: "/rivers/calendar.ics?kind=session&topic=banks&cancelled=hide",
    "calendar file of a meeting": lambda: "/rivers/meetings/1.ics",
    "personal calendar file": lambda: "/calendar/ofthesecretary.ics",
    "calendar, PDF": lambda: "/rivers/calendar.pdf",
    "meetings of a day": lambda: "/rivers/meetings/2013-09-05/",
    "calendar, narrowed": lambda: "/rivers/calendar/?topic=banks",
    "calendar, JSON": lambda: "/rivers/calendar.json",
    "meeting": lambda: "/rivers/meetings/1/",
    "process": lambda: "/rivers/process/",
    "papers": lambda: "/rivers/documents/",
    "list of documents": lambda: "/rivers/documents.pdf",
    "list of documents of a meeting": lambda: "/rivers/meetings/1/documents.pdf",
    "order of business": lambda: "/rivers/meetings/1/order-of-business.pdf",
    "contributions": lambda: "/rivers/contributions/",
    "contributions, JSON": lambda: "/rivers/contributions.json",
    "contributions, PDF": lambda: "/rivers/contributions.pdf",
    "one contribution": lambda: Contribution.objects.accepted().earliest("id").get_absolute_url(),
    "mandate": lambda: Mandate.objects.earliest("position").get_absolute_url(),
    "area": lambda: ResponsibleArea.objects.earliest("slug").get_absolute_url(),
    "resolution": lambda: PlanRow.objects.earliest("position").resolution.get_absolute_url(),
    "symbols to check": lambda: "/symbols/",
    "rooms": lambda: "/rooms/",
    "what changed": lambda: "/rivers/changes/?since=2013-01-01",
    "what changed, feed": lambda: "/rivers/changes.atom",
    "mails that wait": lambda: "/rivers/mails/",
    "following": lambda: "/accounts/following/",
    "calendar address": lambda: "/accounts/calendar/",
    "drafts": lambda: "/accounts/drafts/",
    "drafts of a form": lambda: "/rooms/new/",
    # The first page of all depends on which kinds of things stand on it; the file has every kind.
    "history of mandates": lambda: "/rivers/history/?kind=mandate&since=2013-01-01",
    "history of editions": lambda: "/rivers/history/?kind=edition",
    "history, CSV": lambda: "/rivers/history.csv",
    "history, one change": lambda: f"/rivers/history/{entered()}/",
    "undoing a change": lambda: f"/rivers/history/{entered()}/undo/",
    "bringing back a mandate": lambda: f"/mandates/{Mandate.objects.earliest('position').pk}/revert/?to=999999999",
    "withdrawn": lambda: "/rivers/withdrawn/",
    "history of a row": lambda: f"/rows/{PlanRow.objects.earliest('position').pk}/history/",
    "history of a meeting": lambda: "/rivers/meetings/1/history/",
    "editing all mandates": lambda: "/rivers/work-plan/draft/mandates/",
    "editing all topics": lambda: "/rivers/meetings/topics/",
    "editing areas of many": lambda: "/rivers/work-plan/draft/areas/",
    "editing the order of the resolutions": lambda: "/rivers/work-plan/draft/rows/order/",
    "editing what comes next": lambda: "/rivers/next/",
    "editing a row": lambda: f"/rows/{PlanRow.objects.earliest('position').pk}/edit/",
    "moving a mandate": lambda: f"/mandates/{Mandate.objects.earliest('position').pk}/move/",
    "editing a topic": lambda: f"/topics/{Topic.objects.earliest('position').pk}/edit/",
    "editing a meeting": lambda: "/rivers/meetings/1/edit/",
    "moving a meeting": lambda: "/rivers/meetings/1/move/",
    "moving a meeting out of the calendar": lambda: "/rivers/meetings/1/cancel/",
    "editing a note": lambda: f"/notes/{Note.objects.earliest('key').pk}/edit/",
}


READERS = ("everybody", "secretariat")
WRITERS = (
    "working text",
    "bringing",
    "what",
    "translations",
    "what is missing",
    "one finding",
    "papers of",
    "issuing",
    "considering",
    "preparing",
    "correcting",
    "releasing",
    "symbols to check",
    "rooms",
    "mails that wait",
    "following",
    "calendar address",
    "drafts",
    "editing",
    "moving",
    "history",
    "undoing",
    "bringing back",
    "withdrawn",
)


WALK = [
    (reader, page) for page in PAGES for reader in READERS if reader == "secretariat" or not page.startswith(WRITERS)
]


def statements(client: Client, address: str) -> list[str]:
    client.get(address)  # what is asked once per process is asked then
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return [query["sql"] for query in captured]


def kind(statement: str) -> str:
    """What a statement asks, without the values that it asks for."""
    return re.sub(r"'[^']*'|\d+|\(NULL\)|, ", "", re.sub(r"SELECT .*? FROM", "SELECT FROM", statement))


@pytest.fixture(scope="module")
def asked(module_db: None) -> dict[tuple[str, str], list[list[str]]]:
    """What each page asks the database with one of everything, and with three."""
    group = make.whole_group(slug="rivers")
    with changes(by=None, reason="the meeting that it prepares", source="command"):
        make.MinisterialFactory(group=group, number=2)
        make.ImportedPlanFactory(plan=group.plan)
    secretary, chair = (make.member(group, role) for role in ("secretariat", "chair"))
    make.WaitingFileFactory(plan=group.plan, by=secretary, brought=as_json(brought(plan_text())))
    token = {"token_sha256": digest_of("ofthesecretary"), "token_made_at": AT}
    make.PersonalFeedFactory(user=secretary, has_private=True, **token).groups.add(group)
    clients = {"everybody": Client(), "secretariat": signed_in(secretary)}
    found: dict[tuple[str, str], list[list[str]]] = {}
    for more in (1, 2):
        for _one in range(more):
            grow(group)
            decide(group, secretary, chair)
        for reader, page in WALK:
            found.setdefault((reader, page), []).append(statements(clients[reader], PAGES[page]()))
    return found


@pytest.mark.parametrize(("reader", "page"), WALK)
def test_a_page_asks_as_often_for_three_as_for_one(reader, page, asked):
    one, three = asked[reader, page]

    assert len(one) == len(three), Counter(map(kind, three)) - Counter(map(kind, one))
