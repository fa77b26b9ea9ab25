"""The pages that write a plan: what is saved, and what is kept of what was typed."""

from uuid import uuid4

import pytest
from django.urls import reverse

from mandates.actions import revise_mandate, withdraw_mandate, withdraw_row
from mandates.models import Mandate, Note, Paragraph, PlanRow, Resolution, ResponsibleArea
from mispa.ground.changes import changes
from mispa.ground.models import ChangeSet
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories
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


# Edit -----------------------------------------------------------------------


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


# A form of a new object sent again ---------------------------------------


@pytest.fixture
def sent_new(as_secretariat, mandate):
    address = reverse("mandates:mandate-create", args=[mandate.row_id])
    sent = opened(as_secretariat, address) | {"text-en": "Report.", "reason": "asked for"}
    as_secretariat.post(address, sent)
    return address, sent


def test_new_sent_again_with_other_words_is_an_edit(as_secretariat, sent_new):
    address, sent = sent_new
    corrected = sent | {"text-en": "Report twice.", "areas": [str(ResponsibleArea.objects.get().pk)]}

    answers = [as_secretariat.post(address, corrected) for _time in range(2)]

    saved = Mandate.objects.get(pk=sent["new_id"])
    assert [said(answer)[-1] for answer in answers] == ["Saved.", "This was saved already."]
    assert (str(saved.text), saved.assignments.count(), Mandate.objects.count()) == ("Report twice.", 1, 2)


def test_new_sent_again_does_not_undo_what_others_wrote(as_secretariat, chair, sent_new):
    address, sent = sent_new
    saved = Mandate.objects.get(pk=sent["new_id"])
    others = {"by": chair, "reason": "a test", "text": Text.of("Report soon."), "paragraph": "4"}
    revise_mandate(mandate=saved, opened_from=latest_change(), **others)

    same = as_secretariat.post(address, sent)
    answer = as_secretariat.post(address, sent | {"text-en": "Report twice."})
    settled = as_secretariat.post(address, fields_of(answer) | {"choice-text-en": "mine"})

    saved.refresh_from_db()
    assert (same.status_code, answer.status_code, settled.status_code) == (302, 409, 302)
    assert (str(saved.text), saved.paragraph) == ("Report twice.", "4")


def test_new_sent_again_after_withdrawal_keeps_what_was_typed(as_secretariat, secretariat, sent_new):
    address, sent = sent_new
    saved = Mandate.objects.get(pk=sent["new_id"])
    withdraw_mandate(mandate=saved, opened_from=latest_change(), by=secretariat, reason="a test")

    answer = as_secretariat.post(address, sent | {"text-en": "Report twice."})

    assert answer.status_code == 409
    assert f'href="/mandates/{saved.pk}/restore/"' in answer.content.decode()
    restored = as_secretariat.post(address, fields_of(answer) | {"restoring": "True"})
    saved.refresh_from_db()
    assert restored.status_code == 302
    assert (str(saved.text), saved.is_withdrawn) == ("Report twice.", False)


def test_new_area_sent_again_with_another_name_is_an_edit(as_secretariat):
    address = reverse("mandates:area-create")
    sent = opened(as_secretariat, address) | {"name-en": "Rivrs", "slug": "rivers", "reason": "asked for"}
    as_secretariat.post(address, sent)

    answer = as_secretariat.post(address, sent | {"name-en": "Rivers"})

    assert answer.status_code == 302
    assert str(ResponsibleArea.objects.get(slug="rivers").name) == "Rivers"


def test_new_below_another_owner_is_no_edit(as_secretariat, sent_new):
    _address, sent = sent_new
    row = made(factories.PlanRowFactory, plan=Mandate.objects.get(pk=sent["new_id"]).row.plan)

    answer = as_secretariat.post(reverse("mandates:mandate-create", args=[row.pk]), sent | {"text-en": "Report twice."})

    assert answer.status_code == 403
    assert str(Mandate.objects.get(pk=sent["new_id"]).text) == "Report."


# What nobody can see, and what nobody reads -------------------------------


def test_controls_are_dropped_from_what_is_typed(as_secretariat, mandate):
    typed = {"text-en": "Mea\x07\x00sure\u202e\ufdd0\n\tall.\U0001ffff", "reason": "cl\u2066earer"}

    as_secretariat.post(url(mandate, "edit"), opened(as_secretariat, url(mandate, "edit")) | typed)

    mandate.refresh_from_db()
    assert (str(mandate.text), ChangeSet.objects.latest("pk").reason) == ("Measure\n\tall.", "clearer")


def test_wording_of_more_than_20000_characters_is_refused(as_secretariat, mandate):
    typed = {"text-es": "a" * 20_001, "reason": "longer"}

    answer = as_secretariat.post(url(mandate, "edit"), opened(as_secretariat, url(mandate, "edit")) | typed)

    assert errors(answer) == {"text": ["The wording in Spanish is too long. Divide or shorten it."]}
