"""Rules of what is done to resolutions, rows, paragraphs, notes and areas."""

import pytest
from django.core.exceptions import ValidationError

from mandates.actions import (
    create_area,
    create_note,
    create_paragraph,
    create_row,
    move_paragraph,
    restore_paragraph,
    restore_row,
    revise_area,
    revise_note,
    revise_paragraph,
    revise_row,
    withdraw_area,
    withdraw_mandate,
    withdraw_note,
    withdraw_paragraph,
    withdraw_row,
)
from mandates.models import Assignment, Mandate, Note, Paragraph, PlanRow, ResponsibleArea, WorkPlan
from meetings.models import Topic
from mispa.ground.changes import changes
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories
from tests.writing import made

PRINTED = "AG/RES. 2735 (XLII-O/12)"


@pytest.fixture
def write(secretariat):
    return {"by": secretariat, "reason": "for a test"}


@pytest.fixture
def plan(group):
    return WorkPlan.objects.get()


def refusal(error):
    return " ".join(error.value.messages)


def revise(action, write, **values):
    return action(opened_from=latest_change(), **write, **values)


# Rows ----------------------------------------------------------------------


def test_create_row_goes_to_the_end_with_its_areas(plan, write):
    resolution = made(factories.ResolutionFactory)
    area = ResponsibleArea.objects.get()

    row = create_row(
        plan=plan,
        **write,
        resolution=resolution.pk,
        symbol_as_printed="AG/RES. 1",
        title_as_printed=Text.of("Care"),
        areas=(str(area.pk),),
    )

    assert list(PlanRow.objects.filter(plan=plan).order_by("position"))[-1] == row
    assert [str(link.area) for link in row.assignments.standing()] == [str(area)]


def test_revise_row_refuses_a_resolution_that_has_a_row(plan, write):
    first = PlanRow.objects.get()
    second = made(factories.PlanRowFactory, plan=plan)

    with pytest.raises(ValidationError) as error:
        revise(revise_row, write, row=second, resolution=first.resolution_id)

    assert refusal(error) == "This resolution already has a row in the plan."


def test_restore_row_says_that_its_resolution_has_another_row(plan, write):
    row = PlanRow.objects.get()
    revise(withdraw_row, write, row=row)
    create_row(
        plan=plan, **write, resolution=row.resolution_id, symbol_as_printed="AG", title_as_printed=Text.of("Care")
    )

    with pytest.raises(ValidationError) as error:
        revise(restore_row, write, row=row)

    assert refusal(error) == "This resolution already has a row in the plan."


def test_withdraw_row_names_the_topic_that_serves_its_mandate(plan, write):
    topic = Topic.objects.get()
    made(factories.TopicMandateFactory, topic=topic, mandate=Mandate.objects.get())

    with pytest.raises(ValidationError) as error:
        revise(withdraw_row, write, row=PlanRow.objects.get())

    assert f"Meeting 1: {topic}" in refusal(error)


def test_withdraw_mandate_names_the_topic_that_serves_it(plan, write):
    topic = Topic.objects.get()
    made(factories.TopicMandateFactory, topic=topic, mandate=Mandate.objects.get())

    with pytest.raises(ValidationError) as error:
        revise(withdraw_mandate, write, mandate=Mandate.objects.get())

    assert f"Meeting 1: {topic}" in refusal(error)


# Paragraphs and notes ------------------------------------------------------


def test_create_paragraph_refuses_a_call_without_a_note(plan, write):
    with pytest.raises(ValidationError) as error:
        create_paragraph(plan=plan, section="background", **write, text=Text.of("So it was.[^nowhere]"))

    assert error.value.message_dict == {
        "text": ["There is no note for [^nowhere]. Write the note first, or correct the key."]
    }


def test_revise_paragraph_looks_into_every_language(plan, write):
    paragraph = Paragraph.objects.get()
    text = Text.of(str(paragraph.text), es="Se reunieron.[^reporte]")

    with pytest.raises(ValidationError) as error:
        revise(revise_paragraph, write, paragraph=paragraph, text=text)

    assert "[^reporte]" in refusal(error)


def test_withdraw_note_names_the_paragraph_that_calls_it(plan, write):
    with pytest.raises(ValidationError) as error:
        revise(withdraw_note, write, note=Note.objects.get())

    assert "paragraph: Background: The ministers met once." in refusal(error)


def test_withdraw_note_names_the_preparatory_meeting_in_it(plan, write):
    note = create_note(plan=plan, **write, key="experts", text=Text.of("Report of experts."))
    made(factories.PreparatoryFactory, note=note)

    with pytest.raises(ValidationError) as error:
        revise(withdraw_note, write, note=note)

    assert "meeting: Meeting of Experts on Rivers" in refusal(error)


def test_withdraw_note_that_nothing_calls(plan, write):
    note = create_note(plan=plan, **write, key="experts", text=Text.of("Report of experts."))

    assert revise(withdraw_note, write, note=note).is_withdrawn


def test_revise_note_keeps_a_key_that_is_called(plan, write):
    note = Note.objects.get()

    with pytest.raises(ValidationError) as error:
        revise(revise_note, write, note=note, key="experts")

    assert "[^report] is called here: Background" in refusal(error)


def test_create_note_refuses_a_key_twice(plan, write):
    with pytest.raises(ValidationError) as error:
        create_note(plan=plan, **write, key="report", text=Text.of("Again."))

    assert refusal(error) == "Another note of this plan has this key; choose a different one."


def test_restore_paragraph_asks_for_its_notes(plan, write):
    paragraph = Paragraph.objects.get()
    revise(withdraw_paragraph, write, paragraph=paragraph)
    revise(withdraw_note, write, note=Note.objects.get())

    with pytest.raises(ValidationError, match="There is no note for"):
        revise(restore_paragraph, write, paragraph=paragraph)


def test_move_paragraph_stays_in_its_section(plan, write):
    first = Paragraph.objects.get()
    create_paragraph(plan=plan, section="mandate", **write, text=Text.of("Mandated."))

    with pytest.raises(ValidationError, match="the last already"):
        revise(move_paragraph, write, paragraph=first, upwards=False)


# Areas ---------------------------------------------------------------------


def test_withdraw_area_names_the_rows_and_mandates_beside_which_it_stands(group, write):
    with pytest.raises(ValidationError) as error:
        revise(withdraw_area, write, area=ResponsibleArea.objects.get())

    assert f"row of the plan: {PlanRow.objects.get()}" in refusal(error)


def test_withdraw_area_names_its_units(write):
    above = create_area(**write, slug="secretariat", name=Text.of("Secretariat"))
    create_area(**write, slug="department", name=Text.of("Department"), parent=above.pk)

    with pytest.raises(ValidationError, match="responsible area: Department"):
        revise(withdraw_area, write, area=above)


def test_withdraw_area_after_its_row_was_withdrawn(group, write):
    revise(withdraw_row, write, row=PlanRow.objects.get())

    assert revise(withdraw_area, write, area=ResponsibleArea.objects.get()).is_withdrawn


def test_revise_area_refuses_a_circle(write):
    above = create_area(**write, slug="secretariat", name=Text.of("Secretariat"))
    unit = create_area(**write, slug="department", name=Text.of("Department"), parent=above.pk)

    with pytest.raises(ValidationError) as error:
        revise(revise_area, write, area=above, parent=unit.pk)

    assert error.value.message_dict == {"parent": ["Department is itself a unit of this area."]}


def test_revise_area_refuses_to_leave_the_area_as_whose_unit_it_is_named(group, write):
    above = ResponsibleArea.objects.get()
    other = create_area(**write, slug="other", name=Text.of("Other"))
    unit = create_area(**write, slug="department", name=Text.of("Department"), parent=above.pk)
    with changes(by=None, reason="named", source="command"):
        link = Assignment.objects.get()
        link.unit = unit
        link.save()

    with pytest.raises(ValidationError, match="it is named here"):
        revise(revise_area, write, area=unit, parent=other.pk)


def test_create_area_refuses_an_address_twice(write):
    create_area(**write, slug="secretariat", name=Text.of("Secretariat"))

    with pytest.raises(ValidationError) as error:
        create_area(**write, slug="secretariat", name=Text.of("Another"))

    assert "Another area has this address; choose a different one." in refusal(error)
