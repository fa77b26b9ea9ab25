"""A change-set is undone as a whole, by the rules of the actions, and without what came later."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.kinds import REGISTER
from mandates.actions import (
    create_mandate,
    create_note,
    create_paragraph,
    create_row,
    move_mandate,
    revise_mandate,
    revise_note,
    revise_resolution,
    withdraw_mandate,
    withdraw_paragraph,
    withdraw_row,
)
from mandates.models import Assignment, Mandate, Note, Paragraph, PlanRow, RegisteredSymbol, Resolution
from meetings.actions import create_meeting, create_topic, revise_meeting, revise_topic
from meetings.models import Meeting, Topic
from mispa.ground.changes import changes
from mispa.ground.editing import ChangedMeanwhile, NothingChanged
from mispa.ground.models import ChangeSet
from mispa.ground.openings import latest_change
from mispa.ground.reverting import CannotUndo, in_words, planned, undo
from mispa.ground.telling import tell
from mispa.ground.text import Text
from tests import factories as make
from tests.writing import made


@pytest.fixture
def mandate(group) -> Mandate:
    return Mandate.objects.get()


@pytest.fixture
def write(secretariat) -> dict[str, Any]:
    return {"by": secretariat, "reason": "for a test"}


def now(thing: Any) -> Any:
    return type(thing)._base_manager.get(pk=thing.pk)


def latest() -> ChangeSet:
    return ChangeSet.objects.latest("pk")


def revise(mandate: Mandate, write: dict[str, Any], **values: Any) -> ChangeSet:
    revise_mandate(mandate=now(mandate), opened_from=latest_change(), **write, **values)
    return latest()


def take_back(change_set: ChangeSet, write: dict[str, Any]) -> ChangeSet:
    return undo(change_set, register=REGISTER, **write | {"reason": "a mistake"})


def obstacles(change_set: ChangeSet, write: dict[str, Any]) -> list[str]:
    with pytest.raises(CannotUndo) as refused:
        take_back(change_set, write)
    return [str(one) for one in refused.value.obstacles]


# ---- fields


def test_undo_takes_back_the_fields_that_were_changed_in_a_change_set_of_its_own(mandate, write, secretariat):
    before = str(mandate.text)
    change_set = revise(mandate, write, text=Text.of("Survey."), paragraph="3")

    done = take_back(change_set, write)

    assert (str(now(mandate).text), now(mandate).paragraph) == (before, "")
    assert (done.by, done.reason, done.source) == (secretariat, "a mistake", "page")
    assert mandate.history.latest("history_id").change_set == done


def test_undo_leaves_what_came_later_in_other_fields_and_languages(mandate, write):
    change_set = revise(mandate, write, text=Text.of("Survey.", es="Medir."))
    revise(mandate, write, paragraph="7", text=Text.of("Survey.", es="Medir.", fr="Mesurer."))

    take_back(change_set, write)

    assert dict(now(mandate).text) == {"en": str(mandate.text), "fr": "Mesurer."}
    assert now(mandate).paragraph == "7"


def test_undo_refuses_what_was_changed_again_and_says_by_whom_and_where_to_go(mandate, write, secretariat):
    change_set = revise(mandate, write, text=Text.of("Survey."), paragraph="3")
    later = revise(mandate, write, text=Text.of("Survey twice."))

    with pytest.raises(CannotUndo) as refused:
        take_back(change_set, write)

    (obstacle,) = refused.value.obstacles
    assert str(obstacle) == "Mandate “Survey twice.”: Wording (English) was changed again after that."
    assert obstacle.later == later
    assert obstacle.revert == f"/mandates/{mandate.pk}/revert/?to={change_set.pk - 1}&field=text&part=en"
    assert (str(now(mandate).text), now(mandate).paragraph) == ("Survey twice.", "3")
    assert latest() == later


def test_undo_of_a_field_that_has_come_back_already_leaves_it(mandate, write):
    change_set = revise(mandate, write, paragraph="3", progress="done")
    revise(mandate, write, paragraph="")

    take_back(change_set, write)

    assert (now(mandate).paragraph, now(mandate).progress) == ("", "open")


def test_undo_of_what_is_undone_says_that_nothing_is_left(mandate, write):
    change_set = revise(mandate, write, paragraph="3")
    take_back(change_set, write)

    with pytest.raises(NothingChanged):
        take_back(change_set, write)


def test_undo_of_an_undoing_brings_all_back(mandate, write):
    change_set = revise(mandate, write, text=Text.of("Survey.", es="Medir."), paragraph="3")
    text = now(mandate).text
    undone = take_back(change_set, write)

    take_back(undone, write)

    assert (now(mandate).text, now(mandate).text.made_from) == (text, text.made_from)
    assert now(mandate).paragraph == "3"


def test_a_translation_comes_back_with_the_original_that_it_was_made_from(mandate, write):
    stale = Text("en", {"en": "Measure.", "es": "Medir."}, {"es": "0123456789ab"})
    make.reword(mandate, text=stale)
    change_set = revise(mandate, write, text=Text.of("Measure.", es="Medir bien."))

    take_back(change_set, write)

    assert now(mandate).text.made_from == {"es": "0123456789ab"}
    assert now(mandate).text.is_stale("es")


def test_a_declaration_that_a_translation_is_right_goes_back(mandate, write):
    stale = Text("en", {"en": "Measure.", "es": "Medir."}, {"es": "0123456789ab"})
    make.reword(mandate, text=stale)
    make.reword(now(mandate), text=Text.of("Measure.", es="Medir."))

    take_back(latest(), write)

    assert now(mandate).text.is_stale("es")


# ---- lists and places


def test_undo_takes_a_list_of_areas_back(mandate, write):
    area, other = (str(made(make.ResponsibleAreaFactory).pk) for _ in range(2))
    revise(mandate, write, areas=(area,))
    change_set = revise(mandate, write, areas=(other, area))

    take_back(change_set, write)

    standing = Assignment.objects.standing().filter(mandate=mandate)
    assert [str(one.area_id) for one in standing] == [area]


def test_undo_takes_out_of_a_list_what_it_set_in_and_leaves_what_came_later(mandate, write):
    area, other = (str(made(make.ResponsibleAreaFactory).pk) for _ in range(2))
    change_set = revise(mandate, write, areas=(area,))
    revise(mandate, write, areas=(area, other))

    take_back(change_set, write)

    standing = Assignment.objects.standing().filter(mandate=mandate)
    assert [str(one.area_id) for one in standing] == [other]


def test_undo_takes_a_move_back(mandate, write):
    create_mandate(row=mandate.row, text=Text.of("Report."), **write)
    move_mandate(mandate=mandate, upwards=False, opened_from=latest_change(), **write)

    take_back(latest(), write)

    assert [str(one.text) for one in mandate.row.mandates.order_by("position")] == [str(mandate.text), "Report."]


def test_undo_of_a_move_is_refused_after_another(mandate, write):
    create_mandate(row=mandate.row, text=Text.of("Report."), **write)
    move_mandate(mandate=mandate, upwards=False, opened_from=latest_change(), **write)
    first = latest()
    create_mandate(row=mandate.row, text=Text.of("Advise."), **write)
    move_mandate(mandate=mandate, upwards=False, opened_from=latest_change(), **write)

    assert obstacles(first, write) == [f"Mandate “{mandate}”: Its place in the order was changed again after that."]


# ---- what was made, and what was withdrawn


def test_undo_withdraws_what_was_made_with_all_its_parts(group, write):
    area = str(made(make.ResponsibleAreaFactory).pk)
    resolution = made(make.ResolutionFactory)
    with changes(**write) as one:
        row = create_row(
            plan=group.plan,
            resolution=resolution.pk,
            symbol_as_printed="AG/RES. 1 (I-O/71)",
            title_as_printed=Text.of("Wells"),
            areas=(area,),
            **write,
        )
        mandate = create_mandate(row=row, text=Text.of("Dig."), areas=(area,), **write)

    take_back(one, write)

    assert now(row).is_withdrawn
    assert now(mandate).is_withdrawn
    assert not Assignment.objects.standing().filter(area=area).exists()
    assert not now(resolution).is_withdrawn


def test_undo_restores_what_was_withdrawn_with_all_its_parts(group, mandate, write):
    row = mandate.row
    withdraw_row(row=row, opened_from=latest_change(), **write)

    take_back(latest(), write)

    assert not now(row).is_withdrawn
    assert not now(mandate).is_withdrawn
    assert Assignment.objects.standing().filter(row=row).exists()


def test_undo_is_refused_where_what_was_made_has_been_written_again(mandate, write):
    new = create_mandate(row=mandate.row, text=Text.of("Report."), **write)
    change_set = latest()
    revise(new, write, paragraph="9")

    assert obstacles(change_set, write) == ["Mandate “Report.”: It was changed again after that."]
    assert not now(new).is_withdrawn


def test_undo_is_refused_where_something_later_names_what_was_made(group, mandate, write):
    new = create_mandate(row=mandate.row, text=Text.of("Report."), **write)
    change_set = latest()
    create_topic(meeting=Meeting.objects.get(), kind="other", text=Text.of("Reports"), mandates=(str(new.pk),), **write)

    (says,) = obstacles(change_set, write)

    assert says.startswith("Mandate “Report.”: It is still named here: mandate of a topic")


def test_undo_is_refused_below_what_was_withdrawn_since(mandate, write):
    withdraw_mandate(mandate=mandate, opened_from=latest_change(), **write)
    change_set = latest()
    withdraw_row(row=mandate.row, opened_from=latest_change(), **write)

    (says,) = obstacles(change_set, write)

    assert says == f"Mandate “{mandate}”: Row of the plan “{mandate.row}” is withdrawn itself. Restore it first."


def test_a_paragraph_and_the_note_that_it_calls_go_and_come_together(group, write):
    with changes(**write) as one:
        note = create_note(plan=group.plan, key="wells", text=Text.of("Of wells."), **write)
        paragraph = create_paragraph(plan=group.plan, section="background", text=Text.of("Dug.[^wells]"), **write)

    undone = take_back(one, write)
    assert now(note).is_withdrawn
    assert now(paragraph).is_withdrawn

    take_back(undone, write)
    assert not now(note).is_withdrawn
    assert not now(paragraph).is_withdrawn


def test_undo_is_refused_where_a_paragraph_would_call_no_note(group, write):
    create_note(plan=group.plan, key="wells", text=Text.of("Of wells."), **write)
    change_set = latest()
    create_paragraph(plan=group.plan, section="background", text=Text.of("Dug.[^wells]"), **write)

    assert obstacles(change_set, write) == ["There is no note for [^wells]. Write the note first, or correct the key."]
    assert Note.objects.standing().filter(key="wells").exists()


def test_a_meeting_that_others_know_of_is_not_taken_back(group, write):
    when = {"precision": "imprecise", "words": Text.of("early 2014"), "timezone": "America/New_York"}
    meeting = create_meeting(group=group, **when, **write)
    entered = latest()
    revise_meeting(meeting=meeting, status="convened", opened_from=latest_change(), **write)
    convened = latest()

    assert obstacles(convened, write) == [
        "Meeting “Meeting 2”: Others know of this meeting. Cancel it, or leave it convened."
    ]
    assert "Cancel it instead" in obstacles(entered, write)[1]


# ---- symbols


def test_the_symbol_of_a_resolution_goes_back_and_stays_taken(group, write):
    resolution = Resolution.objects.get()
    printed = resolution.symbol.printed
    revise_resolution(resolution=resolution, symbol="AG/RES. 2735 (XLII-O/12)", opened_from=latest_change(), **write)
    change_set = latest()

    undone = take_back(change_set, write)
    assert now(resolution).symbol.printed == printed
    assert RegisteredSymbol.objects.get(canonical="AG/RES. 2735 (XLII-O/12)").state == "withdrawn"

    take_back(undone, write)
    assert now(resolution).symbol.canonical == "AG/RES. 2735 (XLII-O/12)"
    assert now(resolution).symbol.state == "in use"


def test_a_resolution_that_goes_and_comes_takes_its_symbol_along(write):
    with changes(**write) as one:
        resolution = make.ResolutionFactory()

    undone = take_back(one, write)
    assert (now(resolution).is_withdrawn, now(resolution.symbol).state) == (True, "withdrawn")

    take_back(undone, write)
    assert (now(resolution).is_withdrawn, now(resolution.symbol).state) == (False, "in use")


# ---- what is never undone


def test_what_is_sealed_is_never_undone(group, write):
    with changes(**write) as one:
        edition = make.EditionFactory(plan=group.plan)
        make.ReleaseFactory(edition=edition)

    says = obstacles(one, write)

    assert says[:2] == [
        "Edition 1 issued. What is sealed is never undone.",
        "Edition 1 opened to the delegations. What is sealed is never undone.",
    ]


def test_the_group_itself_is_not_undone(group, write):
    says = obstacles(ChangeSet.objects.earliest("pk"), write)

    assert f"Working group “{group}”: It was entered in this change, and is never taken out again." in says


@pytest.mark.parametrize("role", ["delegate", "administrator", "neighbour"])
def test_undo_is_for_those_who_may_edit(role, mandate, write, request):
    change_set = revise(mandate, write, paragraph="3")
    if role == "neighbour":
        person = make.member(make.whole_group(), "secretariat", username="neighbour")
    else:
        person = request.getfixturevalue(role)

    assert obstacles(change_set, write | {"by": person}) == [f"Mandate “{mandate}”: You may not change this."]


def test_of_a_group_that_a_person_may_not_know_of_nothing_is_named(mandate, write):
    hidden = make.whole_group(is_public=False)
    with changes(**write) as one:
        for thing in Mandate.objects.all():
            make.reword(thing, paragraph="3")

    assert hidden.plan.rows.exists()
    assert obstacles(one, write) == ["It also changed what you may not see."]


# ---- together


def test_undo_is_all_or_nothing(mandate, write):
    with changes(**write) as one:
        revise_mandate(mandate=mandate, paragraph="3", opened_from=latest_change(), **write)
        note = create_note(plan=mandate.row.plan, key="wells", text=Text.of("Of wells."), **write)
    revise_note(note=note, text=Text.of("Of deep wells."), opened_from=latest_change(), **write)

    obstacles(one, write)

    assert now(mandate).paragraph == "3"


def test_undo_is_refused_where_something_changed_after_the_page_was_opened(mandate, write):
    change_set = revise(mandate, write, paragraph="3")
    opened_from = latest_change()
    revise(mandate, write, progress="done")

    with pytest.raises(ChangedMeanwhile) as meanwhile:
        undo(change_set, register=REGISTER, opened_from=opened_from, **write)

    assert meanwhile.value.parts == [mandate]
    assert now(mandate).paragraph == "3"


def told(doings: Any) -> Any:
    found = [
        (one.thing, one.acts, [(change.label, change.language, change.before, change.after) for change in one.changes])
        for one in doings
    ]
    return sorted(found, key=lambda one: str(one[0].pk))


def test_the_words_before_undoing_are_those_of_the_history_afterwards(group, mandate, write):
    area, other = (str(made(make.ResponsibleAreaFactory, name=Text.of(name)).pk) for name in ("Wells", "Lakes"))
    topic = Topic.objects.get()
    served = create_mandate(row=mandate.row, text=Text.of("Advise."), **write)
    revise(mandate, write, areas=(area,))
    with changes(**write) as one:
        how = write | {"opened_from": latest_change()}
        revise_mandate(mandate=mandate, text=Text.of("Survey.", es="Medir."), areas=(other, area), **how)
        create_mandate(row=mandate.row, text=Text.of("Report."), areas=(area,), **write)
        withdraw_paragraph(paragraph=Paragraph.objects.get(), **how)
        revise_topic(topic=topic, mandates=(str(served.pk),), **how)
        revise_resolution(resolution=Resolution.objects.get(), symbol="AG/RES. 2735 (XLII-O/12)", **how)
    said = told(in_words(planned(one, register=REGISTER, by=write["by"]), REGISTER))

    done = take_back(one, write)

    found = told(tell([done.pk], REGISTER, group=group)[done.pk].doings)
    assert [one for one in found if not isinstance(one[0], RegisteredSymbol | Resolution)] == [
        one for one in said if not isinstance(one[0], Resolution)
    ]
    assert len(said) == 5


def test_an_import_of_hundreds_of_things_is_undone_in_few_questions_for_each(group, write):
    with changes(**write | {"source": "import"}) as one:
        for _row in range(10):
            row = make.PlanRowFactory(plan=group.plan)
            make.AssignmentFactory(row=row)
            for _mandate in range(10):
                make.AssignmentFactory(row=None, mandate=make.MandateFactory(row=row))
        make.TopicFactory(meeting=make.MeetingFactory(group=group, number=7, status="proposed"))
    written = 10 * (1 + 1 + 1 + 1 + 1 + 10 * 3) + 5

    with CaptureQueriesContext(connection) as asked:
        undone = take_back(one, write)

    assert not PlanRow.objects.standing().filter(plan=group.plan).exclude(pk=PlanRow.objects.earliest("position").pk)
    assert len(asked) < 4 * written + 200
    take_back(undone, write)
    assert Mandate.objects.standing().count() == 101
