"""The life of a meeting after it was convened: which steps follow on which, and what its history tells of them."""

from datetime import date, time, timedelta
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from meetings import actions
from meetings.actions import (
    cancel_meeting,
    convene_meeting,
    create_meeting,
    hold_meeting,
    move_meeting,
    postpone_meeting,
    revise_meeting,
)
from meetings.life import STEPS, Done, Verb, earlier_times, label_of, steps_of, why_not
from meetings.models import Meeting, Room
from mispa.ground.changes import changes
from mispa.ground.editing import ChangedMeanwhile, NothingChanged, WithdrawnMeanwhile
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories
from tests.writing import made

MOVES = {Verb.CONVENE: convene_meeting, Verb.POSTPONE: postpone_meeting, Verb.CANCEL: cancel_meeting}
MOVES |= {Verb.HOLD: hold_meeting, Verb.MOVE: move_meeting}
MARCH_7 = {"starts_on": date(2014, 3, 7), "ends_on": date(2014, 3, 7), "starts_at": time(15), "ends_at": time(18)}
MARCH_10 = {"starts_on": date(2014, 3, 10), "ends_on": date(2014, 3, 10), "starts_at": time(10), "ends_at": time(13)}
WHEN = {"precision": "exact", "timezone": "America/New_York"}


@pytest.fixture
def write(secretariat):
    return {"by": secretariat, "reason": "asked for by the chair"}


@pytest.fixture
def meeting(group):
    """Convened for September 5, 2013, 10:00."""
    return Meeting.objects.get()


def step(act, write, meeting, **values):
    return act(meeting=meeting, opened_from=latest_change(), **write, **values)


def told(meeting, at=None):
    return [one.done for one in steps_of([meeting], at).get(meeting.pk, [])]


# Which may follow ------------------------------------------------------------------


@pytest.mark.parametrize(("verb", "status"), list(product(Verb, Meeting.Status)))
def test_a_step_is_taken_from_its_states_and_refused_from_others_in_words(meeting, write, verb, status):
    factories.reword(meeting, status=status)
    day = {"starts_on": date(2013, 9, 6), "ends_on": date(2013, 9, 6)} if verb == Verb.MOVE else {}
    says = why_not(verb, status)

    if not says:
        assert step(MOVES[verb], write, meeting, **day).status == STEPS[verb][1]
        return
    with pytest.raises(ValidationError) as error:
        step(MOVES[verb], write, meeting, **day)
    assert error.value.messages == [says]
    assert Meeting.objects.get().status == status


def test_why_not_says_what_to_do():
    assert why_not(Verb.CANCEL, "proposed") == "Withdraw it instead: nobody outside knows of this meeting."
    assert why_not(Verb.MOVE, "proposed") == "Edit it instead: nobody outside knows of this meeting."
    assert why_not(Verb.HOLD, "postponed") == "It is postponed. Move it to a new day first."
    assert why_not(Verb.MOVE, "held") == "It is recorded as held. If that is wrong, convene it again first."
    assert why_not(Verb.CANCEL, "cancelled") == "It is so already: Cancelled."


def test_what_was_called_off_by_mistake_is_convened_again():
    assert label_of(Verb.CONVENE, "cancelled") == "Convene again"
    assert label_of(Verb.CONVENE, "proposed") == "Convene"


def test_a_meeting_is_not_held_before_its_day(meeting, write):
    day = timezone.localdate() + timedelta(days=2)
    factories.reword(meeting, starts_on=day, ends_on=day)

    with pytest.raises(ValidationError, match="It has not taken place yet"):
        step(hold_meeting, write, meeting)


def test_a_withdrawn_meeting_takes_no_step(group, write):
    gone = made(factories.MeetingFactory, group=group, number=2, status="proposed", is_withdrawn=True)

    with pytest.raises(WithdrawnMeanwhile):
        step(convene_meeting, write, gone)


def test_a_meeting_is_not_moved_into_a_room_that_is_withdrawn(meeting, write):
    room = made(factories.RoomFactory, name=Text.of("Libertador"), is_withdrawn=True)

    with pytest.raises(ValidationError) as error:
        step(move_meeting, write, meeting, room=room.pk)

    assert error.value.message_dict == {"room": ["This room is withdrawn. Choose another one."]}


def test_an_edit_by_any_way_keeps_to_the_steps(group, write):
    proposed = create_meeting(group=group, **write, **WHEN, **MARCH_7)

    for status in ("held", "postponed", "cancelled"):
        with pytest.raises(ValidationError):
            step(revise_meeting, write, proposed, status=status)
    assert step(revise_meeting, write, proposed, status="convened").status == "convened"


# Two people ----------------------------------------------------------------------------


def test_a_step_from_a_page_that_is_out_of_date_is_refused(meeting, write):
    opened_from = latest_change()
    step(move_meeting, write, meeting, starts_on=date(2013, 9, 6), ends_on=date(2013, 9, 6))

    for act in (cancel_meeting, postpone_meeting, hold_meeting):
        with pytest.raises(ChangedMeanwhile):
            act(meeting=meeting, opened_from=opened_from, **write)
    assert Meeting.objects.get().status == "convened"


def test_a_new_title_meanwhile_stands_in_the_way_of_no_step(meeting, write):
    opened_from = latest_change()
    step(revise_meeting, write, meeting, title=Text.of("Opening"))

    cancel_meeting(meeting=meeting, opened_from=opened_from, **write)

    assert (str(Meeting.objects.get().title), Meeting.objects.get().status) == ("Opening", "cancelled")


def test_a_step_sent_twice_is_taken_once(meeting, write):
    opened_from = latest_change()
    cancel_meeting(meeting=meeting, opened_from=opened_from, notice=Text.of("No room."), **write)

    with pytest.raises(NothingChanged) as nothing:
        cancel_meeting(meeting=meeting, opened_from=opened_from, notice=Text.of("No room."), **write)

    assert nothing.value.already_there
    assert meeting.history.count() == 2


def test_a_move_to_where_it_is_changes_nothing(meeting, write):
    with pytest.raises(NothingChanged) as nothing:
        step(move_meeting, write, meeting, starts_on=meeting.starts_on, notice=Text.of("Once more."))

    assert not nothing.value.already_there


def test_an_import_enters_convenes_and_holds_in_one_change(group, secretariat):
    how = {"by": secretariat, "reason": "brought in"}
    with changes(**how):
        new = create_meeting(group=group, **how, **WHEN, **MARCH_7)
        convene_meeting(meeting=new, opened_from=None, **how)
        hold_meeting(meeting=new, opened_from=None, **how)

    assert Meeting.objects.get(pk=new.pk).status == "held"
    assert told(new) == [Done.HELD]


# What history tells ------------------------------------------------------------------------


def test_the_real_move_across_the_change_of_clocks(group, write):
    new = create_meeting(group=group, **write, **WHEN, **MARCH_7)
    step(convene_meeting, write, new)
    assert (new.starts.hour, new.starts.day) == (20, 7)

    moved = step(move_meeting, write, new, notice=Text.of("The hall is needed."), **MARCH_10)

    assert (moved.starts.hour, moved.starts.day) == (14, 10)
    convened, then = steps_of([new])[new.pk]
    assert (convened.done, convened.was, then.done, str(then.notice)) == (
        "convened",
        None,
        "moved",
        "The hall is needed.",
    )
    assert (then.was.starts_on, then.was.starts_at, then.set_for.starts_on) == (
        date(2014, 3, 7),
        time(15),
        date(2014, 3, 10),
    )
    assert then.change_set.by == write["by"]


def test_steps_tell_the_whole_life(group, write):
    new = create_meeting(group=group, **write, **WHEN, **MARCH_7)
    step(revise_meeting, write, new, starts_at=time(14))
    step(convene_meeting, write, new)
    step(postpone_meeting, write, new)
    step(move_meeting, write, new, **MARCH_10)
    step(cancel_meeting, write, new)
    step(convene_meeting, write, new)
    step(hold_meeting, write, new)

    lasted = ["convened", "postponed", "moved", "cancelled", "again", "held"]
    assert told(new) == lasted
    before = [one.starts_at for one in earlier_times(Meeting.objects.get(pk=new.pk), steps_of([new])[new.pk])]
    assert before == [time(14)]


def test_a_postponed_meeting_convened_on_its_old_day_has_moved_nowhere(meeting, write):
    step(postpone_meeting, write, meeting)
    step(move_meeting, write, meeting, starts_on=meeting.starts_on)

    assert told(meeting) == ["convened", "postponed", "moved"]
    assert earlier_times(Meeting.objects.get(), steps_of([meeting])[meeting.pk]) == []


def test_a_move_of_the_room_alone_is_a_move(meeting, write):
    room = made(factories.RoomFactory, name=Text.of("Libertador"))

    step(move_meeting, write, meeting, room=room.pk)

    last = steps_of([meeting])[meeting.pk][-1]
    assert (last.done, last.has_another_time, last.has_another_place) == ("moved", False, True)
    assert Meeting.objects.get().room == Room.objects.get(pk=room.pk)


def test_a_translation_of_its_words_is_no_move(group, write):
    words = {"precision": "imprecise", "starts_at": None, "ends_at": None, "words": Text.of("early September")}
    meeting = factories.reword(group.meetings.get(), **words)

    step(revise_meeting, write, meeting, words=Text.of("early September", es="a principios de septiembre"))

    assert told(meeting) == ["convened", "moved"]  # from the day to the words, and no more


def test_what_was_held_on_another_day_is_corrected(meeting, write):
    step(hold_meeting, write, meeting)
    factories.reword(meeting, status="held", starts_on=date(2013, 9, 4), ends_on=date(2013, 9, 4))

    assert told(meeting)[-1] == "corrected"


def test_steps_as_of_an_instant_know_nothing_of_later_ones(meeting, write):
    step(move_meeting, write, meeting, starts_on=date(2013, 9, 6), ends_on=date(2013, 9, 6))
    then = meeting.history.first().change_set.at
    step(cancel_meeting, write, meeting)

    assert told(meeting, then) == ["convened", "moved"]
    assert told(meeting, then - timedelta(microseconds=1)) == ["convened"]


def test_steps_are_read_in_one_query(group, write, django_assert_num_queries):
    meetings = [made(factories.MeetingFactory, group=group, number=number) for number in (2, 3, 4)]
    for one in meetings:
        step(cancel_meeting, write, one)

    with django_assert_num_queries(1):
        steps_of(meetings)


# The notice --------------------------------------------------------------------------------


def test_a_notice_is_said_of_the_step_with_which_it_was_given(meeting, write):
    step(cancel_meeting, write, meeting, notice=Text.of("No room."))
    step(convene_meeting, write, meeting)

    assert Meeting.objects.get().notice is None
    assert [str(one.notice or "") for one in steps_of([meeting])[meeting.pk]] == ["", "No room.", ""]


def test_a_change_by_another_way_takes_the_notice_of_the_step_before_away(meeting, write):
    step(cancel_meeting, write, meeting, notice=Text.of("No room."))

    assert step(revise_meeting, write, meeting, title=Text.of("Opening")).notice == Text.of("No room.")
    assert step(revise_meeting, write, meeting, status="convened").notice is None


def test_every_step_is_an_action_of_its_own():
    assert {verb: getattr(actions, f"{verb}_meeting") for verb in Verb} == MOVES
