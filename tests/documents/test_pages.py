"""The reading pages: what the group of 2013 is, in words on pages, with every printed peculiarity flagged."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.editions.snapshot import take
from documents.models import Document
from mandates.models import Mandate, PlanRow, RegisteredSymbol, WorkingGroup
from meetings.models import Meeting
from mispa.ground.changes import changes
from mispa.ground.text import Text
from tests import factories
from tests.conftest import signed_in
from tests.writing import made

PLAN = "/mispa-iv/work-plan/"
DRAFT = "/mispa-iv/work-plan/draft/"
SLUGS = {
    "CP/RES. 934 (1644/08)": "cp-res-934-1644-08",
    "AG/RES. 2444 (XXXIX-O/09)": "ag-res-2444-xxxix-o-09",
    "CP/RES. 957 (1714/09)": "cp-res-957-1714-09",
    "AG/RES. 2540 (XL-O/10)": "ag-res-2540-xl-o-10",
    "AG/RES. 2629 (XLI-O/11)": "ag-res-2629-xli-o-11",
    "AG/RES. 2735 (XLII-O/12)": "ag-res-2735-xlii-o-12",
    "CP/RES. 1014 (1915/13)": "cp-res-1014-1915-13",
    "AG/RES. 2809 (XLIII-O/13)": "ag-res-2809-xliii-o-13",
}
OPEN = [
    "/",
    "/mispa-iv/",
    PLAN,
    f"{PLAN}editions/",
    f"{PLAN}editions/1/",
    "/mispa-iv/calendar/",
    "/mispa-iv/calendar/2013/09/",
    "/mispa-iv/delegations/",
    "/mispa-iv/meetings/1/",
    "/mispa-iv/meetings/6/",
    "/mispa-iv/process/",
    "/mispa-iv/documents/",
    "/documents/mispa-iii-doc-9-11-rev-2/",
    "/documents/mispa-ii-doc-9-09/",
    "/areas/general-secretariat/",
    "/areas/department-of-public-security/",
    *(f"/resolutions/{slug}/" for slug in SLUGS.values()),
]
WRITTEN = ["/mispa-iv/", PLAN, DRAFT, f"{DRAFT}issue/", "/symbols/"]
NOWHERE = {
    "/mispa-iv/meetings/99/": "This group has no meeting 99.",
    "/mispa-iv/meetings/2013-09-06/": "No meeting of this group was ever set for 2013-09-06.",
    "/mispa-iv/work-plan/editions/7/": "There is no edition 7 of this work plan that you may read.",
    "/symbols/MISPA/INF. /09": "“MISPA/INF. /09” has no number",
    "/symbols/MISPA/INF.2/08": "Nothing that you may see has the symbol MISPA/INF.2/08.",
    "/mandates/00000000-0000-4000-8000-000000000000/": "No text that you may read has this mandate.",
}
IN_SEPTEMBER = datetime(2013, 9, 12, 11, 42, tzinfo=ZoneInfo("America/New_York"))


@dataclass
class Site:
    """The pages of the group of 2013 as they were read once; nothing in these tests writes to them."""

    html: dict[str, str]
    written: dict[str, str]  # for the secretariat
    ids: dict[str, str]

    def words(self, address: str) -> str:
        return in_words(self.html[address])


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Site:
    """Loaded once and rolled back: the loading takes longer than all the reading."""
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(STORAGES=settings.STORAGES | plain):
        call_command("load_mispa_iv", verbosity=0)
        group = WorkingGroup.objects.get(slug="mispa-iv")
        mandate = Mandate.objects.filter(row__position=1000).order_by("position")[1]
        ids = {
            "mandate": str(mandate.pk),
            "pending": str(RegisteredSymbol.objects.get(printed="MISPA/INF. /08").pk),
            "rows": " ".join(str(row.pk) for row in PlanRow.objects.all()),
            "mandates": " ".join(str(one.pk) for one in Mandate.objects.all()),
        }
        public, secretary = Client(), signed_in(factories.member(group, "secretariat"))
        addresses = [*OPEN, *NOWHERE, f"/mandates/{mandate.pk}/", f"/documents/{ids['pending']}/"]
        html = {address: public.get(address).content.decode() for address in addresses}
        written = {address: secretary.get(address).content.decode() for address in WRITTEN}
        with time_machine.travel(IN_SEPTEMBER, tick=False):
            html |= {
                f"then {address}": public.get(address).content.decode()
                for address in ("/mispa-iv/", "/mispa-iv/calendar/")
            }
        transaction.set_rollback(True)
    return Site(html, written, ids)


def in_words(html: str) -> str:
    """What a reader sees on a page: its text without marks, with plain spaces."""
    html = re.sub(r"<(svg|title)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).replace("\N{NO-BREAK SPACE}", " ").split())


def words(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return in_words(response.content.decode())


def row_of(page: str, symbol: str) -> str:
    """The words of one row of the plan's table."""
    return page[page.index(symbol, page.index("IV. Work plan")) :].split("Area responsible")[0]


# What everybody reads -------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "facts"),
    [
        (
            "/",
            [
                "Working Group to Prepare MISPA IV",
                "Committee on Hemispheric Security",
                "No further meeting is planned.",
            ],
        ),
        ("/mispa-iv/", ["3resolutions", "9mandates", "5meetings", "Draft · edition 1", "Seal of edition 1"]),
        (
            PLAN,
            ["I. Background", "II. Mandate", "III. Other considerations", "IV. Work plan", "V. Calendar", "7 notes"],
        ),
        ("/mispa-iv/calendar/", ["5 meetings of the Group.", "Simón Bolívar Room", "Election of Vice Chairs"]),
        ("/mispa-iv/documents/", ["13 papers", "2 without a symbol", "MISPA/RE/doc.7/09 rev. 1 corr. 1"]),
        ("/mispa-iv/process/", ["4 ministerial meetings", "7 that prepared them", "Crime and violence", "REMJA"]),
        ("/mispa-iv/work-plan/editions/", ["1 edition", "Opened to everybody", "Seal of edition 1"]),
        ("/areas/general-secretariat/", ["5 mandates", "CP/RES. 1014 (1915-13)", "named for the whole resolution"]),
        (
            "/areas/department-of-public-security/",
            ["A unit of Secretariat for Multidimensional Security", "3 mandates"],
        ),
    ],
)
def test_page_says_the_facts_of_2013(site: Site, address: str, facts: list[str]) -> None:
    page = site.words(address)

    assert [fact for fact in facts if fact not in page] == []


@pytest.mark.parametrize(
    ("symbol", "facts"),
    [
        (
            "CP/RES. 934 (1644/08)",
            ["Convocation of the First Meeting", "MISPA I", "Background, paragraph 1"],
        ),
        ("AG/RES. 2444 (XXXIX-O/09)", ["One of the two grounds of MISPA II.", "Background, paragraph 3"]),
        ("CP/RES. 957 (1714/09)", ["Date and Place of the Second Meeting", "MISPA II"]),
        ("AG/RES. 2540 (XL-O/10)", ["Follow-Up", "The same title but for capitals or spaces: AG/RES. 2629 (XLI-O/11)"]),
        ("AG/RES. 2629 (XLI-O/11)", ["Follow-up", "The same title but for capitals or spaces: AG/RES. 2540 (XL-O/10)"]),
        ("AG/RES. 2735 (XLII-O/12)", ["The same title as AG/RES. 2809 (XLIII-O/13)", "MISPA IV"]),
        ("CP/RES. 1014 (1915/13)", ["Printed here as (1915-13), registered as (1915/13)", "Registered with “(MISPA)”"]),
        ("AG/RES. 2809 (XLIII-O/13)", ["Title printed here in capitals", "No area is named in the plan"]),
    ],
)
def test_resolution_page_says_what_it_did_and_what_is_peculiar(site: Site, symbol: str, facts: list[str]) -> None:
    page = site.words(f"/resolutions/{SLUGS[symbol]}/")

    assert symbol in page
    assert [fact for fact in facts if fact not in page] == []


# The work plan ------------------------------------------------------------------


def test_draft_looks_like_a_draft(site: Site) -> None:
    page = site.words(PLAN)

    assert 'class="block rule-draft"' in site.html[PLAN]
    assert "rule-adopted" not in site.html[PLAN]
    assert "Draft · edition 1 Released to everybody symbol pending" in page
    assert "DRAFT · Issued on" in page
    assert "The Group has not adopted it. Last change" in page
    assert "(Washington)" in page


def test_working_issued_and_released_text_have_marks_of_their_own(mispa_iv: WorkingGroup) -> None:
    secretary = signed_in(factories.member(mispa_iv, "secretariat"))
    factories.reword(Mandate.objects.order_by("row__position", "position")[0], text=Text.of("Endorse both texts."))
    issued = factories.issue(mispa_iv)

    marks = {
        address: re.findall(r'<span class="mark mark-(\w+)">([^<]+)', secretary.get(address).content.decode())
        for address in (DRAFT, issued.get_absolute_url(), f"{PLAN}editions/1/")
    }

    assert list(marks.values()) == [
        [("draft", "Draft · working text")],
        [("draft", "Draft · edition 2"), ("issued", "Issued, not released")],
        [("draft", "Draft · edition 1"), ("issued", "Released to everybody")],
    ]


def test_plan_prints_symbols_as_printed_and_flags_what_differs(site: Site) -> None:
    page = site.words(PLAN)

    assert "Printed here as (1915-13), registered as (1915/13)" in row_of(page, "CP/RES. 1014 (1915-13)")
    assert "Registered with “(MISPA)” at the end of its title" in row_of(page, "CP/RES. 1014 (1915-13)")
    assert "Same title as AG/RES. 2809" in row_of(page, "AG/RES. 2735 (XLII-O/12)")
    last = row_of(page, "AG/RES. 2809 (XLIII-O/13)")
    assert "ADVANCING HEMISPHERIC SECURITY: A MULTIDIMENSIONAL APPROACH" in last
    assert "Title printed here in capitals" in last
    assert "Same title as AG/RES. 2735" in last


def test_plan_says_that_a_row_has_no_area(site: Site) -> None:
    page = site.words(PLAN)

    assert page.count("No area is named in the plan") == 1
    assert page.index("No area is named in the plan") > page.index("AG/RES. 2809 (XLIII-O/13)", page.index("IV. Work"))


def test_deadline_names_the_resolution_that_fixed_it(site: Site) -> None:
    page = site.words(PLAN)

    assert "MISPA IV in the second half of 2013 · fixed by CP/RES. 1014 (1915/13) to November 21 and 22, 2013" in page


def test_notes_flag_the_paper_without_number_and_the_contradicted_days(site: Site) -> None:
    notes = [in_words(part) for part in re.split(r'<li id="note-\d"', site.html[PLAN])]

    first, sixth = notes[1], notes[6]
    assert "“MISPA/INF. /08” has no number" in first
    assert "The plan prints December 18 and 19, 2010; the record says November 18 and 19, 2010." in sixth


def test_rows_mandates_and_notes_can_be_linked_to(site: Site) -> None:
    html = site.html[PLAN]

    names = [f"row-{pk}" for pk in site.ids["rows"].split()] + [f"mandate-{pk}" for pk in site.ids["mandates"].split()]
    assert [name for name in names if f'id="{name}"' not in html] == []
    assert set(re.findall(r'href="(#[^"]+)"', html)) <= {f"#{name}" for name in re.findall(r'\bid="([^"]+)"', html)}


def test_plan_says_outside_its_text_that_a_meeting_has_moved_since(mispa_iv: WorkingGroup) -> None:
    meeting = Meeting.objects.get(group=mispa_iv, number=4)
    factories.reword(meeting, starts_on=date(2013, 10, 10), ends_on=date(2013, 10, 10))
    cancelled = Meeting.objects.get(group=mispa_iv, number=5)
    factories.reword(cancelled, status=Meeting.Status.CANCELLED)

    page = words(Client(), PLAN)

    outside = page.partition("Outside the sealed text:")[2].partition("Date")[0]
    assert "Meeting 4 has moved since. It is now set for October 10, 2013, 10:00–13:00." in outside
    assert "Meeting 5 has been cancelled since." in outside
    assert "October 3, 2013" in page


def outside(page: str) -> str:
    return page.partition("Outside the sealed text:")[2].partition("Date")[0]


def test_plan_says_what_else_of_a_meeting_is_no_longer_as_printed(mispa_iv: WorkingGroup) -> None:
    room = made(factories.RoomFactory, name=Text.of("Libertador Room"))
    factories.reword(Meeting.objects.get(group=mispa_iv, number=1), room=room)
    factories.reword(Meeting.objects.get(group=mispa_iv, number=2), ends_at=time(18))
    factories.reword(Meeting.objects.get(group=mispa_iv, number=3), starts_at=time(10, 0, 30))
    factories.reword(Meeting.objects.get(group=mispa_iv, number=4), status=Meeting.Status.PROPOSED)

    said = outside(words(Client(), PLAN))

    assert "Meeting 1 has moved since." in said
    assert "Libertador Room." in said
    assert "Meeting 2 has moved since." in said
    assert "–18:00." in said
    assert "Meeting 3" not in said
    assert "Meeting 4 is not in the calendar now." in said


def test_a_proposed_meeting_is_not_in_the_text(group: WorkingGroup) -> None:
    plan = group.plan
    proposed = made(factories.MeetingFactory, group=group, number=2, status="proposed")

    printed = [meeting["id"] for meeting in take(plan).text["meetings"]]

    assert str(proposed.pk) not in printed
    assert len(printed) == 1


def test_older_edition_leads_to_the_newer_one(mispa_iv: WorkingGroup) -> None:
    factories.reword(Mandate.objects.order_by("row__position", "position")[0], text=Text.of("Endorse both texts."))
    factories.issue(mispa_iv, "public")

    assert "Edition 2 is newer. Read that one" in words(Client(), f"{PLAN}editions/1/")
    assert "is newer" not in words(Client(), PLAN)


# The working text ------------------------------------------------------------------


def test_working_text_shows_who_writes_it_what_to_do(site: Site) -> None:
    verbs = ("edit", "history", "move", "withdraw")
    addresses = [reverse(f"mandates:mandate-{verb}", args=[site.ids["mandate"]]) for verb in verbs]

    assert [address for address in addresses if address not in site.written[DRAFT]] == []
    assert "Issue this text" in site.written[DRAFT]
    assert [address for address in addresses if address in site.written[PLAN]] == []


def test_mandate_moves_down_by_the_form_on_the_working_text(group: WorkingGroup, as_secretariat: Client) -> None:
    draft = f"/{group.slug}/work-plan/draft/"
    first = Mandate.objects.get()
    with changes(by=None, reason="a second mandate", source="command"):
        second: Any = factories.MandateFactory(row=first.row, position=first.position + 1000)
    html = as_secretariat.get(draft).content.decode()
    move = reverse("mandates:mandate-move", args=[first.pk])
    opened_from = re.search(r'name="opened_from" value="(\d+)"', html[html.index(move) :])
    assert opened_from

    response = as_secretariat.post(move, {"direction": "down", "opened_from": opened_from[1]})

    assert response["Location"] == f"{draft}#mandate-{first.pk}"
    after = as_secretariat.get(draft).content.decode()
    assert after.index(f'id="mandate-{second.pk}"') < after.index(f'id="mandate-{first.pk}"')


def test_working_text_lists_withdrawn_parts_and_uncalled_notes(group: WorkingGroup, as_chair: Client) -> None:
    draft = f"/{group.slug}/work-plan/draft/"
    row = factories.reword(group.plan.rows.get(), is_withdrawn=True)
    with changes(by=None, reason="a note for a test", source="command"):
        note: Any = factories.NoteFactory(plan=group.plan, key="idle", text=Text.of("A note that stands alone."))

    html = as_chair.get(draft).content.decode()

    assert "No paragraph calls this note. Write [^idle] where it belongs." in in_words(html)
    assert f'id="note-{note.pk}"' in html
    assert reverse("mandates:row-restore", args=[row.pk]) in html


# Calendar and meetings -----------------------------------------------------------


def test_calendar_of_a_past_group_says_so_and_sets_today_last(site: Site) -> None:
    page = site.words("/mispa-iv/calendar/")

    assert "The last day lies in the past: November 22, 2013. Nothing further is planned." in page
    assert page.count("in the past; not yet recorded as held") == 6
    assert page.index("Today,") > page.index("21–22")
    assert [int(gap) for gap in re.findall(r"(\d+) days after the one before", page)] == [14, 7, 7, 21, 28]


def test_calendar_sets_today_before_the_next_meeting(site: Site) -> None:
    page = site.words("then /mispa-iv/calendar/")

    assert "Today, Thursday, September 12, 2013 19Thursday Meeting 2" in page
    assert page.count("not yet recorded as held") == 1


def test_calendar_offers_a_subscription(site: Site) -> None:
    html = site.html["/mispa-iv/calendar/"]

    assert 'href="webcal://testserver/mispa-iv/calendar.ics"' in html
    assert "http://testserver/mispa-iv/calendar.ics" in html


def test_meeting_page_says_hours_in_both_zones_and_that_it_is_not_recorded(site: Site) -> None:
    page = site.words("/mispa-iv/meetings/1/")

    assert "Thursday, September 5, 2013" in page
    assert "10:00–13:00 Washington (UTC\N{MINUS SIGN}4) · 14:00–17:00 GMT" in page
    assert "Simón Bolívar Room Washington, D.C., United States" in page
    assert "It is not yet recorded as held." in page
    assert "AfterSeptember 19, 2013, 10:00–13:00 · Meeting 2" in page


def test_gmt_hours_name_their_day_where_it_is_another_one(group: WorkingGroup) -> None:
    meeting = group.meetings.get()
    factories.reword(
        meeting,
        timezone="America/New_York",
        starts_on=date(2014, 3, 7),
        ends_on=date(2014, 3, 7),
        starts_at=datetime(2014, 3, 7, 20).time(),
        ends_at=datetime(2014, 3, 7, 22).time(),
        status=Meeting.Status.CONVENED,
    )

    page = words(Client(), meeting.get_absolute_url())

    assert "20:00–22:00 Washington (UTC\N{MINUS SIGN}5) · 01:00–03:00 on March 8, 2014 GMT" in page


def test_imprecise_meeting_is_shown_in_its_words(group: WorkingGroup) -> None:
    meeting: Any = factories.reword(
        group.meetings.get(),
        precision=Meeting.Precision.IMPRECISE,
        words=Text.of("Early September 2013, to be confirmed"),
        starts_on=date(2013, 9, 1),
        ends_on=date(2013, 9, 10),
        starts_at=None,
        ends_at=None,
        status=Meeting.Status.CONVENED,
    )
    factories.issue(group, "public")

    addresses = [meeting.get_absolute_url(), *(f"/{group.slug}/{name}" for name in ("", "calendar/", "work-plan/"))]
    pages = {address: words(Client(), address) for address in addresses}

    assert [page for page in pages if "Early September 2013, to be confirmed" not in pages[page]] == []
    assert [page for page in pages if "September 1 to 10, 2013" in pages[page]] == []


def test_ministerial_meeting_says_what_is_unknown(site: Site) -> None:
    page = site.words("/mispa-iv/meetings/6/")

    assert "all day the hours are not in the plan" in page
    assert "Colombia · the city is not in the plan" in page
    assert "AG/RES. 2735 (XLII-O/12); CP/RES. 1014 (1915/13)" in page


def test_topic_names_only_mandates_of_a_text_that_the_reader_may_read(group: WorkingGroup, as_chair: Client) -> None:
    meeting = factories.reword(group.meetings.get(), status=Meeting.Status.CONVENED)
    known = Mandate.objects.get()
    factories.issue(group, "public")
    with changes(by=None, reason="links for a test", source="command"):
        hidden: Any = factories.MandateFactory(row=known.row, text=Text.of("A mandate of the working text."))
        factories.TopicMandateFactory(topic=meeting.topics.get(), mandate=known)
        factories.TopicMandateFactory(topic=meeting.topics.get(), mandate=hidden)

    public = Client().get(meeting.get_absolute_url()).content.decode()
    written = as_chair.get(meeting.get_absolute_url()).content.decode()

    assert (f"/mandates/{known.pk}/" in public, f"/mandates/{hidden.pk}/" in public) == (True, False)
    assert (f"/mandates/{known.pk}/" in written, f"/mandates/{hidden.pk}/" in written) == (True, True)


# Overview ------------------------------------------------------------------------


def test_overview_of_a_past_group_says_that_nothing_is_planned(site: Site) -> None:
    page = site.words("/mispa-iv/")

    assert "The last meeting lies in the past: October 24, 2013. Nothing further is planned." in page
    assert "MISPA IV, the meeting of ministers, was set for November 21 and 22, 2013" in page


def test_overview_shows_the_next_meeting(site: Site) -> None:
    page = site.words("then /mispa-iv/")

    assert "Next meeting in 7 days" in page
    assert "Thursday, September 19, 2013 10:00–13:00 · Simón Bolívar Room" in page
    assert "Washington (UTC\N{MINUS SIGN}4) · 14:00–17:00 GMT · Convened" in page


@pytest.mark.parametrize(("days", "said"), [(0, "today, in about 1 hour"), (1, "tomorrow"), (2, "in 2 days")])
def test_overview_says_how_far_off_the_next_meeting_is(group: WorkingGroup, days: int, said: str) -> None:
    meeting = factories.reword(group.meetings.get(), status=Meeting.Status.CONVENED)

    with time_machine.travel(meeting.starts - timedelta(days=days, hours=1), tick=False):
        page = words(Client(), f"/{group.slug}/")

    assert f"Next meeting {said} " in page


def test_pages_say_that_a_meeting_is_in_session(group: WorkingGroup) -> None:
    meeting = factories.reword(group.meetings.get(), status=Meeting.Status.CONVENED)

    with time_machine.travel(meeting.starts + timedelta(minutes=1), tick=False):
        overview = words(Client(), f"/{group.slug}/")
        detail = words(Client(), meeting.get_absolute_url())

    assert "Meeting in session" in overview
    assert f"In session until {meeting.ends_at:%H:%M}" in detail


def test_overview_lists_what_needs_attention(site: Site) -> None:
    page = site.words("/mispa-iv/").partition("Needs attention")[2].partition("Latest changes")[0]

    assert "AG/RES. 2809 (XLIII-O/13) has no responsible area." in page
    assert "CP/RES. 1014 (1915/13) is printed as CP/RES. 1014 (1915-13)." in page
    assert "AG/RES. 2735 (XLII-O/12) and AG/RES. 2809 (XLIII-O/13) have the same title." in page
    assert "“MISPA/INF. /08” cannot be read as a symbol." in page
    assert "The plan prints December 18 and 19, 2010; the record says November 18 and 19, 2010." in page
    assert "MISPA IV: the city is not in the plan." in page
    assert "not recorded as held" not in page


def test_only_who_can_record_meetings_is_asked_to(site: Site) -> None:
    page = in_words(site.written["/mispa-iv/"])

    assert "6 meetings lie in the past and are not recorded as held." in page


def test_points_lead_to_places_that_exist(site: Site) -> None:
    html = site.html["/mispa-iv/"].partition("Needs attention")[2].partition("Latest changes")[0]

    for address in re.findall(r'href="([^"]+)"', html):
        page, _hash, fragment = address.partition("#")
        assert not fragment or f'id="{fragment}"' in site.html[page]


# The process and its papers ---------------------------------------------------------


def test_process_shows_printed_and_checked_days_with_the_source(site: Site) -> None:
    page = site.words("/mispa-iv/process/").partition("The record contradicts the printed days.")[2]

    assert "PrintedDecember 18 and 19, 2010 (Saturday, Sunday)" in page
    assert "CheckedNovember 18 and 19, 2010 (Thursday, Friday)" in page
    assert "SourceThe rapporteur’s report (MISPA-III/RE/doc.8/10, dated December 10, 2010)" in page
    assert "The plan names it before a meeting that was earlier." in page


def test_process_says_what_the_plan_leaves_out(site: Site) -> None:
    page = site.words("/mispa-iv/process/")

    assert "Mexico City, the country is not in the plan" in page
    assert "Colombia · the city is not in the plan" in page
    assert "MISPA/INF. /08 Pending: the number is missing" in page
    assert page.count("The plan gives the name of the meeting in place of a title of the paper.") == 2


def test_process_drawing_is_at_true_scale(site: Site) -> None:
    html = site.html["/mispa-iv/process/"]

    rings = [float(x) for x in re.findall(r'<circle class="paperfill [ad]" cx="([\d.]+)" cy="\d+" r="12"', html)]
    days = [date(2008, 10, 7), date(2009, 11, 4), date(2011, 11, 17), date(2013, 11, 21)]
    per_day = (rings[3] - rings[0]) / (days[3] - days[0]).days
    expected = [rings[0] + per_day * (day - days[0]).days for day in days]
    assert rings == pytest.approx(expected, abs=0.2)


def test_paper_without_number_is_kept_as_printed(site: Site) -> None:
    page = site.words(f"/documents/{site.ids['pending']}/")

    assert "has no number" in page
    assert "The printed form is kept, and nothing is guessed." in page
    assert "Note 1 printed MISPA/INF. /08" in page


def test_paper_lists_where_and_how_the_plan_cites_it(site: Site) -> None:
    page = site.words("/documents/mispa-iii-doc-9-11-rev-2/")

    assert "Background, paragraph 6 printed MISPA III/doc.9/11 rev. 2" in page
    assert "AG/RES. 2735 (XLII-O/12), mandate 1 printed MISPA-III/doc.9/11 rev. 2" in page


def test_mandate_page_says_deadline_areas_and_place(site: Site) -> None:
    page = site.words(f"/mandates/{site.ids['mandate']}/")

    assert "AG/RES. 2735 (XLII-O/12), mandate 2" in page
    assert "in days: July 1, 2012, to December 31, 2013" in page
    assert "Department of Public Security named for the whole resolution" in page


def test_symbols_to_check_say_why(site: Site) -> None:
    page = in_words(site.written["/symbols/"])

    assert "MISPA/INF. /08 · Input from Latin American Academics and Experts" in page
    assert "Only the space differs: it is printed as one that does not break." in page


def test_symbols_to_check_are_for_those_who_mend_them(as_delegate: Client, as_chair: Client) -> None:
    assert as_delegate.get("/symbols/").status_code == 403
    assert as_chair.get("/symbols/").status_code == 200


# Issue and release ---------------------------------------------------------------


def test_issue_page_sums_up_the_text(site: Site) -> None:
    page = in_words(site.written[f"{DRAFT}issue/"])

    assert "3resolutions 9mandates 5meetings 7notes" in page
    assert "AG/RES. 2809 (XLIII-O/13) · 1 mandate" in page
    assert page.count("No area is named in the plan") == 1


def test_issue_page_shows_errors_beside_their_fields(group: WorkingGroup, as_secretariat: Client) -> None:
    address = f"/{group.slug}/work-plan/draft/issue/"

    html = as_secretariat.post(address, {"symbol": "", "reason": "", "seen": "0" * 64}).content.decode()

    assert 'id="id_reason_error"' in html
    assert 'id="id_symbol_error"' not in html


def test_issuing_a_text_that_changed_meanwhile_is_refused(group: WorkingGroup, as_secretariat: Client) -> None:
    address = f"/{group.slug}/work-plan/draft/issue/"
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', as_secretariat.get(address).content.decode())
    assert seen
    factories.reword(Mandate.objects.get(), text=Text.of("Meet later."))

    response = as_secretariat.post(address, {"symbol": "", "reason": "first issue", "seen": seen[1]})

    assert response.status_code == 409
    assert "The working text has changed since you opened it." in response.content.decode()


def test_releasing_what_everybody_reads_is_not_offered(group: WorkingGroup, as_chair: Client) -> None:
    edition = factories.issue(group, "public")

    assert "open to everybody already." in words(as_chair, f"{edition.get_absolute_url()}release/")
    assert "Release this edition" not in words(as_chair, edition.get_absolute_url())


@pytest.mark.parametrize("name", ["symbol", "base"])
def test_issue_page_shows_what_the_rules_refuse(group, as_secretariat, monkeypatch, name) -> None:
    def refuse(**values: Any) -> None:
        raise ValidationError({name: "Refused in words."})

    monkeypatch.setattr("documents.views.editions.issue_plan", refuse)
    sent = {"symbol": "", "reason": "first issue", "seen": "0" * 64}

    response = as_secretariat.post(f"/{group.slug}/work-plan/draft/issue/", sent)

    assert response.status_code == 200
    assert "Refused in words." in response.content.decode()


def test_a_revised_symbol_that_is_too_long_is_refused_in_words(group, secretariat) -> None:
    factories.issue(group, symbol="GT/MISPA/doc.1/13")
    factories.reword(Document.objects.get(plan=group.plan), base="GT/" + "M" * 183 + "/doc.1/13")
    factories.reword(Mandate.objects.get(), text=Text.of("Another."))

    with pytest.raises(ValidationError) as refused:
        factories.issue(group)

    assert "symbol" in refused.value.message_dict


def test_delegate_reads_what_was_released_to_delegations(group: WorkingGroup, as_delegate: Client) -> None:
    factories.issue(group, "delegations")

    assert "Draft · edition 1 Released to the delegations" in words(as_delegate, f"/{group.slug}/work-plan/")
    assert "Opened to the delegations: Draft work plan, edition 1" in words(as_delegate, f"/{group.slug}/")
    assert "edition 1" not in words(Client(), f"/{group.slug}/").casefold()


# What is not there ----------------------------------------------------------------


@pytest.mark.parametrize(("address", "why"), NOWHERE.items())
def test_what_is_not_there_says_why(site: Site, address: str, why: str) -> None:
    assert why in site.words(address)
    assert "Nothing is at this address" in site.words(address)


def test_plan_that_is_not_released_says_so(group: WorkingGroup) -> None:
    assert "No text of this work plan has been released yet." in words(Client(), "/" + group.slug + "/work-plan/", 404)


def test_day_with_two_meetings_leads_to_a_choice(group: WorkingGroup) -> None:
    first: Any = group.meetings.get()
    factories.reword(first, status=Meeting.Status.CONVENED)
    with changes(by=None, reason="a second meeting that day", source="command"):
        factories.MeetingFactory(
            group=group, number=2, status="convened", starts_on=first.starts_on, ends_on=first.ends_on
        )

    page = words(Client(), f"/{group.slug}/meetings/{first.starts_on.isoformat()}/")

    assert "More than one meeting is, or once was, set for this day." in page


# Frugal with queries ---------------------------------------------------------------


@pytest.mark.parametrize("address", ["", "calendar/", "documents/", "process/", "work-plan/draft/", "meetings/1/"])
def test_queries_do_not_grow_with_what_is_listed(group: WorkingGroup, as_secretariat: Client, address: str) -> None:
    page = f"/{group.slug}/{address}"
    with changes(by=None, reason="one of everything", source="command"):
        factories.RevisionFactory(document=factories.DocumentFactory(group=group))
    as_secretariat.get(page)
    with CaptureQueriesContext(connection) as with_one:
        as_secretariat.get(page)
    row, meeting = group.plan.rows.get(), group.meetings.get()
    with changes(by=None, reason="more of everything", source="command"):
        for number in (2, 3):
            factories.AssignmentFactory(row=row)
            factories.MandateFactory(row=row)
            factories.TopicFactory(meeting=meeting)
            factories.TopicFactory(meeting=factories.MeetingFactory(group=group, number=number))
            factories.ParagraphFactory(plan=group.plan)
            factories.RevisionFactory(document=factories.DocumentFactory(group=group))

    with CaptureQueriesContext(connection) as with_three:
        as_secretariat.get(page)

    assert len(with_three) == len(with_one)
