"""The pages on which meetings are convened, moved, postponed, cancelled and recorded as held."""

from datetime import date, time

import pytest
from django.test import Client
from django.urls import reverse

from meetings.models import Meeting
from mispa.ground.text import Text
from tests import factories
from tests.writing import errors, fields_of, made, opened, said


def url(meeting, verb):
    return reverse(f"meetings:meeting-{verb}", args=[meeting.group.slug, meeting.number])


@pytest.fixture
def meeting(group):
    """Convened for September 5, 2013, 10:00 in Washington."""
    return Meeting.objects.get()


@pytest.fixture
def proposed(group):
    return made(factories.MeetingFactory, group=group, number=2, status="proposed", room__name=Text.of("Libertador"))


def sent(client, meeting, verb, **typed):
    """What the page of a step answers when it is sent with these fields."""
    return client.post(url(meeting, verb), opened(client, url(meeting, verb)) | {"reason": "agreed by all"} | typed)


# Steps ------------------------------------------------------------------------------


def test_convene_shows_the_meeting_to_everybody_with_its_notice(as_secretariat, proposed):
    page = f"/{proposed.group.slug}/meetings/2/"
    assert Client().get(page).status_code == 404

    answer = sent(as_secretariat, proposed, "convene", **{"notice-en": "Bring the drafts."})

    public = Client().get(page).content.decode()
    assert answer["Location"] == page
    assert "Bring the drafts." in public
    assert "agreed by all" not in public


@pytest.mark.parametrize(("verb", "status"), [("postpone", "postponed"), ("cancel", "cancelled"), ("hold", "held")])
def test_a_step_is_taken_with_notice_and_reason(as_chair, meeting, verb, status):
    sent(as_chair, meeting, verb, **{"notice-en": "For all to know."})

    meeting.refresh_from_db()
    assert (meeting.status, str(meeting.notice)) == (status, "For all to know.")
    assert meeting.starts_on == date(2013, 9, 5)
    assert meeting.history.first().change_set.reason == "agreed by all"


def test_move_sets_day_hours_and_room(as_chair, meeting, proposed):
    answer = sent(
        as_chair,
        meeting,
        "move",
        starts_on="2013-09-09",
        starts_at="15:00",
        ends_at="18:00",
        room=str(proposed.room.pk),
    )

    meeting.refresh_from_db()
    assert answer.status_code == 302
    assert (meeting.starts_on, meeting.ends_on, meeting.starts_at) == (date(2013, 9, 9), date(2013, 9, 9), time(15))
    assert (meeting.room, meeting.status) == (proposed.room, "convened")


def test_move_gives_a_postponed_meeting_a_new_day(as_chair, meeting):
    sent(as_chair, meeting, "postpone")

    sent(as_chair, meeting, "move", starts_on="2013-10-10")

    meeting.refresh_from_db()
    assert (meeting.status, meeting.starts_on) == ("convened", date(2013, 10, 10))


def test_a_page_of_a_step_that_cannot_be_taken_says_so(as_chair, meeting):
    page = as_chair.get(url(meeting, "convene")).content.decode()
    answer = sent(as_chair, meeting, "convene")

    assert "It is so already: Convened." in page
    assert answer.status_code == 200
    assert answer.content.decode().count("It is so already: Convened.") == 1


def test_what_was_cancelled_meanwhile_is_told_with_who_and_nothing_typed_is_lost(as_secretariat, as_chair, meeting):
    typed = opened(as_chair, url(meeting, "move")) | {"starts_on": "2013-09-09", "reason": "agreed"}
    sent(as_secretariat, meeting, "cancel")

    answer = as_chair.post(url(meeting, "move"), typed)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "It was changed after you opened this page." in page
    assert "secretariat" in page
    assert "agreed by all" in page
    assert fields_of(answer)["starts_on"] == "2013-09-09"

    assert as_chair.post(url(meeting, "move"), fields_of(answer)).status_code == 302
    assert Meeting.objects.get().starts_on == date(2013, 9, 9)


def test_a_step_sent_twice_says_that_it_was_saved(as_chair, meeting):
    typed = opened(as_chair, url(meeting, "cancel")) | {"reason": "no room"}
    as_chair.post(url(meeting, "cancel"), typed)

    answer = as_chair.post(url(meeting, "cancel"), typed)

    assert said(answer)[-1] == "This was saved already."


def test_steps_of_a_withdrawn_meeting_are_not_found(as_secretariat, group):
    gone = made(factories.MeetingFactory, group=group, number=2, status="proposed", is_withdrawn=True)

    assert as_secretariat.get(url(gone, "convene")).status_code == 404


@pytest.mark.parametrize("verb", ["convene", "move"])
def test_a_clash_is_told_before_and_after_and_does_not_lock(as_secretariat, meeting, verb):
    room = {"group": meeting.group, "number": 2, "room": meeting.room, "starts_at": time(12), "ends_at": time(14)}
    other = made(factories.MeetingFactory, status="proposed" if verb == "convene" else "convened", **room)

    before = as_secretariat.get(url(other, verb)).content.decode()
    answer = sent(as_secretariat, other, verb, **({"ends_at": "15:00"} if verb == "move" else {}))

    clash = "Rubén Darío Room is taken at that time: Meeting 1, Rivers Group"
    assert answer.status_code == 302
    assert clash in before
    assert clash in said(answer)[-1]


def test_a_clash_is_told_when_a_meeting_is_entered(as_secretariat, meeting):
    address = reverse("meetings:meeting-create", args=[meeting.group.slug])
    typed = {"starts_on": "2013-09-05", "starts_at": "10:00", "ends_at": "11:00", "reason": "agreed"}

    answer = as_secretariat.post(address, opened(as_secretariat, address) | typed)

    assert "The Group meets twice at that time: Meeting 1" in said(answer)[-1]


# The general form -------------------------------------------------------------------


def test_the_edit_form_of_a_convened_meeting_leads_to_its_move(as_chair, meeting):
    page = as_chair.get(url(meeting, "edit"))

    assert f'href="{url(meeting, "move")}"' in page.content.decode()
    assert {"starts_on", "room", "status", "words-en"} & set(fields_of(page)) == set()


def test_a_day_typed_while_others_convened_the_meeting_is_not_lost_and_not_saved(as_secretariat, as_chair, proposed):
    typed = {"starts_on": "2013-09-09", "title-en": "Opening", "reason": "agreed"}
    typed = opened(as_chair, url(proposed, "edit")) | typed
    sent(as_secretariat, proposed, "convene")

    answer = as_chair.post(url(proposed, "edit"), typed)

    assert "It was convened after you opened this page" in errors(answer)["__all__"][0]
    assert fields_of(answer)["starts_on"] == "2013-09-09"
    assert Meeting.objects.get(number=2).starts_on == date(2013, 9, 5)

    assert as_chair.post(url(proposed, "edit"), typed | {"starts_on": "2013-09-05"}).status_code == 302
    assert str(Meeting.objects.get(number=2).title) == "Opening"


def test_words_that_say_when_are_translated_but_not_changed(as_chair, meeting):
    words = {"precision": "imprecise", "starts_at": None, "ends_at": None, "words": Text.of("early September")}
    factories.reword(meeting, **words)
    typed = opened(as_chair, url(meeting, "edit")) | {"reason": "translated"}

    answer = as_chair.post(url(meeting, "edit"), typed | {"words-en": "late September"})
    as_chair.post(url(meeting, "edit"), typed | {"words-es": "a principios de septiembre"})

    meeting.refresh_from_db()
    assert "move the meeting" in errors(answer)["words"][0]
    assert meeting.words.wordings == {"en": "early September", "es": "a principios de septiembre"}


def test_words_need_both_of_their_days_or_none(as_chair, proposed):
    typed = {"precision": "imprecise", "starts_at": "", "ends_at": "", "words-en": "early September"}

    answer = sent(as_chair, proposed, "edit", **typed, starts_on="2013-09-01", ends_on="")

    assert errors(answer) == {"ends_on": ["Give the first and the last day that the words can mean, or neither."]}


# What is asked ----------------------------------------------------------------------

BOTH = ["September\N{NO-BREAK SPACE}5, 2013, 10:00–13:00 (UTC\N{MINUS SIGN}5, 15:00–18:00 GMT)"]
BOTH += ["September\N{NO-BREAK SPACE}5, 2013, 09:00–12:00 (UTC\N{MINUS SIGN}5, 14:00–17:00 GMT)"]


@pytest.mark.parametrize(("keeps", "hour"), [("hour", 10), ("moment", 9)])
def test_another_zone_asks_whether_the_hour_stays_or_the_moment(as_chair, meeting, keeps, hour):
    asked = sent(as_chair, meeting, "move", timezone="America/Bogota")

    page = asked.content.decode()
    assert list(errors(asked)) == ["keeps"]
    assert [one for one in BOTH if one not in page] == []
    assert Meeting.objects.get().timezone == "America/New_York"

    as_chair.post(url(meeting, "move"), fields_of(asked) | {"keeps": keeps})
    meeting.refresh_from_db()
    assert (meeting.timezone, meeting.starts_at, meeting.ends_at) == ("America/Bogota", time(hour), time(hour + 3))


def test_a_moment_kept_may_lie_on_another_day(as_chair, meeting):
    sent(as_chair, meeting, "move", timezone="Asia/Tokyo", keeps="moment")

    meeting.refresh_from_db()
    assert (meeting.starts_on, meeting.starts_at) == (date(2013, 9, 5), time(23))
    assert (meeting.ends_on, meeting.ends_at) == (date(2013, 9, 6), time(2))


def test_a_zone_with_the_same_clocks_asks_nothing(as_chair, meeting):
    assert sent(as_chair, meeting, "move", timezone="America/Toronto").status_code == 302


@pytest.mark.parametrize(("fold", "hour"), [("0", 5), ("1", 6)])
def test_an_hour_that_comes_twice_is_asked_about(as_chair, meeting, fold, hour):
    asked = sent(as_chair, meeting, "move", starts_on="2013-11-03", starts_at="01:30", ends_at="04:00")

    page = asked.content.decode()
    assert list(errors(asked)) == ["starts_fold"]
    assert "the first time (UTC\N{MINUS SIGN}4, 05:30 GMT)" in page
    assert "the second time (UTC\N{MINUS SIGN}5, 06:30 GMT)" in page

    as_chair.post(url(meeting, "move"), fields_of(asked) | {"starts_fold": fold})
    meeting.refresh_from_db()
    assert (meeting.starts.hour, meeting.starts.minute) == (hour, 30)
    again = as_chair.get(url(meeting, "move"))
    assert again.context["form"]["starts_fold"].value() == int(fold)
    assert 'type="radio" name="starts_fold"' in again.content.decode()


def test_an_hour_that_comes_once_asks_nothing(as_chair, meeting):
    page = as_chair.get(url(meeting, "move")).content.decode()

    assert 'type="radio"' not in page
    assert "which of the two hours" not in page


def test_an_hour_that_is_left_out_is_refused_with_the_next(as_chair, meeting):
    answer = sent(as_chair, meeting, "move", starts_on="2013-03-10", starts_at="02:30", ends_at="05:00")

    says = "leave out 02:30. The next hour that exists is 03:00."
    assert says in errors(answer)["starts_at"][0]
