"""The reading pages: what the group of 2013 is, in words on pages, with every printed peculiarity flagged."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from mandates.models import Mandate, Note, PlanRow, RegisteredSymbol, WorkingGroup
from meetings.models import Meeting
from mispa.ground.changes import changes
from mispa.ground.text import Text
from tests import factories
from tests.conftest import signed_in

PLAN = "/mispa-iv/work-plan/"
DRAFT = "/mispa-iv/work-plan/draft/"


@pytest.fixture(scope="module")
def django_db_setup_of_2013(django_db_setup: None) -> None:
    """Kept for the order of fixtures: the database stands before the group of 2013 is loaded."""


def words(client: Client, address: str, status: int = 200) -> str:
    """What a reader sees on a page: its text without marks, with plain spaces."""
    response = client.get(address)
    assert response.status_code == status, address
    html = re.sub(r"<(svg|title)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).replace("\N{NO-BREAK SPACE}", " ").split())


def row_of(page: str, symbol: str) -> str:
    """The words of one row of the plan's table."""
    return page[page.index(symbol, page.index("IV. Work plan")) :].split("Area responsible")[0]


# What everybody reads -------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "facts"),
    [
        ("/", ["Working Group to Prepare MISPA IV", "Committee on Hemispheric Security", "No further meeting is planned."]),
        ("/mispa-iv/", ["3resolutions", "9mandates", "5meetings", "Draft · edition 1", "Seal of edition 1"]),
        (PLAN, ["I. Background", "II. Mandate", "III. Other considerations", "IV. Work plan", "V. Calendar", "7 notes"]),
        ("/mispa-iv/calendar/", ["5 meetings of the Group.", "Simón Bolívar Room", "Election of Vice Chairs"]),
        ("/mispa-iv/documents/", ["13 papers", "2 without a symbol", "MISPA/RE/doc.7/09 rev. 1 corr. 1"]),
        ("/mispa-iv/process/", ["4 ministerial meetings", "7 that prepared them", "Crime and violence", "REMJA"]),
        ("/mispa-iv/work-plan/editions/", ["1 edition", "Opened to everybody", "Seal of edition 1"]),
        ("/areas/general-secretariat/", ["5 mandates", "CP/RES. 1014 (1915-13)", "named for the whole resolution"]),
        ("/areas/department-of-public-security/", ["A unit of Secretariat for Multidimensional Security", "3 mandates"]),
    ],
)
def test_page_says_the_facts_of_2013(mispa_iv: WorkingGroup, address: str, facts: list[str]) -> None:
    page = words(Client(), address)

    assert [fact for fact in facts if fact not in page] == []


@pytest.mark.parametrize(
    ("slug", "facts"),
    [
        ("cp-res-934-1644-08", ["Convocation of the First Meeting of Ministers", "MISPA I", "Background, paragraph 1"]),
        ("ag-res-2444-xxxix-o-09", ["One of the two grounds of MISPA II.", "Background, paragraph 3"]),
        ("cp-res-957-1714-09", ["Date and Place of the Second Meeting", "MISPA II"]),
        ("ag-res-2540-xl-o-10", ["Follow-Up", "The same title but for capitals or spaces: AG/RES. 2629 (XLI-O/11)"]),
        ("ag-res-2629-xli-o-11", ["Follow-up", "The same title but for capitals or spaces: AG/RES. 2540 (XL-O/10)"]),
        ("ag-res-2735-xlii-o-12", ["The same title as AG/RES. 2809 (XLIII-O/13)", "MISPA IV"]),
        ("cp-res-1014-1915-13", ["Printed here as (1915-13), registered as (1915/13)", "Registered with “(MISPA)”"]),
        ("ag-res-2809-xliii-o-13", ["Title printed here in capitals", "No area is named in the plan"]),
    ],
)
def test_resolution_page_says_what_it_did_and_what_is_peculiar(
    mispa_iv: WorkingGroup, slug: str, facts: list[str]
) -> None:
    page = words(Client(), f"/resolutions/{slug}/")

    assert [fact for fact in facts if fact not in page] == []


# The work plan ------------------------------------------------------------------


def test_draft_looks_like_a_draft(mispa_iv: WorkingGroup) -> None:
    response = Client().get(PLAN)

    html = response.content.decode()
    assert 'class="block rule-draft"' in html
    assert "rule-adopted" not in html
    page = words(Client(), PLAN)
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


def test_plan_prints_symbols_as_printed_and_flags_what_differs(mispa_iv: WorkingGroup) -> None:
    page = words(Client(), PLAN)

    assert "Printed here as (1915-13), registered as (1915/13)" in row_of(page, "CP/RES. 1014 (1915-13)")
    assert "Registered with “(MISPA)” at the end of its title" in row_of(page, "CP/RES. 1014 (1915-13)")
    assert "Same title as AG/RES. 2809" in row_of(page, "AG/RES. 2735 (XLII-O/12)")
    last = row_of(page, "AG/RES. 2809 (XLIII-O/13)")
    assert "ADVANCING HEMISPHERIC SECURITY: A MULTIDIMENSIONAL APPROACH" in last
    assert "Title printed here in capitals" in last
    assert "Same title as AG/RES. 2735" in last


def test_plan_says_that_a_row_has_no_area(mispa_iv: WorkingGroup) -> None:
    page = words(Client(), PLAN)

    assert page.count("No area is named in the plan") == 1
    assert page.index("No area is named in the plan") > page.index("AG/RES. 2809 (XLIII-O/13)", page.index("IV. Work"))


def test_deadline_names_the_resolution_that_fixed_it(mispa_iv: WorkingGroup) -> None:
    page = words(Client(), PLAN)

    assert "MISPA IV in the second half of 2013 · fixed by CP/RES. 1014 (1915/13) to November 21 and 22, 2013" in page


def test_notes_flag_the_paper_without_number_and_the_contradicted_days(mispa_iv: WorkingGroup) -> None:
    notes = words(Client(), PLAN).partition("7 notes")[2]

    first, sixth = notes.partition("2/")[0], notes.partition("6/")[2].partition("7/")[0]
    assert "“MISPA/INF. /08” has no number" in first
    assert "The plan prints December 18 and 19, 2010; the record says November 18 and 19, 2010." in sixth


def test_rows_mandates_and_notes_can_be_linked_to(mispa_iv: WorkingGroup) -> None:
    html = Client().get(PLAN).content.decode()

    for row in PlanRow.objects.all():
        assert f'id="row-{row.pk}"' in html
    for mandate in Mandate.objects.all():
        assert f'id="mandate-{mandate.pk}"' in html
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


def test_older_edition_leads_to_the_newer_one(mispa_iv: WorkingGroup) -> None:
    factories.reword(Mandate.objects.order_by("row__position", "position")[0], text=Text.of("Endorse both texts."))
    factories.issue(mispa_iv, "public")

    assert "Edition 2 is newer. Read that one" in words(Client(), f"{PLAN}editions/1/")
    assert "is newer" not in words(Client(), PLAN)


# The working text ------------------------------------------------------------------


def test_working_text_shows_who_writes_it_what_to_do(mispa_iv: WorkingGroup) -> None:
    secretary = signed_in(factories.member(mispa_iv, "secretariat"))
    mandate = Mandate.objects.order_by("row__position", "position")[0]

    html = secretary.get(DRAFT).content.decode()

    for name in ("mandate-edit", "mandate-history", "mandate-move", "mandate-withdraw"):
        assert reverse(f"mandates:{name}", args=[mandate.pk]) in html
    assert "Issue this text" in html
    assert reverse("mandates:mandate-edit", args=[mandate.pk]) not in secretary.get(PLAN).content.decode()


def test_mandate_moves_down_by_the_form_on_the_working_text(mispa_iv: WorkingGroup) -> None:
    secretary = signed_in(factories.member(mispa_iv, "secretariat"))
    first, second = Mandate.objects.filter(row__position=1000).order_by("position")[:2]
    html = secretary.get(DRAFT).content.decode()
    form = html[html.index(reverse("mandates:mandate-move", args=[first.pk])) :]
    opened_from = re.search(r'name="opened_from" value="(\d+)"', form)
    assert opened_from

    response = secretary.post(
        reverse("mandates:mandate-move", args=[first.pk]), {"direction": "down", "opened_from": opened_from[1]}
    )

    assert response.url == f"{DRAFT}#mandate-{first.pk}"
    after = secretary.get(DRAFT).content.decode()
    assert after.index(f'id="mandate-{second.pk}"') < after.index(f'id="mandate-{first.pk}"')


def test_working_text_lists_withdrawn_parts_and_uncalled_notes(mispa_iv: WorkingGroup) -> None:
    chair = signed_in(factories.member(mispa_iv, "chair"))
    row = PlanRow.objects.order_by("position")[2]
    factories.reword(row, is_withdrawn=True)
    with changes(by=None, reason="a note for a test", source="command"):
        note = factories.NoteFactory(plan=mispa_iv.plan, key="idle", text=Text.of("A note that stands alone."))

    page, html = words(chair, DRAFT), chair.get(DRAFT).content.decode()

    assert "No paragraph calls this note. Write [^idle] where it belongs." in page
    assert f'id="note-{note.pk}"' in html
    assert reverse("mandates:row-restore", args=[row.pk]) in html
    assert "A note that stands alone." not in words(Client(), PLAN)


# Calendar and meetings -----------------------------------------------------------


def test_calendar_of_a_past_group_says_so_and_sets_today_last(mispa_iv: WorkingGroup) -> None:
    page = words(Client(), "/mispa-iv/calendar/")

    assert "The last day lies in the past: November 22, 2013. Nothing further is planned." in page
    assert page.count("in the past; not yet recorded as held") == 6
    assert page.index("Today,") > page.index("21–22")
    assert [int(gap) for gap in re.findall(r"(\d+) days after the one before", page)] == [14, 7, 7, 21, 28]


def test_calendar_sets_today_before_the_next_meeting(mispa_iv: WorkingGroup) -> None:
    with time_machine.travel(datetime(2013, 9, 12, 11, 42, tzinfo=ZoneInfo("America/New_York")), tick=False):
        page = words(Client(), "/mispa-iv/calendar/")

    assert "Today, Thursday, September 12, 2013 19Thursday Meeting 2" in page
    assert page.count("not yet recorded as held") == 1


def test_calendar_offers_a_subscription(mispa_iv: WorkingGroup) -> None:
    html = Client().get("/mispa-iv/calendar/").content.decode()

    assert 'href="webcal://testserver/mispa-iv/calendar.ics"' in html
    assert "http://testserver/mispa-iv/calendar.ics" in html


def test_meeting_page_says_hours_in_both_zones_and_that_it_is_not_recorded(mispa_iv: WorkingGroup) -> None:
    page = words(Client(), "/mispa-iv/meetings/1/")

    assert "Thursday, September 5, 2013" in page
    assert "10:00–13:00 Washington (UTC−4) · 14:00–17:00 GMT" in page
    assert "Simón Bolívar Room Washington, D.C., United States" in page
    assert "It is not yet recorded as held." in page
    assert "After September 19, 2013, 10:00–13:00 · Meeting 2" in page.replace("After ", "After ", 1)


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

    assert "20:00–22:00 Washington (UTC−5) · 01:00–03:00 on March 8, 2014 GMT" in page


def test_ministerial_meeting_says_what_is_unknown(mispa_iv: WorkingGroup) -> None:
    page = words(Client(), "/mispa-iv/meetings/6/")

    assert "all day the hours are not in the plan" in page
    assert "Colombia · the city is not in the plan" in page
    assert "AG/RES. 2735 (XLII-O/12); CP/RES. 1014 (1915/13)" in page


def test_topic_names_only_mandates_of_a_text_that_the_reader_may_read(mispa_iv: WorkingGroup) -> None:
    topic = Meeting.objects.get(group=mispa_iv, number=2).topics.get()
    known = Mandate.objects.filter(row__position=1000).order_by("position")[1]
    with changes(by=None, reason="links for a test", source="command"):
        hidden = factories.MandateFactory(row=known.row, text=Text.of("A mandate of the working text."))
        factories.TopicMandateFactory(topic=topic, mandate=known)
        factories.TopicMandateFactory(topic=topic, mandate=hidden)

    public = Client().get("/mispa-iv/meetings/2/").content.decode()
    written = signed_in(factories.member(mispa_iv, "chair")).get("/mispa-iv/meetings/2/").content.decode()

    assert (f"/mandates/{known.pk}/" in public, f"/mandates/{hidden.pk}/" in public) == (True, False)
    assert (f"/mandates/{known.pk}/" in written, f"/mandates/{hidden.pk}/" in written) == (True, True)


# Overview ------------------------------------------------------------------------


def test_overview_of_a_past_group_says_that_nothing_is_planned(mispa_iv: WorkingGroup) -> None:
    page = words(Client(), "/mispa-iv/")

    assert "The last meeting lies in the past: October 24, 2013. Nothing further is planned." in page
    assert "MISPA IV, the meeting of ministers, was set for November 21 and 22, 2013" in page


@pytest.mark.parametrize(
    ("days", "said"), [(0, "Next meetingtoday"), (1, "Next meetingtomorrow"), (7, "Next meetingin 7 days")]
)
def test_overview_shows_the_next_meeting_and_how_far_off_it_is(mispa_iv: WorkingGroup, days: int, said: str) -> None:
    early = datetime(2013, 9, 19, 8, 0, tzinfo=ZoneInfo("America/New_York"))

    with time_machine.travel(early - timedelta(days=days), tick=False):
        page = words(Client(), "/mispa-iv/").replace("Next meeting ", "Next meeting")

    assert said in page
    assert "Thursday, September 19, 2013 10:00–13:00 · Simón Bolívar Room" in page.replace(",September", ", September")


def test_overview_says_that_a_meeting_is_in_session(mispa_iv: WorkingGroup) -> None:
    with time_machine.travel(datetime(2013, 9, 19, 11, 0, tzinfo=ZoneInfo("America/New_York")), tick=False):
        overview = words(Client(), "/mispa-iv/")
        meeting = words(Client(), "/mispa-iv/meetings/2/")

    assert "Meeting in session" in overview
    assert "In session until 13:00" in meeting


def test_overview_lists_what_needs_attention(mispa_iv: WorkingGroup) -> None:
    page = words(Client(), "/mispa-iv/").partition("Needs attention")[2].partition("Latest changes")[0]

    assert "AG/RES. 2809 (XLIII-O/13) has no responsible area." in page
    assert "CP/RES. 1014 (1915/13) is printed as CP/RES. 1014 (1915-13)." in page
    assert "AG/RES. 2735 (XLII-O/12) and AG/RES. 2809 (XLIII-O/13) have the same title." in page
    assert "“MISPA/INF. /08” cannot be read as a symbol." in page
    assert "The plan prints December 18 and 19, 2010; the record says November 18 and 19, 2010." in page
    assert "MISPA IV: the city is not in the plan." in page
    assert "not recorded as held" not in page


def test_only_who_can_record_meetings_is_asked_to(mispa_iv: WorkingGroup) -> None:
    page = words(signed_in(factories.member(mispa_iv, "secretariat")), "/mispa-iv/")

    assert "6 meetings lie in the past and are not recorded as held." in page


def test_points_lead_to_places_that_exist(mispa_iv: WorkingGroup) -> None:
    html = Client().get("/mispa-iv/").content.decode().partition("Needs attention")[2].partition("Latest changes")[0]

    for address in re.findall(r'href="([^"]+)"', html):
        page, _hash, fragment = address.partition("#")
        response = Client().get(page)
        assert response.status_code == 200
        assert not fragment or f'id="{fragment}"' in response.content.decode()


# The process and its papers ---------------------------------------------------------


def test_process_shows_printed_and_checked_days_with_the_source(mispa_iv: WorkingGroup) -> None:
    page = words(Client(), "/mispa-iv/process/").partition("The record contradicts the printed days.")[2]

    assert page.startswith(" Printed December 18 and 19, 2010 (Saturday, Sunday)".replace(" Printed ", " Printed"))
    assert "CheckedNovember 18 and 19, 2010 (Thursday, Friday)" in page
    assert "SourceThe rapporteur’s report (MISPA-III/RE/doc.8/10, dated December 10, 2010)" in page
    assert "The plan names it before a meeting that was earlier." in page


def test_process_says_what_the_plan_leaves_out(mispa_iv: WorkingGroup) -> None:
    page = words(Client(), "/mispa-iv/process/")

    assert "Mexico City, the country is not in the plan" in page
    assert "Colombia · the city is not in the plan" in page
    assert "MISPA/INF. /08 Pending: the number is missing" in page
    assert page.count("The plan gives the name of the meeting in place of a title of the paper.") == 2


def test_process_drawing_is_at_true_scale(mispa_iv: WorkingGroup) -> None:
    html = Client().get("/mispa-iv/process/").content.decode()

    rings = [float(x) for x in re.findall(r'<circle class="paperfill [ad]" cx="([\d.]+)" cy="\d+" r="12"', html)]
    days = [date(2008, 10, 7), date(2009, 11, 4), date(2011, 11, 17), date(2013, 11, 21)]
    per_day = (rings[3] - rings[0]) / (days[3] - days[0]).days
    expected = [rings[0] + per_day * (day - days[0]).days for day in days]
    assert rings == pytest.approx(expected, abs=0.2)


def test_paper_without_number_is_kept_as_printed(mispa_iv: WorkingGroup) -> None:
    symbol = RegisteredSymbol.objects.get(printed="MISPA/INF. /08")

    page = words(Client(), f"/documents/{symbol.pk}/")

    assert "has no number" in page
    assert "The printed form is kept, and nothing is guessed." in page
    assert "Note 1 printed MISPA/INF. /08" in page


def test_paper_lists_where_and_how_the_plan_cites_it(mispa_iv: WorkingGroup) -> None:
    page = words(Client(), "/documents/mispa-iii-doc-9-11-rev-2/")

    assert "Background, paragraph 6 printed MISPA III/doc.9/11 rev. 2" in page
    assert "AG/RES. 2735 (XLII-O/12), mandate 1 printed MISPA-III/doc.9/11 rev. 2" in page


def test_mandate_page_says_deadline_areas_and_place(mispa_iv: WorkingGroup) -> None:
    mandate = Mandate.objects.filter(row__position=1000).order_by("position")[1]

    page = words(Client(), f"/mandates/{mandate.pk}/")

    assert "AG/RES. 2735 (XLII-O/12), mandate 2" in page
    assert "in days: July 1, 2012, to December 31, 2013" in page
    assert "Department of Public Security named for the whole resolution" in page


def test_symbols_to_check_are_for_those_who_mend_them(mispa_iv: WorkingGroup) -> None:
    secretary = signed_in(factories.member(mispa_iv, "secretariat"))
    delegate = signed_in(factories.member(mispa_iv, "delegate"))

    page = words(secretary, "/symbols/")

    assert "MISPA/INF. /08 · Input from Latin American Academics and Experts" in page
    assert "Only the space differs: it is printed as one that does not break." in page
    assert delegate.get("/symbols/").status_code == 403


# Issue and release ---------------------------------------------------------------


def test_issue_page_sums_up_the_text_and_shows_errors_beside_fields(mispa_iv: WorkingGroup) -> None:
    secretary = signed_in(factories.member(mispa_iv, "secretariat"))
    address = f"{DRAFT}issue/"

    page = words(secretary, address)
    wrong = secretary.post(address, {"symbol": "", "reason": "", "seen": "0" * 64}).content.decode()

    assert "3resolutions 9mandates 5meetings 7notes" in page
    assert "AG/RES. 2809 (XLIII-O/13) · 1 mandateNo area is named in the plan" in page.replace("mandate No", "mandateNo")
    assert 'id="id_reason_error"' in wrong


def test_issuing_what_is_issued_already_says_so(mispa_iv: WorkingGroup) -> None:
    secretary = signed_in(factories.member(mispa_iv, "secretariat"))
    address = f"{DRAFT}issue/"
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', secretary.get(address).content.decode())
    assert seen

    response = secretary.post(address, {"symbol": "", "reason": "no change", "seen": seen[1]})

    assert "there is nothing to issue" in response.content.decode()


def test_releasing_what_everybody_reads_is_not_offered(mispa_iv: WorkingGroup) -> None:
    chair = signed_in(factories.member(mispa_iv, "chair"))

    assert "This edition is open to everybody already." in words(chair, f"{PLAN}editions/1/release/")
    assert "Release this edition" not in words(chair, PLAN)


def test_delegate_reads_what_was_released_to_delegations(mispa_iv: WorkingGroup) -> None:
    factories.reword(Mandate.objects.order_by("row__position", "position")[0], text=Text.of("Endorse both texts."))
    factories.issue(mispa_iv, "delegations")
    delegate = signed_in(factories.member(mispa_iv, "delegate"))

    assert "Draft · edition 2 Released to the delegations" in words(delegate, PLAN)
    assert "Edition 2 of the draft work plan opened to the delegations" in words(delegate, "/mispa-iv/")
    assert "edition 2" not in words(Client(), "/mispa-iv/").casefold()


# What is not there ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("/mispa-iv/meetings/99/", "This group has no meeting 99."),
        ("/mispa-iv/meetings/2013-09-06/", "No meeting of this group was ever set for 2013-09-06."),
        ("/mispa-iv/work-plan/editions/7/", "There is no edition 7 of this work plan that you may read."),
        ("/symbols/MISPA/INF. /08", "“MISPA/INF. /08” has no number"),
        ("/symbols/MISPA/INF.2/08", "Nothing that you may see has the symbol MISPA/INF.2/08."),
        ("/mandates/00000000-0000-4000-8000-000000000000/", "No text that you may read has this mandate."),
    ],
)
def test_what_is_not_there_says_why(mispa_iv: WorkingGroup, address: str, why: str) -> None:
    assert why in words(Client(), address, status=404)


def test_plan_that_is_not_released_says_so(group: WorkingGroup) -> None:
    assert "No text of this work plan has been released yet." in words(Client(), "/" + group.slug + "/work-plan/", 404)


def test_day_with_two_meetings_leads_to_a_choice(group: WorkingGroup) -> None:
    first = group.meetings.get()
    factories.reword(first, status=Meeting.Status.CONVENED)
    with changes(by=None, reason="a second meeting that day", source="command"):
        factories.MeetingFactory(group=group, number=2, status="convened", starts_on=first.starts_on, ends_on=first.ends_on)

    page = words(Client(), f"/{group.slug}/meetings/{first.starts_on.isoformat()}/")

    assert "More than one meeting is, or once was, set for this day." in page


# Frugal with queries ---------------------------------------------------------------


@pytest.mark.parametrize("address", ["", "calendar/", "documents/", "process/", "work-plan/", "meetings/1/"])
def test_queries_do_not_grow_with_what_is_listed(
    mispa_iv: WorkingGroup, django_assert_max_num_queries: Any, address: str
) -> None:
    client = Client()
    client.get(f"/mispa-iv/{address}")

    with django_assert_max_num_queries(40):
        client.get(f"/mispa-iv/{address}")


def test_note_is_only_in_the_plan_that_calls_it(mispa_iv: WorkingGroup) -> None:
    assert Note.objects.standing().filter(plan=mispa_iv.plan).count() == 7
