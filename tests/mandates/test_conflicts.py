"""Two people at one mandate: both are kept, or both are shown."""

import re

import pytest
from django.urls import reverse

from mandates.actions import revise_mandate, withdraw_mandate, withdraw_row
from mandates.models import Mandate
from mandates.views import mandate as mandate_subject
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from mispa.ground.writing import edit
from tests import factories
from tests.writing import errors, fields_of, made, opened, said


def url(thing, verb):
    return reverse(f"mandates:mandate-{verb}", args=[thing.pk])


@pytest.fixture
def mandate(group):
    return Mandate.objects.get()


@pytest.fixture
def write(secretariat):
    return {"by": secretariat, "reason": "for a test"}


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


def test_conflict_of_one_reader_is_not_shown_to_the_next(conflict, as_secretariat, mandate):
    page = as_secretariat.get(url(mandate, "edit")).content.decode()

    assert conflict.status_code == 409
    assert "When you opened it" not in page
    assert "Measure depths twice." not in page


def test_edit_of_what_cannot_come_back_with_a_forged_opening_is_refused_in_words(as_chair, mandate, write):
    sent = opened(as_chair, url(mandate, "edit")) | {"paragraph": "4", "reason": "numbered"}
    withdraw_row(row=mandate.row, opened_from=latest_change(), **write)

    answer = as_chair.post(url(mandate, "edit"), sent | {"restoring": "True", "opened_from": "99999"})

    assert answer.status_code == 200
    assert "It cannot be told what you saw" in answer.content.decode()


def test_edit_of_what_cannot_come_back_says_why(as_chair, mandate, write):
    sent = opened(as_chair, url(mandate, "edit")) | {"paragraph": "4", "reason": "numbered"}
    withdraw_row(row=mandate.row, opened_from=latest_change(), **write)

    answer = as_chair.post(url(mandate, "edit"), sent | {"restoring": "True"})

    assert answer.status_code == 200
    assert "is withdrawn itself. Restore it first." in answer.content.decode()
    assert fields_of(answer)["paragraph"] == "4"


def test_edit_shows_what_was_saved_while_the_page_was_being_made(mandate, secretariat, write, rf):
    """Else its form would take the older wording for a change by its writer."""
    subject = mandate_subject(secretariat, mandate.pk)
    revise_mandate(mandate=mandate, opened_from=latest_change(), **write, text=Text.of("Measure the banks."))
    request = rf.get(url(mandate, "edit"))
    request.user = secretariat

    page = edit(request, subject).content.decode()

    assert "Measure the banks." in page
    assert f'name="opened_from" value="{latest_change()}"' in page
