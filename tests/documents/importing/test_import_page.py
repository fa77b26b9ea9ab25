"""Where an editor brings a plan in: a file is chosen, looked at, decided on and saved."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from documents.importing.keeping import as_json
from documents.models import ImportedPlan, WaitingFile
from mandates.models import Mandate
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in
from tests.documents.importing.files import MEASURE, bring, brought, empty_group, plan_text, said
from tests.writing import errors, fields_of, send
from tests.writing import said as told

pytestmark = pytest.mark.django_db

PLAN = """II. MANDATE

The Assembly asked for a plan.

IV. WORK PLAN

RESOLUTION\tMANDATE\tAREA RESPONSIBLE

AG/RES. 3100 (XLVIII-O/18)
Care of Rivers\t· Measure the depth of each river.\tWater Board

V. CALENDAR
"""


@pytest.fixture
def group() -> Any:
    return empty_group("brooks")


@pytest.fixture
def secretary(group: Any) -> Any:
    return make.member(group, "secretariat")


@pytest.fixture
def client(secretary: Any) -> Any:
    return signed_in(secretary)


def waiting(group: Any, by: Any, text: dict[str, Any]) -> str:
    kept = make.WaitingFileFactory(plan=group.plan, by=by, brought=as_json(brought(text)))
    return f"/brooks/work-plan/import/{kept.pk}/"


def sent(page: Any, **more: Any) -> dict[str, Any]:
    return fields_of(page) | {"reason": "the plan of the secretariat"} | more


def upload(client: Any, content: bytes, name: str = "plan.txt") -> Any:
    return client.post("/brooks/work-plan/import/", {"file": SimpleUploadedFile(name, content)})


# ---- choosing


def test_a_file_that_is_chosen_leads_to_what_it_would_change(client, group, secretary):
    answer = upload(client, PLAN.encode())

    kept = WaitingFile.objects.get()
    assert (kept.by, kept.file_name) == (secretary, "plan.txt")
    assert answer.url == f"/brooks/work-plan/import/{kept.pk}/"
    assert client.get(answer.url).status_code == 200
    assert not Mandate.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty."),
        (b"%PDF-1.7 and so on", "This is a PDF file. Bring in the plan as .docx, .txt or .json."),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_beside_its_field(content, sentence, client):
    answer = upload(client, content)

    assert (answer.status_code, errors(answer)) == (400, {"file": [sentence]})


def test_a_file_that_is_too_large_is_not_read(client, monkeypatch):
    monkeypatch.setattr("documents.views.shared.LARGEST", 10)
    monkeypatch.setattr("documents.views.importing.LARGEST", 10)

    answer = upload(client, b"more than ten bytes")

    assert "more than 20 MB" in errors(answer)["file"][0]


@pytest.mark.parametrize("address", ["/brooks/work-plan/import/", "/brooks/documents/import/", "/verify/"])
def test_a_form_that_is_sent_as_if_it_had_no_file_asks_for_one(address, client):
    answer = send(client, address, {"reason": "came by mail"})

    assert answer.status_code in {200, 400}
    assert 'aria-invalid="true"' in answer.text


def test_a_new_file_takes_the_place_of_the_earlier_one_and_old_ones_go(client, group, secretary):
    make.WaitingFileFactory(plan=group.plan, by=secretary)
    old = make.WaitingFileFactory(plan=group.plan)
    WaitingFile.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=2))

    upload(client, PLAN.encode())

    assert WaitingFile.objects.count() == 1


def test_a_file_of_somebody_else_is_not_there(group, secretary):
    address = waiting(group, secretary, plan_text())
    chair = signed_in(make.member(group, "chair"))

    answer = chair.get(address)

    assert answer.url == "/brooks/work-plan/import/"
    assert told(answer) == ["This file waits no longer: it was saved, or another was chosen. Choose it again."]


# ---- looking and saving


def test_what_is_saved_is_one_change_with_its_page(client, group, secretary):
    address = waiting(group, secretary, plan_text())

    answer = client.post(address, sent(client.get(address)))

    imported = ImportedPlan.objects.get()
    assert answer.url == "/brooks/work-plan/draft/"
    assert (imported.change_set.by, imported.change_set.source) == (secretary, "import")
    assert imported.change_set.reason == "the plan of the secretariat"
    assert Mandate.objects.count() == 3
    assert not WaitingFile.objects.exists()
    page = client.get(imported.get_absolute_url()).content.decode()
    assert "plan.txt" in page
    assert f"/brooks/history/{imported.change_set_id}/undo/" in page


def test_without_a_reason_nothing_is_saved_and_choices_are_kept(client, group, secretary):
    address = waiting(group, secretary, plan_text())

    answer = client.post(address, sent(client.get(address), reason="", others=["rows/1"]))

    assert list(errors(answer)) == ["reason"]
    assert answer.context["form"].chosen == {"rows/1"}
    assert not Mandate.objects.exists()


def test_what_changed_meanwhile_is_shown_anew_with_the_choices_kept(client, group, secretary):
    text = plan_text()
    bring(group, text)
    text["rows"][0]["mandates"][0]["text"] = said("Measure all.")
    address = waiting(group, secretary, text)
    first = sent(client.get(address), others=["rows/0/mandates/0:text:en"])
    make.reword(Mandate.objects.get(text__en=MEASURE), text=Text.of("Measure some."))

    answer = client.post(address, first)

    assert answer.status_code == 409
    assert answer.context["form"].chosen == {"rows/0/mandates/0:text:en"}
    assert Mandate.objects.filter(text__en="Measure some.").exists()

    client.post(address, sent(answer, others=["rows/0/mandates/0:text:en"]))

    assert Mandate.objects.filter(text__en="Measure all.").exists()


def test_a_rule_that_refuses_says_where(client, group, secretary):
    text = plan_text()
    text["meetings"][1] |= {"ends": "2013-09-19T09:00"}
    address = waiting(group, secretary, text)

    answer = client.post(address, sent(client.get(address)))

    assert errors(answer)["__all__"] == ["Meeting of September\xa019, 2013: The end lies before the beginning."]
    assert not Mandate.objects.exists()


def test_the_same_file_says_that_nothing_changes(client, group, secretary):
    bring(group, plan_text())
    address = waiting(group, secretary, plan_text())

    page = client.get(address)

    assert "Nothing changes: all that this file holds is here already." in page.content.decode()
    assert page.context["sections"] == []


def test_a_chair_enters_no_rooms_by_a_file(group):
    chair = make.member(group, "chair")
    address = waiting(group, chair, plan_text())
    client = signed_in(chair)

    answer = client.post(address, sent(client.get(address)))

    assert "the secretariat enters rooms and cities" in errors(answer)["__all__"][0]


@pytest.mark.parametrize("role", ["delegate", "administrator"])
def test_only_editors_bring_a_plan_in(role, group):
    person = make.UserFactory(is_staff=True) if role == "administrator" else make.member(group, role)

    assert signed_in(person).get("/brooks/work-plan/import/").status_code == 403


# ---- what may stand in the way


def test_a_group_without_a_plan_says_so(client, secretary):
    with make.changes(by=None, reason="a group for a test", source="command"):
        without = make.WorkingGroupFactory(slug="ditches")
        make.MembershipFactory(group=without, user=secretary, role="secretariat")

    for address in ("", f"{uuid4()}/"):
        answer = client.get(f"/ditches/work-plan/import/{address}")

        assert answer.status_code == 404
        assert "This group has no work plan yet." in answer.content.decode()


def test_a_file_that_is_sent_twice_is_saved_once_and_the_second_says_so(client, group, secretary):
    address = waiting(group, secretary, plan_text())
    sending = sent(client.get(address))
    client.post(address, sending)

    answer = client.post(address, sending)

    assert answer.url == "/brooks/work-plan/import/"
    assert ImportedPlan.objects.count() == 1


def test_two_people_who_save_the_same_file_save_it_once(client, group, secretary):
    mine = waiting(group, secretary, plan_text())
    other = make.member(group, "secretariat", "other")
    theirs = waiting(group, other, plan_text())
    sending = sent(client.get(mine))
    signed_in(other).post(theirs, sent(signed_in(other).get(theirs)))

    answer = client.post(mine, sending)

    assert answer.status_code == 409
    assert "Nothing changes: all that this file holds is here already." in answer.content.decode()
    assert ImportedPlan.objects.count() == 1


def test_who_is_no_editor_any_more_saves_nothing(client, group, secretary):
    address = waiting(group, secretary, plan_text())
    sending = sent(client.get(address))
    with make.changes(by=None, reason="the role ends", source="command"):
        membership = secretary.memberships.get()
        membership.until = membership.since = timezone.now().date() - timedelta(days=2)
        membership.save()

    assert client.post(address, sending).status_code in {403, 404}
    assert not Mandate.objects.exists()


def test_a_file_sent_after_the_session_ended_leads_to_sign_in_and_back(group):
    answer = upload(Client(), PLAN.encode())

    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/sign-in/")
    assert "/brooks/work-plan/import/" in answer.url
    assert not WaitingFile.objects.exists()


def test_more_than_a_page_can_save_is_told_and_not_saved(client, group, secretary, monkeypatch):
    monkeypatch.setattr("documents.views.importing.MOST_AT_ONCE", 5)
    address = waiting(group, secretary, plan_text())

    page = client.get(address)
    answer = client.post(address, sent(page))

    for one in (page, answer):
        assert "Ask the administrator to bring it in with the command import_plan" in one.content.decode()
        assert one.context["sections"] == []
    assert not Mandate.objects.exists()


# ---- what it says


def test_calls_of_notes_are_shown_as_papers_print_them(client, group, secretary):
    text = plan_text()
    text["notes"][0]["number"] = 1

    page = client.get(waiting(group, secretary, text)).content.decode()

    assert "The ministers met twice.¹/" in page
    assert "[^n1]" not in page


def test_an_import_that_convened_meetings_says_why_it_stays_and_what_can_be_done(client, group, secretary):
    imported = bring(group, plan_text(), convene=True)

    page = client.get(imported.get_absolute_url()).content.decode()

    assert "It convened meetings, which others know of by now; so it is not undone as a whole." in page
    assert "/brooks/meetings/1/" in page
    assert f"/brooks/history/{imported.change_set_id}/undo/" not in page


def test_a_translation_older_than_its_original_is_told_to_stay_marked(client, group, secretary):
    text = plan_text()
    text["rows"][0]["mandates"][0]["text"] |= {"es": "Medir.", "from": {"es": "0" * 12}}
    bring(group, brought(text, kind="json"))
    paper = plan_text()
    paper["rows"][0]["mandates"][0]["text"] = said("Medir bien.", "es")
    kept = make.WaitingFileFactory(plan=group.plan, by=secretary, brought=as_json(brought(paper, language="es")))

    page = client.get(f"/brooks/work-plan/import/{kept.pk}/").content.decode()

    assert "It stays marked as older than the original until somebody confirms the translation." in page
