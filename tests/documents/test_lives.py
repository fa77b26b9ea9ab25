"""What calendar, meeting, plan and files say of meetings that were moved, postponed or cancelled."""

import json
import re
from datetime import UTC, date, datetime, time
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from documents.editions.snapshot import take
from documents.printing.files import sealed_calendar
from mandates.models import WorkingGroup
from meetings.actions import cancel_meeting, move_meeting, postpone_meeting
from meetings.models import Meeting
from mispa.ground.models import User
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories
from tests.conftest import signed_in
from tests.writing import made

BEFORE = "2013-08-30T12:00:00Z"
REASON = "the hall was promised twice"
SLUG = "rivers"


@pytest.fixture(autouse=True)
def _summer_of_2013() -> Any:
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def group(db: None) -> WorkingGroup:
    return factories.whole_group(slug=SLUG)


@pytest.fixture
def meeting(group: WorkingGroup) -> Meeting:
    """Convened for Thursday, September 5, 2013, 10:00 to 13:00."""
    found: Meeting = group.meetings.get()
    return found


def step(act: Any, meeting: Meeting, by: User, notice: str = "", **values: Any) -> Meeting:
    told = Text.of(notice) if notice else None
    done: Meeting = act(meeting=meeting, opened_from=latest_change(), by=by, reason=REASON, notice=told, **values)
    return done


def words(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    html = re.sub(r"<(script|style).*?</\1>", " ", page.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def struck(client: Client, address: str) -> list[str]:
    found = re.findall(r'<s class="when">(.*?)</s>', client.get(address).content.decode(), flags=re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", one)).split()) for one in found]


def moved(meeting: Meeting, by: User) -> Meeting:
    day = date(2013, 9, 12)
    return step(move_meeting, meeting, by, "At the request of two delegations.", starts_on=day, ends_on=day)


# The meeting ---------------------------------------------------------------------------


def test_a_moved_meeting_tells_its_readers_from_where_and_why_without_names(
    meeting: Meeting, secretariat: User
) -> None:
    moved(meeting, secretariat)

    public, desk = Client(), signed_in(secretariat)
    page = words(public, meeting.get_absolute_url())

    assert "This meeting has moved. It was set for September 5, 2013, 10:00–13:00 ." in page
    assert "Convened : September 5, 2013, 10:00–13:00 America/New_York (UTC\N{MINUS SIGN}4) · Rubén Darío Room" in page
    assert "Moved : September 12, 2013, 10:00–13:00" in page
    assert page.count("At the request of two delegations.") == 2
    assert (REASON in page, "secretariat" in page) == (False, False)
    assert f"secretariat: {REASON}" in words(desk, meeting.get_absolute_url())


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (cancel_meeting, "This meeting has been cancelled."),
        (postpone_meeting, "This meeting has been postponed. No new day is set yet."),
    ],
)
def test_what_does_not_take_place_keeps_page_agenda_and_old_day(
    meeting: Meeting, secretariat: User, act: Any, says: str
) -> None:
    step(act, meeting, secretariat, "The Council needs the room.")

    page = words(Client(), meeting.get_absolute_url())

    assert f"{says} It was set for September 5, 2013, 10:00–13:00 . The Council needs the room." in page
    assert "Consideration of the depths" in page
    assert struck(Client(), meeting.get_absolute_url())[0] == "Thursday, September 5, 2013"


def test_a_proposal_that_was_changed_before_others_knew_of_it_is_told_to_nobody(group: WorkingGroup) -> None:
    other = made(factories.MeetingFactory, group=group, number=2, status="proposed", starts_at=time(9))
    factories.reword(other, starts_at=time(10))
    factories.reword(other, status="convened")

    page = words(Client(), other.get_absolute_url())

    assert "Convened : September 5, 2013, 10:00–13:00" in page
    assert "09:00" not in page


def test_the_page_shows_the_hours_of_the_reader_where_her_clocks_differ(meeting: Meeting, delegate: User) -> None:
    client, address = signed_in(delegate), meeting.get_absolute_url()
    shown = {}
    for zone in ("", "America/Toronto", "Europe/Madrid", "Asia/Tokyo"):
        delegate.timezone = zone
        delegate.save()
        shown[zone] = words(client, address)

    assert ("your time" in shown[""], "your time" in shown["America/Toronto"]) == (False, False)
    assert "16:00–19:00 your time (Europe/Madrid, UTC+2)" in shown["Europe/Madrid"]
    assert "23:00–02:00 your time (Asia/Tokyo, UTC+9)" in shown["Asia/Tokyo"]


def test_every_day_for_which_it_was_ever_set_leads_to_it(meeting: Meeting, secretariat: User) -> None:
    moved(meeting, secretariat)
    step(cancel_meeting, meeting, secretariat)

    for day in ("2013-09-05", "2013-09-12"):
        assert Client().get(f"/{SLUG}/meetings/{day}/")["Location"] == meeting.get_absolute_url()


def test_days_around_and_words_lead_where_they_should(group: WorkingGroup, meeting: Meeting) -> None:
    made(factories.MinisterialFactory, group=group, number=2, status="convened")  # October 7 and 8, 2008
    in_words = {"precision": "imprecise", "starts_at": None, "ends_at": None, "words": Text.of("early October")}
    days = {"starts_on": date(2013, 10, 1), "ends_on": date(2013, 10, 10)}
    made(factories.MeetingFactory, group=group, number=3, **in_words, **days)

    answers = [Client().get(f"/{SLUG}/meetings/{day}/").status_code for day in ("2008-10-08", "2013-10-05")]

    assert answers == [302, 404]


def test_editors_see_what_may_be_done_and_readers_do_not(meeting: Meeting, secretariat: User) -> None:
    desk, address = signed_in(secretariat), meeting.get_absolute_url()

    def verbs(client: Client) -> list[str]:
        return re.findall(
            rf'href="{address}(convene|move|postpone|cancel|hold)/"', client.get(address).content.decode()
        )

    assert verbs(Client()) == []
    assert verbs(desk) == ["move", "postpone", "cancel"]
    with time_machine.travel("2013-09-05T12:00:00Z", tick=False):
        assert verbs(desk) == ["move", "postpone", "cancel", "hold"]
    step(cancel_meeting, meeting, secretariat)
    assert verbs(desk) == ["convene", "move", "postpone"]


# The calendar --------------------------------------------------------------------------


def test_the_calendar_keeps_the_old_day_of_what_moved(meeting: Meeting, secretariat: User) -> None:
    moved(meeting, secretariat)
    address = f"/{SLUG}/calendar/"

    page = words(Client(), address)

    assert struck(Client(), address) == ["10:00–13:00 · Rubén Darío Room"]
    assert "5 Thursday Meeting 1 10:00–13:00 · Rubén Darío Room Moved to September 12, 2013, 10:00–13:00" in page
    assert "was September 5, 2013, 10:00–13:00" in page


def test_the_calendar_has_a_postponed_meeting_at_its_old_day_and_last_without_one(
    group: WorkingGroup, meeting: Meeting, secretariat: User
) -> None:
    later = made(
        factories.MeetingFactory, group=group, number=2, starts_on=date(2013, 10, 3), ends_on=date(2013, 10, 3)
    )
    step(postpone_meeting, meeting, secretariat, "The Council needs the room.")

    page = words(Client(), f"/{SLUG}/calendar/")

    september, october, undated = (page.index(name) for name in ("September 2013", "October 2013", "Without a day"))
    assert "Postponed" in page[september:october]
    assert "no new day yet Meeting 1 The Council needs the room." in page[undated:]
    assert list(group.meetings.in_order()) == [later, meeting]
    assert "days after the one before" not in page


def test_words_are_in_their_place_and_are_no_day(group: WorkingGroup) -> None:
    in_words = {"precision": "imprecise", "starts_at": None, "ends_at": None}
    days = {"starts_on": date(2013, 9, 1), "ends_on": date(2013, 9, 10)}
    made(factories.MeetingFactory, group=group, number=2, words=Text.of("early September"), **in_words, **days)
    none = {"starts_on": None, "ends_on": None}
    made(factories.MeetingFactory, group=group, number=3, words=Text.of("to be seen"), **in_words, **none)
    made(factories.MeetingFactory, group=group, number=4, starts_at=time(14, 30), ends_at=time(17, 30))

    page = words(Client(), f"/{SLUG}/calendar/")
    told = json.loads(Client().get(f"/{SLUG}/calendar.json").content)["meetings"]
    overview = words(Client(), f"/{SLUG}/")

    assert [one["number"] for one in told] == [2, 1, 4, 3]
    assert (told[0]["starts_on"], told[0]["earliest"], told[0]["latest"]) == (None, "2013-09-01", "2013-09-10")
    assert page.index("early September") < page.index("Meeting 1") < page.index("Meeting 4") < page.index("to be seen")
    assert "days after" not in page
    assert "Next meeting in 6 days Thursday, September 5, 2013" in overview
    assert "Perhaps before it: Meeting 2 , early September" in overview


def test_the_json_of_a_postponed_meeting_has_no_day_but_the_old_one(meeting: Meeting, secretariat: User) -> None:
    moved(meeting, secretariat)
    step(postpone_meeting, meeting, secretariat, "To be seen.")

    (told,) = json.loads(Client().get(f"/{SLUG}/calendar.json").content)["meetings"]

    assert (told["status"], told["starts_on"], told["starts"], told["notice"]["en"]) == (
        "postponed",
        None,
        None,
        "To be seen.",
    )
    assert [one["starts_on"] for one in told["was"]] == ["2013-09-05", "2013-09-12"]


def test_as_of_an_instant_a_meeting_had_not_moved_yet(meeting: Meeting, secretariat: User) -> None:
    at = meeting.history.get().change_set.at
    with time_machine.travel("2013-08-31T12:00:00Z", tick=False):
        moved(meeting, secretariat)
        then = f"?as_of={at.isoformat().replace('+00:00', 'Z')}"
        desk = signed_in(secretariat)
        pages = [words(desk, f"/{SLUG}/{page}{then}") for page in ("calendar/", "meetings/1/")]

    assert [page for page in pages if "September 12" in page or "Moved to" in page] == []
    assert "September 5, 2013" in pages[1]


# Overview and plan ----------------------------------------------------------------------


def test_the_overview_tells_readers_of_moves_and_editors_of_clashes(
    group: WorkingGroup, meeting: Meeting, secretariat: User
) -> None:
    moved(meeting, secretariat)
    made(factories.MeetingFactory, group=group, number=2, starts_on=date(2013, 9, 12), ends_on=date(2013, 9, 12))

    public, desk = words(Client(), f"/{SLUG}/"), words(signed_in(secretariat), f"/{SLUG}/")

    clash = "Meeting 1: The Group meets twice at that time: Meeting 2"
    assert "Moved: Meeting 1 , September 12, 2013, 10:00–13:00" in public
    assert (clash in public, clash in desk) == (False, True)


def test_the_overview_skips_what_is_postponed_and_does_not_say_that_nothing_comes(
    meeting: Meeting, secretariat: User
) -> None:
    step(postpone_meeting, meeting, secretariat)

    page = words(Client(), f"/{SLUG}/")

    assert "the next one has no day yet" in page
    assert "Next meeting" not in page
    assert "Postponed: Meeting 1" in page


def test_the_plan_says_outside_its_text_that_a_meeting_is_postponed(
    group: WorkingGroup, meeting: Meeting, secretariat: User
) -> None:
    factories.issue(group, "public")
    step(postpone_meeting, meeting, secretariat, "The Council needs the room.")

    page = words(Client(), f"/{SLUG}/work-plan/")

    assert "Meeting 1 has been postponed since. No new day is set yet." in page
    assert "The Council needs the room." in page
    assert "September 5, 2013" in page


@pytest.mark.parametrize("status", ["proposed", "postponed", "cancelled"])
def test_the_text_prints_as_fixed_only_what_takes_place(group: WorkingGroup, meeting: Meeting, status: str) -> None:
    coming = made(factories.MinisterialFactory, group=group, number=2, ordinal=4, status="convened")
    before = made(factories.MinisterialFactory, series=coming.series, ordinal=3)
    made(factories.PreparatoryFactory, prepares=before, status=status)
    factories.reword(meeting, status=status)

    text = take(group.plan).text

    assert [one["number"] for one in text["meetings"]] == [2]
    assert text["process"][0]["preparatory"] == []


def test_the_text_says_which_hour_only_where_it_comes_twice(group: WorkingGroup, meeting: Meeting) -> None:
    plain = take(group.plan).text["meetings"][0]
    day = {"starts_on": date(2013, 11, 3), "ends_on": date(2013, 11, 3), "starts_at": time(1, 30)}
    factories.reword(meeting, **day, starts_fold=1)

    text = take(group.plan).text
    file = sealed_calendar(text, datetime(2013, 8, 30, 12, tzinfo=UTC), "en")

    assert "fold" not in plain
    assert text["meetings"][0]["fold"] == {"starts": 1, "ends": None}
    assert b"DTSTART:20131103T063000Z\r\nDTEND:20131103T180000Z\r\n" in file
