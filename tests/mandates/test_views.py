"""The pages that write a plan: who may, what is kept of what was typed, and two people at one mandate."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

import mandates.urls
from mandates.actions import move_mandate, revise_mandate, withdraw_mandate, withdraw_row
from mandates.models import (
    Mandate,
    Note,
    Paragraph,
    PlanRow,
    Resolution,
    ResponsibleArea,
)
from mispa.ground.changes import changes
from mispa.ground.models import ChangeSet
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories
from tests.conftest import signed_in
from tests.writing import errors, fields_of, made, opened, said

NOUNS = {
    Resolution: "resolution",
    ResponsibleArea: "area",
    PlanRow: "row",
    Mandate: "mandate",
    Paragraph: "paragraph",
    Note: "note",
}


def url(thing, verb):
    address = {Resolution: lambda: thing.symbol.slug or thing.pk, ResponsibleArea: lambda: thing.slug}
    return reverse(f"mandates:{NOUNS[type(thing)]}-{verb}", args=[address.get(type(thing), lambda: thing.pk)()])


@pytest.fixture
def mandate(group):
    return Mandate.objects.get()


@pytest.fixture
def write(secretariat):
    return {"by": secretariat, "reason": "for a test"}


# One person ----------------------------------------------------------------


def test_edit_saves_and_returns_to_the_draft(as_secretariat, group, mandate):
    sent = opened(as_secretariat, url(mandate, "edit")) | {"text-en": "Measure the banks.", "reason": "clearer"}

    answer = as_secretariat.post(url(mandate, "edit"), sent)

    mandate.refresh_from_db()
    assert answer.status_code == 302
    assert answer["Location"] == f"/{group.slug}/work-plan/draft/#mandate-{mandate.pk}"
    assert mandate.text == Text.of("Measure the banks.")
    change_set = ChangeSet.objects.latest("pk")
    assert (change_set.by.username, change_set.reason) == ("secretariat", "clearer")
    assert said(answer) == ["Saved."]


def test_edit_without_a_change_says_so_and_writes_nothing(as_secretariat, mandate):
    sent = opened(as_secretariat, url(mandate, "edit")) | {"reason": "clearer"}
    before = ChangeSet.objects.count()

    answer = as_secretariat.post(url(mandate, "edit"), sent)

    assert answer.status_code == 200
    assert "Nothing was changed, so nothing was saved." in answer.content.decode()
    assert ChangeSet.objects.count() == before


def test_edit_sent_twice_is_saved_once(as_secretariat, mandate):
    sent = opened(as_secretariat, url(mandate, "edit")) | {"paragraph": "4", "reason": "numbered"}
    as_secretariat.post(url(mandate, "edit"), sent)
    before = ChangeSet.objects.count()

    answer = as_secretariat.post(url(mandate, "edit"), sent)

    assert answer.status_code == 302
    assert "This was saved already." in said(answer)
    assert ChangeSet.objects.count() == before


def test_edit_asks_for_a_reason_and_keeps_what_was_typed(as_secretariat, mandate):
    sent = opened(as_secretariat, url(mandate, "edit")) | {"text-en": "Measure <all>.", "text-es": "Medir."}

    answer = as_secretariat.post(url(mandate, "edit"), sent)

    page = answer.content.decode()
    assert errors(answer) == {"reason": ["Say in some words why this is changed."]}
    assert "Measure &lt;all&gt;." in page
    assert fields_of(answer) == sent
    assert 'id="id_reason_error"' in page
    assert not Mandate.objects.filter(text__es="Medir.").exists()


@pytest.mark.parametrize(
    ("typed", "place", "says"),
    [
        ({"text-en": " "}, "text", "Write the text in English, its original language."),
        ({"text-original": "es"}, "text", "Write the text in Spanish, its original language."),
        ({"text-original": "xx"}, "text", "Choose English, Spanish, French or Portuguese."),
        ({"text-en": "a\x00b"}, "text", "Null characters are not allowed."),
        (
            {"deadline_earliest": "2013-09-31"},
            "deadline_earliest",
            "September 2013 has 30 days. Write September 30, 2013, or another day.",
        ),
        (
            {"deadline_earliest": "2013-09-01"},
            "deadline_latest",
            "Give the first and the last day of the deadline, in this order, or neither.",
        ),
        (
            {"deadline_earliest": "2013-09-01", "deadline_latest": "2013-09-30"},
            "deadline_words",
            "Write the deadline in words as well, as the plan prints it.",
        ),
        (
            {"refined_earliest": "2013-09-01"},
            "refined_latest",
            "A refined deadline names the resolution and its first and last day, in this order.",
        ),
        ({"progress": "nearly"}, "progress", "Select a valid choice. nearly is not one of the available choices."),
        ({"areas": [str(uuid4())]}, "areas", "Choose from the list."),
    ],
)
def test_edit_answers_beside_the_field(as_secretariat, mandate, typed, place, says):
    sent = opened(as_secretariat, url(mandate, "edit")) | {"reason": "clearer"} | typed

    answer = as_secretariat.post(url(mandate, "edit"), sent)

    assert answer.status_code == 200
    assert says in errors(answer)[place]
    assert fields_of(answer) == sent


@pytest.mark.parametrize("forged", ["", "0", "-1", "99999999", "9" * 30, "x", "<b>"])
def test_edit_with_a_forged_opening_is_refused_in_words(as_secretariat, mandate, forged):
    sent = opened(as_secretariat, url(mandate, "edit")) | {"paragraph": "4", "reason": "numbered"}

    answer = as_secretariat.post(url(mandate, "edit"), sent | {"opened_from": forged, "choice-text-en": "theirs"})

    mandate.refresh_from_db()
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert mandate.paragraph == ""


def test_edit_writes_areas_in_their_order(as_secretariat, mandate):
    rivers, lakes = (made(factories.ResponsibleAreaFactory, name=Text.of(name)) for name in ("Rivers", "Lakes"))
    unit = made(factories.ResponsibleAreaFactory, name=Text.of("Banks"), parent=rivers)
    sent = opened(as_secretariat, url(mandate, "edit")) | {"reason": "assigned"}

    as_secretariat.post(url(mandate, "edit"), sent | {"areas": [str(lakes.pk), "", f"{rivers.pk}/{unit.pk}"]})

    assert [str(link) for link in mandate.assignments.standing().in_order()] == ["Lakes", "Rivers (Banks)"]


def test_edit_refuses_one_area_twice(as_secretariat, mandate):
    rivers = made(factories.ResponsibleAreaFactory, name=Text.of("Rivers"))
    unit = made(factories.ResponsibleAreaFactory, name=Text.of("Banks"), parent=rivers)
    sent = opened(as_secretariat, url(mandate, "edit")) | {"reason": "assigned"}

    answer = as_secretariat.post(url(mandate, "edit"), sent | {"areas": [str(rivers.pk), f"{rivers.pk}/{unit.pk}"]})

    assert errors(answer) == {"areas": ["“Rivers” is there twice; choose it once."]}


# Two people at one mandate ---------------------------------------------------


def test_two_people_change_different_fields_and_both_are_kept(as_secretariat, as_chair, mandate):
    first = opened(as_secretariat, url(mandate, "edit")) | {"text-en": "Measure the banks.", "reason": "clearer"}
    second = opened(as_chair, url(mandate, "edit")) | {"paragraph": "4", "reason": "numbered"}
    as_secretariat.post(url(mandate, "edit"), first)

    answer = as_chair.post(url(mandate, "edit"), second)

    mandate.refresh_from_db()
    assert (str(mandate.text), mandate.paragraph) == ("Measure the banks.", "4")
    assert said(answer) == ["Saved. Others changed meanwhile, and it is kept: Wording."]


def test_two_people_change_different_languages_and_both_are_kept(as_secretariat, as_chair, mandate):
    first = opened(as_secretariat, url(mandate, "edit")) | {"text-es": "Medir.", "reason": "translated"}
    second = opened(as_chair, url(mandate, "edit")) | {"text-fr": "Mesurer.", "reason": "translated"}

    as_secretariat.post(url(mandate, "edit"), first)
    as_chair.post(url(mandate, "edit"), second)

    mandate.refresh_from_db()
    assert (mandate.text.wordings["es"], mandate.text.wordings["fr"]) == ("Medir.", "Mesurer.")


@pytest.fixture
def conflict(as_secretariat, as_chair, mandate):
    """The secretariat saved a wording and a deadline; the chair sends another wording and a paragraph number."""
    first = opened(as_secretariat, url(mandate, "edit")) | {
        "text-en": "Measure the banks.",
        "deadline_words-en": "early 2014",
        "reason": "clearer",
    }
    second = opened(as_chair, url(mandate, "edit")) | {
        "text-en": "Measure depths twice.",
        "paragraph": "4",
        "reason": "asked for",
    }
    as_secretariat.post(url(mandate, "edit"), first)
    return as_chair.post(url(mandate, "edit"), second)


def test_conflict_shows_three_wordings_and_who_saved(conflict, mandate):
    page = conflict.content.decode()

    mandate.refresh_from_db()
    assert conflict.status_code == 409
    assert str(mandate.text) == "Measure the banks."
    assert "Others saved before you" in page
    assert "Measure the depth of each river." in page
    assert re.search(r'<ins><span class="vh">added: </span>[^<]*banks', page)
    assert re.search(r'<ins><span class="vh">added: </span>[^<]*twice', page)
    assert "secretariat, <time" in page
    assert 'href="#id_text-en"' in page


def test_conflict_keeps_all_that_was_typed_and_shows_what_others_changed(conflict):
    fields = fields_of(conflict)

    assert (fields["text-en"], fields["paragraph"], fields["reason"]) == ("Measure depths twice.", "4", "asked for")
    assert fields["deadline_words-en"] == "early 2014"
    assert int(fields["opened_from"]) == latest_change()
    assert conflict.context["form"].kept == ["Deadline in words"]


def test_conflict_sent_again_saves_the_wording_of_the_field(conflict, as_chair, mandate):
    sent = fields_of(conflict) | {"text-en": "Measure banks and depths.", "choice-text-en": "mine"}

    answer = as_chair.post(url(mandate, "edit"), sent)

    mandate.refresh_from_db()
    assert answer.status_code == 302
    assert (str(mandate.text), mandate.paragraph) == ("Measure banks and depths.", "4")
    assert str(mandate.deadline_words) == "early 2014"


def test_conflict_settled_for_theirs_keeps_the_rest_of_mine(conflict, as_chair, mandate):
    answer = as_chair.post(url(mandate, "edit"), fields_of(conflict) | {"choice-text-en": "theirs"})

    mandate.refresh_from_db()
    assert answer.status_code == 302
    assert (str(mandate.text), mandate.paragraph) == ("Measure the banks.", "4")


def test_conflict_settled_for_theirs_is_not_forgotten_by_an_error(conflict, as_chair, mandate):
    sent = fields_of(conflict) | {"choice-text-en": "theirs", "reason": ""}

    answer = as_chair.post(url(mandate, "edit"), sent)

    assert set(errors(answer)) == {"reason"}
    assert fields_of(answer)["text-en"] == "Measure the banks."


def test_conflict_comes_again_if_a_third_wording_was_saved(conflict, as_chair, mandate, write):
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, text=Text.of("Measure it all."))

    answer = as_chair.post(url(mandate, "edit"), fields_of(conflict) | {"choice-text-en": "mine"})

    assert answer.status_code == 409
    assert re.search(r"added: </span>[^<]*it all", answer.content.decode())


def test_conflict_of_areas_shows_both_lists(as_secretariat, as_chair, mandate):
    rivers, lakes = (made(factories.ResponsibleAreaFactory, name=Text.of(name)) for name in ("Rivers", "Lakes"))
    first = opened(as_secretariat, url(mandate, "edit")) | {"areas": [str(rivers.pk)], "reason": "assigned"}
    second = opened(as_chair, url(mandate, "edit")) | {"areas": [str(lakes.pk)], "reason": "assigned"}
    as_secretariat.post(url(mandate, "edit"), first)

    answer = as_chair.post(url(mandate, "edit"), second)
    (clash,) = answer.context["form"].clashes
    settled = as_chair.post(url(mandate, "edit"), fields_of(answer) | {"choice-areas": "theirs"})

    assert answer.status_code == 409
    assert ("Rivers" in clash.theirs, "Lakes" in clash.mine) == (True, True)
    assert settled.status_code == 200  # nothing of hers is left to save
    assert [str(link) for link in mandate.assignments.standing()] == ["Rivers"]


def test_rules_that_the_merged_text_breaks_show_what_others_changed(as_secretariat, as_chair, mandate, write):
    values = {"deadline_words": Text.of("early 2014"), "deadline_earliest": "2014-01-01"}
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, **values, deadline_latest="2014-03-31")
    first = opened(as_secretariat, url(mandate, "edit")) | {"deadline_latest": "2014-01-15", "reason": "sooner"}
    second = opened(as_chair, url(mandate, "edit")) | {"deadline_earliest": "2014-02-01", "reason": "later"}
    as_secretariat.post(url(mandate, "edit"), first)

    answer = as_chair.post(url(mandate, "edit"), second)

    assert "deadline_latest" in errors(answer)
    assert fields_of(answer)["deadline_earliest"] == "2014-02-01"
    assert str(fields_of(answer)["deadline_latest"]) == "2014-01-15"
    assert answer.context["form"].kept == ["Last day it can mean"]


def test_edit_of_what_was_withdrawn_meanwhile_loses_nothing(as_chair, mandate, write):
    sent = opened(as_chair, url(mandate, "edit")) | {"paragraph": "4", "reason": "numbered"}
    withdraw_mandate(mandate=mandate, opened_from=latest_change(), **write)

    answer = as_chair.post(url(mandate, "edit"), sent)

    assert answer.status_code == 409
    assert "This is withdrawn." in answer.content.decode()
    assert "for a test" in answer.content.decode()
    assert fields_of(answer)["paragraph"] == "4"

    again = as_chair.post(url(mandate, "edit"), sent | {"restoring": "True"})
    mandate.refresh_from_db()
    assert again.status_code == 302
    assert (mandate.is_withdrawn, mandate.paragraph) == (False, "4")


# New ------------------------------------------------------------------------


def test_create_mandate_stands_at_the_end_of_its_row(as_secretariat, group, mandate):
    address = reverse("mandates:mandate-create", args=[mandate.row_id])
    sent = opened(as_secretariat, address) | {"text-en": "Report.", "reason": "entered"}

    answer = as_secretariat.post(address, sent)

    new = Mandate.objects.exclude(pk=mandate.pk).get()
    assert answer["Location"] == f"/{group.slug}/work-plan/draft/#mandate-{new.pk}"
    assert new.position > mandate.position


def test_create_sent_twice_makes_one(as_secretariat, mandate):
    address = reverse("mandates:mandate-create", args=[mandate.row_id])
    sent = opened(as_secretariat, address) | {"text-en": "Report.", "reason": "entered"}
    first = as_secretariat.post(address, sent)

    second = as_secretariat.post(address, sent)

    assert second["Location"] == first["Location"]
    assert "This was saved already." in said(second)
    assert Mandate.objects.count() == 2


def test_create_row_takes_what_is_left_empty_from_the_resolution(as_secretariat, group):
    resolution = made(factories.ResolutionFactory, title=Text.of("Care of Lakes", es="Cuidado"))
    address = reverse("mandates:row-create", args=[group.slug])
    sent = opened(as_secretariat, address) | {"resolution": str(resolution.pk), "reason": "entered"}

    as_secretariat.post(address, sent)

    row = PlanRow.objects.get(resolution=resolution)
    assert (row.symbol_as_printed, row.title_as_printed) == (resolution.symbol.canonical, resolution.title)


def test_create_row_says_that_the_resolution_has_a_row(as_secretariat, group):
    address = reverse("mandates:row-create", args=[group.slug])
    sent = opened(as_secretariat, address) | {"resolution": str(Resolution.objects.get().pk), "reason": "entered"}

    answer = as_secretariat.post(address, sent)

    assert errors(answer) == {"resolution": ["This resolution already has a row in the plan."]}


def test_create_paragraph_needs_a_section(as_secretariat, group):
    address = reverse("mandates:paragraph-create", args=[group.slug])

    assert as_secretariat.get(address).status_code == 404
    assert as_secretariat.get(f"{address}?section=epilogue").status_code == 404


def test_create_paragraph_is_written_in_its_section(as_secretariat, group):
    address = reverse("mandates:paragraph-create", args=[group.slug]) + "?section=mandate"
    sent = opened(as_secretariat, address) | {"text-en": "Mandated.[^report]", "reason": "entered"}

    as_secretariat.post(address, sent)

    assert str(Paragraph.objects.get(section="mandate").text) == "Mandated.[^report]"


def test_create_note_is_in_the_language_of_the_plan(as_secretariat, group):
    with changes(by=None, reason="in Spanish", source="command"):
        group.plan.original_language = "es"
        group.plan.save()
    address = reverse("mandates:note-create", args=[group.slug])

    sent = opened(as_secretariat, address)
    as_secretariat.post(address, sent | {"key": "informe", "text-es": "Informe.", "reason": "entered"})

    assert sent["text-original"] == "es"
    assert Note.objects.get(key="informe").text == Text.of("Informe.", original="es")


def test_create_resolution_says_that_its_symbol_is_pending(as_secretariat):
    address = reverse("mandates:resolution-create")
    sent = opened(as_secretariat, address)
    sent |= {"symbol": "AG/RES. 2735", "title-en": "Advancing Security", "reason": "entered"}

    answer = as_secretariat.post(address, sent)

    resolution = Resolution.objects.get(symbol__printed="AG/RES. 2735")
    assert answer["Location"] == f"/resolutions/{resolution.pk}/"
    assert said(answer) == [
        "Saved.",
        "The symbol is kept as pending: “AG/RES. 2735” names no session; add session and year as the paper prints them,"
        " such as (XLII-O/12).",
    ]


def test_create_resolution_shows_beside_the_field_what_is_wrong(as_secretariat):
    address = reverse("mandates:resolution-create")
    sent = opened(as_secretariat, address) | {"symbol": "Letter of May 5", "title-en": "Care", "reason": "entered"}

    answer = as_secretariat.post(address, sent)

    (sentence,) = errors(answer)["symbol"]
    assert sentence.startswith("“Letter of May 5” ")
    assert fields_of(answer)["symbol"] == "Letter of May 5"


def test_create_area_answers_a_taken_address(as_secretariat, group):
    address = reverse("mandates:area-create")
    taken = ResponsibleArea.objects.get().slug
    sent = opened(as_secretariat, address) | {"slug": taken, "name-en": "Other", "reason": "entered"}

    answer = as_secretariat.post(address, sent)

    assert errors(answer) == {"slug": ["Another area has this address; choose a different one."]}


def test_create_mandate_below_a_withdrawn_row_is_not_found(as_secretariat, mandate, write):
    withdraw_row(row=mandate.row, opened_from=latest_change(), **write)

    assert as_secretariat.get(reverse("mandates:mandate-create", args=[mandate.row_id])).status_code == 404


# Edit of the other nouns -----------------------------------------------------


def test_edit_of_a_resolution_with_a_pending_symbol_goes_by_its_id(as_secretariat, secretariat):
    resolution = made(
        factories.ResolutionFactory,
        symbol=made(factories.RegisteredSymbolFactory, canonical=None, slug=None, state="pending", printed="AG/RES. 1"),
    )
    sent = opened(as_secretariat, url(resolution, "edit"))
    sent |= {"symbol": "AG/RES. 2735 (XLII-O/12)", "reason": "completed"}

    answer = as_secretariat.post(url(resolution, "edit"), sent)

    assert answer["Location"] == "/resolutions/ag-res-2735-xlii-o-12/"


@pytest.mark.parametrize(
    ("model", "typed"),
    [
        (PlanRow, {"symbol_as_printed": "AG/RES. 99"}),
        (Paragraph, {"text-en": "They met twice."}),
        (Note, {"text-en": "Another report."}),
        (ResponsibleArea, {"abbreviation": "SW"}),
        (Resolution, {"title-en": "Care of all Rivers"}),
    ],
)
def test_edit_of_each_noun_saves(as_secretariat, group, model, typed):
    thing = model.objects.get()
    sent = opened(as_secretariat, url(thing, "edit")) | {"reason": "clearer"} | typed

    answer = as_secretariat.post(url(thing, "edit"), sent)

    assert answer.status_code == 302
    ((name, value),) = typed.items()
    assert model.objects.filter(**{name.replace("-", "__"): value}).exists()


# Withdraw, restore, move ------------------------------------------------------


def test_withdraw_and_restore_ask_for_a_reason(as_secretariat, mandate):
    for verb, after in (("withdraw", True), ("restore", False)):
        sent = opened(as_secretariat, url(mandate, verb))
        refused = as_secretariat.post(url(mandate, verb), sent)
        done = as_secretariat.post(url(mandate, verb), sent | {"reason": "agreed"})

        mandate.refresh_from_db()
        assert errors(refused) == {"reason": ["Say in some words why."]}
        assert done.status_code == 302
        assert mandate.is_withdrawn is after


def test_withdraw_sent_twice_says_that_it_is_done(as_secretariat, mandate):
    sent = opened(as_secretariat, url(mandate, "withdraw")) | {"reason": "agreed"}
    as_secretariat.post(url(mandate, "withdraw"), sent)

    answer = as_secretariat.post(url(mandate, "withdraw"), sent)

    assert answer.status_code == 302
    assert "It is withdrawn already." in said(answer)


def test_withdraw_of_what_changed_meanwhile_shows_the_change_first(as_chair, mandate, write):
    sent = opened(as_chair, url(mandate, "withdraw")) | {"reason": "agreed"}
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, text=Text.of("Measure the banks."))

    answer = as_chair.post(url(mandate, "withdraw"), sent)

    mandate.refresh_from_db()
    assert answer.status_code == 409
    assert not mandate.is_withdrawn
    assert re.search(r"added: </span>[^<]*banks", answer.content.decode())
    assert fields_of(answer)["reason"] == "agreed"

    as_chair.post(url(mandate, "withdraw"), fields_of(answer))
    mandate.refresh_from_db()
    assert mandate.is_withdrawn


def test_withdraw_says_where_it_is_still_named(as_secretariat, group):
    area = ResponsibleArea.objects.get()
    sent = opened(as_secretariat, url(area, "withdraw")) | {"reason": "agreed"}

    answer = as_secretariat.post(url(area, "withdraw"), sent)

    assert answer.status_code == 200
    assert f"It is still named here: row of the plan: {PlanRow.objects.get()}." in answer.content.decode()


def test_withdrawn_area_leads_to_its_history(as_secretariat):
    area = made(factories.ResponsibleAreaFactory)
    sent = opened(as_secretariat, url(area, "withdraw")) | {"reason": "agreed"}

    answer = as_secretariat.post(url(area, "withdraw"), sent)

    assert answer["Location"] == url(area, "history")
    assert as_secretariat.get(answer["Location"]).status_code == 200


def test_withdraw_with_a_forged_opening_is_refused_in_words(as_secretariat, mandate):
    answer = as_secretariat.post(url(mandate, "withdraw"), {"reason": "agreed", "opened_from": "99999"})

    assert answer.status_code == 200
    assert "It cannot be told what you saw" in answer.content.decode()
    assert not Mandate.objects.get().is_withdrawn


@pytest.fixture
def second(mandate):
    return made(factories.MandateFactory, row=mandate.row, position=mandate.position + 1000, text=Text.of("Report."))


def test_move_changes_the_order_with_a_reason_of_its_own(as_secretariat, group, mandate, second):
    sent = {"direction": "up", "opened_from": latest_change()}

    answer = as_secretariat.post(url(second, "move"), sent)

    assert answer["Location"] == f"/{group.slug}/work-plan/draft/#mandate-{second.pk}"
    assert list(Mandate.objects.order_by("position")) == [second, mandate]
    assert ChangeSet.objects.latest("pk").reason == "Moved up."


def test_move_in_another_order_shows_both_and_moves_nothing(as_secretariat, mandate, second, write):
    opened_from = latest_change()
    move_mandate(mandate=second, upwards=True, opened_from=opened_from, **write)

    answer = as_secretariat.post(url(second, "move"), {"direction": "up", "opened_from": opened_from})

    assert answer.status_code == 409
    assert answer.context["seen"] == [mandate, second]
    assert answer.context["now"] == [second, mandate]
    assert answer.context["opened_from"] == latest_change()


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"direction": "sideways"}, "Choose up or down."),
        ({"direction": "up", "opened_from": "x"}, "It cannot be told what you saw"),
        ({"direction": "up", "opened_from": "9" * 40}, "It cannot be told what you saw"),
        ({"direction": "up"}, "It cannot be told what you saw"),
    ],
)
def test_move_refuses_in_words_what_no_button_sends(as_secretariat, mandate, sent, says):
    answer = as_secretariat.post(url(mandate, "move"), sent)

    assert answer.status_code == 200
    assert says in answer.content.decode()


def test_move_of_the_first_upwards_says_so(as_secretariat, mandate):
    answer = as_secretariat.post(url(mandate, "move"), {"direction": "up", "opened_from": latest_change()})

    assert "It is the first already." in answer.content.decode()


# History ---------------------------------------------------------------------


def test_history_tells_who_why_and_what(as_chair, mandate, write):
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, text=Text.of("Measure the banks."))

    page = as_chair.get(url(mandate, "history")).content.decode()

    assert "secretariat" in page
    assert "for a test" in page
    assert re.search(r'<del><span class="vh">removed: </span>[^<]*depth', page)
    assert "a command of the system" in page
    assert "on a page" in page


def test_history_escapes_what_was_typed(as_chair, mandate, write):
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, text=Text.of("<script>x</script>"))

    assert "<script>x" not in as_chair.get(url(mandate, "history")).content.decode()


# Who may ----------------------------------------------------------------------

VERBS = ["edit", "withdraw", "restore", "move", "history"]


def pages():
    """Every page that writes, by the object or parent that it belongs to."""
    found = {}
    for model in NOUNS:
        thing = model.objects.get()
        verbs = VERBS if model in {PlanRow, Mandate, Paragraph} else [verb for verb in VERBS if verb != "move"]
        found |= {f"{NOUNS[model]}-{verb}": url(thing, verb) for verb in verbs}
    slug = PlanRow.objects.get().plan.group.slug
    return found | {
        "row-create": reverse("mandates:row-create", args=[slug]),
        "paragraph-create": reverse("mandates:paragraph-create", args=[slug]) + "?section=background",
        "note-create": reverse("mandates:note-create", args=[slug]),
        "mandate-create": reverse("mandates:mandate-create", args=[PlanRow.objects.get().pk]),
        "resolution-create": reverse("mandates:resolution-create"),
        "area-create": reverse("mandates:area-create"),
    }


def statuses(client, method="get"):
    return {name: getattr(client, method)(address).status_code for name, address in pages().items()}


def test_pages_are_known_to_the_test(group):
    parts = [getattr(part, "url_patterns", [part]) for part in mandates.urls.urlpatterns]
    names = {pattern.name for part in parts for pattern in part}

    assert set(pages()) == names


@pytest.mark.parametrize("role", ["secretariat", "chair", "vice_chair"])
def test_editors_see_every_page(request, group, role):
    client = signed_in(request.getfixturevalue(role))

    assert set(statuses(client).values()) == {200}


@pytest.mark.parametrize("role", ["delegate", "outsider"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_others_may_not(request, group, role, method):
    client = signed_in(request.getfixturevalue(role))
    hidden = {"outsider": {name for name in pages() if name.startswith("resolution-") and name != "resolution-create"}}

    answers = statuses(client, method)

    # The reading of a history by POST is refused before anything else.
    expected = {name: 404 if name in hidden.get(role, ()) else 403 for name in pages()}
    if method == "post":
        expected |= {name: 405 for name in pages() if name.endswith("-history")}
    assert answers == expected


@pytest.mark.parametrize("method", ["get", "post"])
def test_administrator_sees_histories_and_writes_nothing(administrator, group, method):
    answers = statuses(signed_in(administrator), method)

    histories = {name for name in pages() if name.endswith("-history")}
    history = 200 if method == "get" else 405
    assert answers == {name: history if name in histories else 403 for name in pages()}


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_asked_to_sign_in(group, method):
    answers = [getattr(Client(), method)(address) for address in pages().values()]

    assert {answer.status_code for answer in answers} == {302}
    assert all(answer["Location"].startswith("/accounts/sign-in/") for answer in answers)


def test_parts_of_a_hidden_group_are_not_found(outsider, administrator):
    factories.whole_group(is_public=False)
    parts = {name: address for name, address in pages().items() if not name.startswith(("resolution", "area"))}

    assert {signed_in(outsider).get(address).status_code for address in parts.values()} == {404}


def test_roles_in_another_group_give_no_right_here(group):
    stranger = factories.member(made(factories.WorkingGroupFactory), "chair", username="elsewhere")

    answers = statuses(signed_in(stranger))

    shared = {name for name in pages() if name.startswith(("resolution", "area"))}
    assert answers == {name: 200 if name in shared else 403 for name in pages()}


def test_unknown_objects_are_not_found(as_secretariat, group):
    unknown = [
        f"/{noun}/{uuid4()}/edit/" for noun in ("rows", "mandates", "paragraphs", "notes", "resolutions", "areas")
    ]

    assert {as_secretariat.get(address).status_code for address in unknown} == {404}
