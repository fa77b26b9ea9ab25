"""Nobody's edit is lost: merging by field and by language, withdrawing and restoring, order."""

import pytest
from django.core.exceptions import ValidationError

from mandates.actions import (
    AREAS_OF_MANDATE,
    create_mandate,
    move_mandate,
    restore_row,
    revise_mandate,
    withdraw_mandate,
    withdraw_row,
)
from mandates.models import Assignment, Mandate, PlanRow, ResponsibleArea
from mispa.ground.changes import changes
from mispa.ground.editing import AlreadyThere, ChangedMeanwhile, Conflict, NothingChanged, WithdrawnMeanwhile
from mispa.ground.merging import compare
from mispa.ground.models import ChangeSet
from mispa.ground.openings import UnknownOpening, latest_change
from mispa.ground.text import Text, fingerprint
from tests import factories


@pytest.fixture
def mandate(group):
    return Mandate.objects.get()


@pytest.fixture
def write(secretariat):
    """What every action asks for."""
    return {"by": secretariat, "reason": "for a test"}


def areas(*names):
    with changes(by=None, reason="areas for a test", source="command"):
        made = [factories.ResponsibleAreaFactory(slug=name, name=Text.of(name.title())) for name in names]
    return [str(area.pk) for area in made]


# Merging ------------------------------------------------------------------


def test_revise_writes_one_change_set_with_person_and_reason(mandate, write, secretariat):
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, paragraph="4")

    change_set = ChangeSet.objects.latest("pk")
    assert (change_set.by, change_set.reason, change_set.source) == (secretariat, "for a test", "page")
    assert mandate.history.first().change_set == change_set
    assert Mandate.objects.get().paragraph == "4"


def test_revise_keeps_what_only_others_changed(mandate, write):
    opened = latest_change()
    revise_mandate(mandate=mandate, opened_from=opened, **write, paragraph="4", progress="open")

    saved = revise_mandate(mandate=mandate, opened_from=opened, **write, paragraph="", progress="done")

    assert (saved.paragraph, saved.progress) == ("4", "done")


def test_revise_merges_a_text_by_language(mandate, write):
    original = str(mandate.text)
    opened = latest_change()
    revise_mandate(mandate=mandate, opened_from=opened, **write, text=Text.of(original, es="Medir."))

    saved = revise_mandate(mandate=mandate, opened_from=opened, **write, text=Text.of(original, fr="Mesurer."))

    assert dict(saved.text.wordings) == {"en": original, "es": "Medir.", "fr": "Mesurer."}


def test_revise_marks_a_translation_of_the_old_original_as_stale(mandate, write):
    original = str(mandate.text)
    opened = latest_change()
    revise_mandate(mandate=mandate, opened_from=opened, **write, text=Text.of("Measure twice."))

    saved = revise_mandate(mandate=mandate, opened_from=opened, **write, text=Text.of(original, es="Medir."))

    assert saved.text.wordings["en"] == "Measure twice."
    assert saved.text.made_from == {"es": fingerprint(original)}
    assert saved.text.is_stale("es")


def test_revise_of_the_original_alone_leaves_its_translation_stale(mandate, write):
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, text=Text.of("Measure.", es="Medir."))

    typed = Text("en", {"en": "Measure twice.", "es": "Medir."})
    saved = revise_mandate(mandate=mandate, opened_from=latest_change(), **write, text=typed)

    assert saved.text.is_stale("es")


def test_revise_of_both_wordings_leaves_nothing_stale(mandate, write):
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, text=Text.of("Measure.", es="Medir."))

    typed = Text("en", {"en": "Measure twice.", "es": "Medir dos veces."})
    saved = revise_mandate(mandate=mandate, opened_from=latest_change(), **write, text=typed)

    assert not saved.text.is_stale("es")


def test_revise_takes_the_same_change_of_two_people_once(mandate, write):
    opened = latest_change()
    revise_mandate(mandate=mandate, opened_from=opened, **write, paragraph="4", progress="open")
    before = ChangeSet.objects.count()

    with pytest.raises(NothingChanged) as refused:
        revise_mandate(mandate=mandate, opened_from=opened, **write, paragraph="4", progress="open")

    assert refused.value.already_there
    assert ChangeSet.objects.count() == before


def test_revise_without_a_change_writes_nothing(mandate, write):
    before = ChangeSet.objects.count()

    with pytest.raises(NothingChanged) as refused:
        revise_mandate(mandate=mandate, opened_from=latest_change(), **write, text=mandate.text)

    assert not refused.value.already_there
    assert ChangeSet.objects.count() == before


def test_revise_refuses_two_different_changes_of_one_field(mandate, write, secretariat):
    opened = latest_change()
    revise_mandate(mandate=mandate, opened_from=opened, **write, paragraph="4", progress="done")

    with pytest.raises(Conflict) as refused:
        revise_mandate(mandate=mandate, opened_from=opened, **write, paragraph="5", progress="open")

    comparison = refused.value.comparison
    assert comparison.conflicts == [("paragraph", "")]
    assert comparison.taken == [("progress", "")]
    assert (comparison.base["paragraph", ""], comparison.now["paragraph", ""]) == ("", "4")
    assert comparison.by["paragraph", ""].by == secretariat
    assert comparison.latest == latest_change()
    assert Mandate.objects.get().paragraph == "4"


def test_revise_sees_a_conflict_even_if_others_changed_something_else_since(mandate, write):
    opened = latest_change()
    revise_mandate(mandate=mandate, opened_from=opened, **write, paragraph="4")
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, progress="done")

    with pytest.raises(Conflict) as refused:
        revise_mandate(mandate=mandate, opened_from=opened, **write, paragraph="5")

    assert refused.value.comparison.conflicts == [("paragraph", "")]


@pytest.mark.parametrize("forged", [0, -1, 10**12])
def test_revise_refuses_an_opening_that_never_was(mandate, write, forged):
    with pytest.raises(UnknownOpening):
        revise_mandate(mandate=mandate, opened_from=forged, **write, paragraph="4")

    assert Mandate.objects.get().paragraph == ""


def test_revise_refuses_an_opening_from_before_the_object(mandate, write):
    before = latest_change()
    new = create_mandate(row=mandate.row, **write, text=Text.of("Report."))

    with pytest.raises(UnknownOpening):
        revise_mandate(mandate=new, opened_from=before, **write, paragraph="4")


def test_revise_asks_all_rules_of_the_merged_object(mandate, write):
    with pytest.raises(ValidationError) as refused:
        revise_mandate(mandate=mandate, opened_from=latest_change(), **write, deadline_earliest="2013-07-01")

    assert "Give the first and the last day of the deadline, in this order, or neither." in refused.value.messages


def test_revise_needs_a_reason(mandate, secretariat):
    with pytest.raises(ValidationError) as refused:
        revise_mandate(mandate=mandate, opened_from=latest_change(), by=secretariat, reason="", paragraph="4")

    assert set(refused.value.message_dict) == {"reason"}


def test_revise_refuses_what_was_withdrawn_meanwhile(mandate, write, secretariat):
    opened = latest_change()
    withdraw_mandate(mandate=mandate, opened_from=opened, **write)

    with pytest.raises(WithdrawnMeanwhile) as refused:
        revise_mandate(mandate=mandate, opened_from=opened, **write, paragraph="4")

    assert refused.value.change_set.by == secretariat


def test_revise_may_restore_and_save_at_once(mandate, write):
    keys = areas("rivers")
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, areas=keys)
    opened = latest_change()
    withdraw_mandate(mandate=mandate, opened_from=opened, **write)

    typed = {"paragraph": "4", "areas": tuple(keys)}
    saved = revise_mandate(mandate=mandate, opened_from=opened, restoring=True, **write, **typed)

    assert (saved.is_withdrawn, saved.paragraph) == (False, "4")
    assert AREAS_OF_MANDATE.read(saved) == tuple(keys)


def test_compare_names_the_change_set_of_links(mandate, write):
    opened = latest_change()
    revise_mandate(mandate=mandate, opened_from=opened, **write, areas=areas("rivers"))

    besides = {"areas": AREAS_OF_MANDATE}
    comparison = compare(mandate, mine={"areas": ("x",)}, opened_from=opened, besides=besides)

    assert comparison.conflicts == [("areas", "")]
    assert comparison.by["areas", ""] == ChangeSet.objects.latest("pk")


# Links --------------------------------------------------------------------


def test_links_are_written_in_order_and_never_deleted(mandate, write):
    rivers, lakes, seas = areas("rivers", "lakes", "seas")
    for wanted in ([rivers, lakes], [seas, rivers], [lakes, seas]):
        saved = revise_mandate(mandate=mandate, opened_from=latest_change(), **write, areas=tuple(wanted))

    assert AREAS_OF_MANDATE.read(saved) == (lakes, seas)
    assert saved.assignments.count() == 3
    assert saved.assignments.standing().count() == 2


def test_links_keep_rows_that_need_no_change(mandate, write):
    rivers, lakes = areas("rivers", "lakes")
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, areas=(rivers,))
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, areas=(rivers, lakes))

    first = Assignment.objects.get(mandate=mandate, area=rivers)
    assert first.history.count() == 1


def test_links_take_another_unit_on_the_same_row(mandate, write):
    (rivers,) = areas("rivers")
    with changes(by=None, reason="a unit", source="command"):
        unit = factories.ResponsibleAreaFactory(parent_id=rivers, slug="banks")
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, areas=(rivers,))

    saved = revise_mandate(mandate=mandate, opened_from=latest_change(), **write, areas=(f"{rivers}/{unit.pk}",))

    assert saved.assignments.get().unit == unit
    assert AREAS_OF_MANDATE.words(AREAS_OF_MANDATE.read(saved)) == "Rivers (Secretariat for Water)"


def test_links_as_they_were_are_the_base_of_a_merge(mandate, write):
    rivers, lakes = areas("rivers", "lakes")
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, areas=(rivers,))
    opened = latest_change()
    revise_mandate(mandate=mandate, opened_from=opened, **write, areas=(lakes, rivers))

    saved = revise_mandate(mandate=mandate, opened_from=opened, **write, paragraph="4", areas=(rivers,))

    assert AREAS_OF_MANDATE.read(saved) == (lakes, rivers)


def test_links_do_not_name_anew_what_was_withdrawn(mandate, write):
    (rivers,) = areas("rivers")
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, areas=(rivers,))
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, areas=())
    factories.reword(ResponsibleArea.objects.get(pk=rivers), is_withdrawn=True)

    with pytest.raises(ValidationError, match="“Rivers” is withdrawn itself"):
        revise_mandate(mandate=mandate, opened_from=latest_change(), **write, areas=(rivers,))

    assert AREAS_OF_MANDATE.read(mandate) == ()


# New ----------------------------------------------------------------------


def test_create_saves_a_form_that_is_sent_twice_once(mandate, write):
    new_id = "7a0c5b0e-6a0e-4c39-9f5b-2f3b6c1d0e01"
    create_mandate(row=mandate.row, new_id=new_id, **write, text=Text.of("Report."))

    with pytest.raises(AlreadyThere):
        create_mandate(row=mandate.row, new_id=new_id, **write, text=Text.of("Report."))

    assert Mandate.objects.count() == 2


def test_create_refuses_the_id_of_what_another_person_made(mandate, write, chair):
    new = create_mandate(row=mandate.row, **write, text=Text.of("Report."))

    with pytest.raises(ValidationError, match="This page is out of date"):
        create_mandate(row=mandate.row, new_id=new.pk, by=chair, reason="a test", text=Text.of("Mine."))

    assert str(Mandate.objects.get(pk=new.pk).text) == "Report."


def test_create_refuses_below_something_withdrawn(mandate, write):
    withdraw_row(row=mandate.row, opened_from=latest_change(), **write)
    row = PlanRow.objects.get()

    with pytest.raises(ValidationError, match="is withdrawn itself"):
        create_mandate(row=row, **write, text=Text.of("Report."))

    assert Mandate.objects.count() == 1


# Withdraw and restore -----------------------------------------------------


def test_withdraw_takes_the_parts_along_and_restore_brings_those_back(group, mandate, write):
    row = PlanRow.objects.get()
    gone_before = create_mandate(row=row, **write, text=Text.of("Report."))
    withdraw_mandate(mandate=gone_before, opened_from=latest_change(), **write)

    withdraw_row(row=row, opened_from=latest_change(), **write)
    assert not Mandate.objects.standing().exists()
    assert not Assignment.objects.standing().exists()

    restore_row(row=row, opened_from=latest_change(), **write)
    assert list(Mandate.objects.standing()) == [mandate]
    assert Assignment.objects.standing().count() == 1
    assert Mandate.objects.count() == 2


def test_withdraw_refuses_what_changed_after_the_page_was_opened(mandate, write):
    opened = latest_change()
    revise_mandate(mandate=mandate, opened_from=opened, **write, paragraph="4")

    with pytest.raises(ChangedMeanwhile):
        withdraw_mandate(mandate=mandate, opened_from=opened, **write)

    assert not Mandate.objects.get().is_withdrawn


def test_withdraw_refuses_where_a_part_changed_after_the_page_was_opened(mandate, write):
    opened = latest_change()
    revise_mandate(mandate=mandate, opened_from=opened, **write, paragraph="4")

    with pytest.raises(ChangedMeanwhile) as refused:
        withdraw_row(row=mandate.row, opened_from=opened, **write)

    assert refused.value.parts == [mandate]
    assert not PlanRow.objects.get().is_withdrawn


def test_restore_refuses_below_something_withdrawn(mandate, write):
    withdraw_mandate(mandate=mandate, opened_from=latest_change(), **write)
    withdraw_row(row=mandate.row, opened_from=latest_change(), **write)

    with pytest.raises(ValidationError, match="is withdrawn itself"):
        revise_mandate(mandate=mandate, opened_from=latest_change(), restoring=True, **write, paragraph="4")

    assert Mandate.objects.get().is_withdrawn


# Order --------------------------------------------------------------------


@pytest.fixture
def three(mandate, write):
    second = create_mandate(row=mandate.row, **write, text=Text.of("Second."))
    third = create_mandate(row=mandate.row, **write, text=Text.of("Third."))
    return [mandate, second, third]


def order(mandate):
    return list(Mandate.objects.filter(row=mandate.row).order_by("position", "id"))


def test_move_writes_one_row(three, write):
    first, second, third = three
    before = Mandate.history.count()

    move_mandate(mandate=third, upwards=True, opened_from=latest_change(), **write)

    assert order(first) == [first, third, second]
    assert Mandate.history.count() == before + 1


def test_move_to_the_top_and_back_down(three, write):
    first, second, third = three

    move_mandate(mandate=second, upwards=True, opened_from=latest_change(), **write)
    assert order(first) == [second, first, third]

    move_mandate(mandate=second, upwards=False, opened_from=latest_change(), **write)
    move_mandate(mandate=second, upwards=False, opened_from=latest_change(), **write)
    assert order(first) == [first, third, second]


def test_move_makes_new_gaps_where_none_is_left(three, write):
    first, second, third = three
    with changes(by=None, reason="close together", source="command"):
        for place, mandate in enumerate(three, start=1):
            mandate.position = place
            mandate.save()

    move_mandate(mandate=third, upwards=True, opened_from=latest_change(), **write)

    assert order(first) == [first, third, second]
    assert [mandate.position for mandate in order(first)] == [1000, 2000, 3000]
    assert len({mandate.history.first().change_set_id for mandate in order(first)}) == 1


def test_move_puts_ties_in_the_order_in_which_they_are_shown(three, write):
    with changes(by=None, reason="ties", source="command"):
        for mandate in three:
            mandate.position = 5
            mandate.save()
    first, second, third = order(three[0])

    move_mandate(mandate=third, upwards=True, opened_from=latest_change(), **write)

    assert order(first) == [first, third, second]


@pytest.mark.parametrize(("place", "upwards", "says"), [(0, True, "the first"), (2, False, "the last")])
def test_move_says_where_it_ends(three, write, place, upwards, says):
    with pytest.raises(ValidationError, match=says):
        move_mandate(mandate=three[place], upwards=upwards, opened_from=latest_change(), **write)


def test_move_refuses_another_order_than_the_one_that_was_seen(three, write):
    first, second, third = three
    opened = latest_change()
    move_mandate(mandate=third, upwards=True, opened_from=opened, **write)

    with pytest.raises(ChangedMeanwhile):
        move_mandate(mandate=third, upwards=True, opened_from=opened, **write)

    assert order(first) == [first, third, second]


def test_move_does_not_mind_a_new_neighbour(three, write):
    first, second, third = three
    opened = latest_change()
    fourth = create_mandate(row=first.row, **write, text=Text.of("Fourth."))

    move_mandate(mandate=third, upwards=True, opened_from=opened, **write)

    assert order(first) == [first, third, second, fourth]
