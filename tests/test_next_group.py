"""The next group is started from this one: what is taken over, what stays as it was, and who sees it."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mandates.models import Delegation, Membership, Paragraph, WorkingGroup, WorkPlan
from meetings.founding import renumbered
from meetings.models import Meeting
from mispa.ground.changes import changes
from mispa.ground.models import ChangeSet
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import load_mispa_iv, signed_in
from tests.writing import errors, made, opened, said

pytestmark = pytest.mark.django_db

NEXT = "/mispa-iv/next/"


@pytest.fixture(scope="module")
def loaded(module_db: None) -> WorkingGroup:
    return load_mispa_iv()


@pytest.fixture
def secretary(loaded: WorkingGroup) -> Client:
    return signed_in(make.member(loaded, "secretariat"))


@pytest.fixture
def typed(secretary: Client) -> dict[str, Any]:
    return opened(secretary, NEXT) | {"words-en": "second half of 2015", "reason": "resolution of the Assembly"}


def main_of(page: str) -> str:
    """What a page says, without the tokens that differ from one answer to the next."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page[max(page.find("<main"), 0) :])


def test_names_are_offered_with_the_meeting_counted_on(loaded, secretary):
    offered = opened(secretary, NEXT)

    assert {name: offered[name] for name in ("slug", "short_name-en", "timezone", "place-en")} == {
        "slug": "mispa-v",
        "short_name-en": "Working Group to Prepare MISPA V",
        "timezone": "America/New_York",
        "place-en": "Washington",
    }
    title = {code: offered[f"title-{code}"].split()[0] for code in ("en", "es", "fr", "pt")}
    assert title == {"en": "Fifth", "es": "Quinta", "fr": "Cinquième", "pt": "Quinta"}


def test_translation_that_does_not_count_is_not_offered():
    text = Text.of("The Fourth Meeting", es="La reunión", fr="La Quatrième Réunion")

    assert dict(renumbered(text, "MISPA", 4)) == {"en": "The Fifth Meeting", "fr": "La Cinquième Réunion"}


def test_next_group_begins_with_an_empty_plan_in_one_change_set(loaded, secretary, typed):
    before = ChangeSet.objects.count()

    answer = secretary.post(NEXT, typed)

    group = WorkingGroup.objects.get(slug="mispa-v")
    assert (answer.status_code, answer.url) == (302, "/mispa-v/")
    assert (group.is_public, group.body) == (False, loaded.body)
    assert (group.plan.rows.count(), group.plan.paragraphs.count()) == (0, 0)
    assert str(group.plan.title).startswith("Work plan of the Working Group to Prepare the Fifth Meeting")
    assert ChangeSet.objects.count() == before + 1
    assert "Bring a plan in" in secretary.get("/mispa-v/").text or "Paste mandates" in secretary.get("/mispa-v/").text
    assert secretary.get("/mispa-v/work-plan/draft/").status_code == 200


def test_next_group_sent_twice_is_started_once(loaded, secretary, typed):
    answers = [secretary.post(NEXT, typed) for _time in range(2)]

    assert [answer.url for answer in answers] == ["/mispa-v/", "/mispa-v/"]
    assert WorkingGroup.objects.filter(slug="mispa-v").count() == 1


def test_next_group_sent_again_with_other_words_is_an_edit(loaded, secretary, typed):
    secretary.post(NEXT, typed)

    other = {"short_name-en": "Group V", "plan_title-en": "Work plan V", "words-en": "", "starts_on": "2015-11-19"}
    answer = secretary.post(NEXT, typed | other)

    group = WorkingGroup.objects.get(slug="mispa-v")
    meeting = group.meetings.get()
    assert (answer.status_code, answer.url) == (302, "/mispa-v/")
    assert (str(group), str(group.plan.title)) == ("Group V", "Work plan V")
    assert (meeting.precision, meeting.starts_on, meeting.ordinal) == ("all-day", date(2015, 11, 19), 5)


def test_next_group_that_others_changed_since_is_not_overwritten(loaded, secretary, typed):
    secretary.post(NEXT, typed)
    group = WorkingGroup.objects.get(slug="mispa-v")
    make.reword(group, short_name=Text.of("The Fifth"))

    page = secretary.post(NEXT, typed | {"short_name-en": "Group V"})

    assert "This group was started before, and changed since." in page.text
    assert str(WorkingGroup.objects.get(slug="mispa-v")) == "The Fifth"


def test_meeting_of_the_next_group_counts_on_in_its_series(loaded, secretary, typed):
    secretary.post(NEXT, typed)

    meeting = Meeting.objects.get(group__slug="mispa-v")
    fourth = Meeting.objects.get(group=loaded, kind="ministerial")
    assert (meeting.series, meeting.ordinal, meeting.number) == (fourth.series, 5, 1)
    assert (meeting.precision, str(meeting.words), meeting.status) == ("imprecise", "second half of 2015", "proposed")


def test_meeting_may_have_its_days_already(loaded, secretary, typed):
    secretary.post(NEXT, typed | {"words-en": "", "starts_on": "2015-11-19", "ends_on": "2015-11-20"})

    meeting = Meeting.objects.get(group__slug="mispa-v")
    assert (meeting.precision, meeting.starts_on, meeting.ends_on) == (
        "all-day",
        date(2015, 11, 19),
        date(2015, 11, 20),
    )


def test_meeting_needs_a_time_in_words_or_days(loaded, secretary, typed):
    page = secretary.post(NEXT, typed | {"words-en": ""})

    assert errors(page) == {"words": ["Say in words when it is, or give the first day."]}


def test_delegations_and_secretariat_are_taken_over_from_today(loaded, secretary, typed):
    today = timezone.localdate(timezone=loaded.zone)
    gone = made(make.DelegationFactory, group=loaded, code="ZZ", since=date(2013, 1, 1), until=date(2013, 2, 1))

    secretary.post(NEXT, typed)

    taken = Delegation.objects.filter(group__slug="mispa-v")
    there = Delegation.objects.in_force(today).filter(group=loaded)
    assert set(taken.values_list("code", "since")) == {(code, today) for code in there.values_list("code", flat=True)}
    assert gone.code not in taken.values_list("code", flat=True)
    people = Membership.objects.filter(group__slug="mispa-v").values_list("user__username", "role", "since")
    assert list(people) == [("secretariat", "secretariat", today)]


def test_chair_who_starts_it_stays_chair(loaded, secretary, typed):
    chair = make.member(loaded, "chair")
    nothing = {name: value for name, value in typed.items() if name not in ("delegations", "secretariat")}

    answer = signed_in(chair).post(NEXT, nothing | {"new_id": "7a0f7a0e-5f6a-4c87-a0a5-6f6f0f9f0a01"})

    assert answer.url == "/mispa-v/"
    people = Membership.objects.filter(group__slug="mispa-v").values_list("user__username", "role")
    assert list(people) == [("chair", "chair")]
    assert not Delegation.objects.filter(group__slug="mispa-v").exists()


def test_considerations_come_with_the_notes_that_they_call(loaded, secretary, typed):
    plan = loaded.plan
    note = made(make.NoteFactory, plan=plan, key="called")
    made(make.ParagraphFactory, plan=plan, section="considerations", text=Text.of("As before.[^called]"))

    secretary.post(NEXT, typed | {"considerations": "on"})

    new = WorkPlan.objects.get(group__slug="mispa-v")
    copied = Paragraph.objects.filter(plan=plan, section="considerations")
    assert sorted(map(str, new.paragraphs.all())) == sorted(map(str, copied))
    assert [(one.key, one.text) for one in new.notes.filter(key="called")] == [("called", note.text)]


def test_address_that_is_taken_is_answered_beside_its_field(loaded, secretary, typed):
    page = secretary.post(NEXT, typed | {"slug": "mispa-iv"})

    assert errors(page) == {"slug": ["Another group has this address; choose a different one."]}


def test_fourth_meeting_belongs_to_the_process_of_the_fifth_and_nothing_of_the_fourth_changes(loaded, secretary, typed):
    pages = ["/mispa-iv/process/", "/mispa-iv/calendar/", "/mispa-iv/work-plan/", "/mispa-iv/work-plan/draft.json"]
    before = [main_of(secretary.get(page).text) for page in pages]
    secretary.post(NEXT, typed)
    series = Meeting.objects.get(group=loaded, kind="ministerial").series
    fifth = Meeting.objects.get(group__slug="mispa-v")
    with changes(by=None, reason="convened, and prepared", source="command"):
        fifth.status = "convened"
        fifth.save()
        make.PreparatoryFactory(prepares=fifth, series=series)

    process = secretary.get("/mispa-v/process/").text
    text = json.loads(secretary.get("/mispa-v/work-plan/draft.json").text)["text"]

    assert "Fourth Meeting of Ministers" in process
    assert "Fifth Meeting of Ministers" in process
    assert [one["ordinal"] for one in text["process"]] == [1, 2, 3, 4]
    after = [main_of(secretary.get(page).text) for page in pages]
    assert after == before


def test_next_group_is_shown_when_the_administrator_says_so(loaded, secretary, typed):
    secretary.post(NEXT, typed)
    assert Client().get("/mispa-v/").status_code == 404
    administrator = signed_in(make.UserFactory(username="root", is_staff=True))

    sent = opened(administrator, "/mispa-v/settings/") | {"is_public": "on", "reason": "as the chair asked"}
    answer = administrator.post("/mispa-v/settings/", sent)

    assert said(answer) == ["Saved."]
    assert Client().get("/mispa-v/").status_code == 200


def test_secretariat_writes_the_names_of_a_group_and_does_not_show_it(loaded, secretary, typed):
    secretary.post(NEXT, typed)
    sent = opened(secretary, "/mispa-v/settings/")

    secretary.post("/mispa-v/settings/", sent | {"place-en": "Lima", "is_public": "on", "reason": "host country"})

    group = WorkingGroup.objects.get(slug="mispa-v")
    assert (str(group.place), group.is_public) == ("Lima", False)


def test_group_without_a_plan_says_so(loaded):
    group = made(make.WorkingGroupFactory, slug="bare")
    secretary = signed_in(make.member(group, "secretariat", username="of-bare"))
    pages = ["", "calendar/", "work-plan/", "work-plan/draft/", "work-plan/draft/issue/", "translations/", "process/"]

    answers = {page: secretary.get(f"/bare/{page}").status_code for page in pages}

    missing = dict.fromkeys(("work-plan/", "work-plan/draft/", "work-plan/draft/issue/", "translations/"), 404)
    assert answers == dict.fromkeys(pages, 200) | missing
