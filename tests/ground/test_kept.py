"""What was typed is kept whatever stands in the way of saving it, for its writer and for nobody else."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from mandates.actions import revise_mandate, withdraw_mandate, withdraw_row
from mandates.bulk import arrange_mandates
from mandates.models import Mandate, Membership, PlanRow
from mispa.ground.changes import changes
from mispa.ground.kept import FIELD, MOST, Mark, mark_of
from mispa.ground.models import ChangeSet, KeptDraft, User
from mispa.ground.openings import latest_change
from tests import factories as make
from tests.conftest import signed_in
from tests.writing import errors, fields_of, made, said, send

RIGHT = "waters run deep"
SIGN_IN = "/accounts/sign-in/"


@pytest.fixture
def mandate(group):
    return Mandate.objects.get()


@pytest.fixture
def address(mandate):
    return f"/mandates/{mandate.pk}/edit/"


@pytest.fixture
def ana(secretariat):
    """The secretariat, who can sign in."""
    secretariat.set_password(RIGHT)
    secretariat.save()
    return secretariat


@pytest.fixture
def form(ana, address):
    """A form that she opened, and what she typed."""
    return typed(signed_in(ana), address, **{"text-en": "Measure the tides.", "text-es": "Medir.", "reason": "a test"})


def typed(client: Client, address: str, **words: str) -> dict[str, Any]:
    page = client.get(address)
    assert page.status_code == 200
    return fields_of(page) | {FIELD: mark_on(page)} | words


def mark_on(page: Any) -> str:
    return re.findall(rf'name="{FIELD}" value="([^"]+)"', page.text)[0]


def signing_in(client: Client, user: User, following: str) -> Any:
    user.set_password(RIGHT)
    user.save()
    return send(client, following, {"username": user.username, "password": RIGHT, "next": next_of(client, following)})


def next_of(client: Client, address: str) -> str:
    return re.findall(r'name="next" value="(/mandates[^"]+)"', client.get(address).text)[0]


# The session is over -----------------------------------------------------


def test_what_is_sent_after_the_session_ended_comes_back_after_signing_in(form, address, ana, mandate):
    browser = Client()

    answer = send(browser, address, form)
    sign_in = browser.get(answer.url)
    back = signing_in(browser, ana, answer.url)
    page = browser.get(back.url)

    assert answer.status_code == 302
    assert answer.url.startswith(f"{SIGN_IN}?next=")
    assert "Your session has ended." in sign_in.text
    assert "Measure the tides." not in sign_in.text
    assert fields_of(page) == {name: value for name, value in form.items() if name != FIELD}
    assert "This is what you typed on" in page.text
    assert str(Mandate.objects.get().text) != "Measure the tides."

    saved = send(browser, back.url, fields_of(page) | {FIELD: mark_on(page)})

    assert said(saved) == ["Saved."]
    assert str(Mandate.objects.get().text) == "Measure the tides."
    assert not KeptDraft.objects.exists()


def test_what_others_saved_while_the_session_was_over_is_a_conflict_as_ever(form, address, ana, chair, mandate):
    browser = Client()
    back = signing_in(browser, ana, send(browser, address, form).url)
    latest = latest_change()
    revise_mandate(
        mandate=mandate, by=chair, reason="a test", opened_from=latest, text=mandate.text.with_wording("en", "Count.")
    )

    page = browser.get(back.url)
    answer = send(browser, back.url, fields_of(page) | {FIELD: mark_on(page)})

    assert answer.status_code == 409
    assert [clash.label for clash in answer.context["form"].clashes] == ["Wording (English)"]
    assert "Measure the tides." in answer.text
    assert "Count" in answer.text


@pytest.mark.parametrize("how", ["signed out", "closed", "new password"])
def test_a_session_that_was_ended_elsewhere_loses_nothing(how, form, address, ana):
    browser = signed_in(ana)
    if how == "signed out":
        browser.post("/accounts/sign-out/")
    elif how == "closed":
        User.objects.filter(pk=ana.pk).update(is_active=False)
    else:
        ana.set_password("another one entirely")
        ana.save()

    answer = send(browser, address, form)

    assert answer.url.startswith(SIGN_IN)
    assert KeptDraft.objects.get().fields["text-en"] == ["Measure the tides."]


def test_who_signs_in_instead_does_not_see_it(form, address, ana, chair):
    browser = Client()

    back = signing_in(browser, chair, send(browser, address, form).url)
    page = browser.get(back.url)

    assert back.url == address
    assert "is kept for the account that opened the form" in page.text
    assert "tides" not in page.text
    assert "tides" not in browser.get(f"{address}?kept={KeptDraft.objects.get().pk}").text
    assert KeptDraft.objects.get().user == ana


def test_who_is_signed_in_instead_does_not_save_it(form, address, ana, chair, mandate):
    before = ChangeSet.objects.count()

    answer = send(signed_in(chair), address, form)

    assert answer.status_code == 403
    assert "Somebody else opened this form" in answer.text
    assert "tides" not in answer.text
    assert KeptDraft.objects.get().user == ana
    assert ChangeSet.objects.count() == before


def test_a_form_without_a_mark_of_ours_is_asked_to_sign_in_and_keeps_nothing(form, address, db):
    forged = [form[FIELD][:-2], "", Mark(10**9, address, str(uuid4()), "", {}).signed()]

    answers = [send(Client(), address, form | {FIELD: mark}) for mark in forged]

    assert {answer.url for answer in answers} == {f"{SIGN_IN}?next={address}"}
    assert not KeptDraft.objects.exists()


def test_a_mark_counts_at_the_address_of_its_form_alone(form, mandate, as_secretariat):
    send(as_secretariat, f"/mandates/{mandate.pk}/withdraw/", {FIELD: form[FIELD], "reason": ""})

    assert not KeptDraft.objects.exists()


# Other refusals -----------------------------------------------------------


def test_a_form_from_before_signing_in_anew_in_another_tab_loses_nothing(ana, address):
    browser = Client(enforce_csrf_checks=True)
    sign_in_again(browser, ana)
    page = browser.get(address)
    form = fields_of(page) | {
        FIELD: mark_on(page),
        "csrfmiddlewaretoken": token_on(page),
        "text-en": "Measure the tides.",
    }
    browser.logout()
    sign_in_again(browser, ana)

    answer = send(browser, address, form)
    draft = KeptDraft.objects.get()
    page = browser.get(draft.taken_up_at)
    typed_again = fields_of(page) | {FIELD: mark_on(page), "csrfmiddlewaretoken": token_on(page), "reason": "a test"}
    saved = send(browser, draft.taken_up_at, typed_again)

    assert answer.status_code == 403
    assert f'href="{draft.taken_up_at}"' in answer.text
    assert saved.status_code == 302
    assert str(Mandate.objects.get().text) == "Measure the tides."


def sign_in_again(browser: Client, user: User) -> None:
    token = token_on(browser.get(SIGN_IN))
    browser.post(SIGN_IN, {"username": user.username, "password": RIGHT, "csrfmiddlewaretoken": token})


def token_on(page: Any) -> str:
    return re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[0]


def test_a_role_that_ended_loses_nothing(form, address, ana, as_secretariat):
    with changes(by=None, reason="the role ends", source="command"):
        role = Membership.objects.get(user=ana)
        role.is_withdrawn = True
        role.save()

    answer = send(as_secretariat, address, form)
    draft = KeptDraft.objects.get()

    assert answer.status_code == 403
    assert f'href="/accounts/drafts/{draft.pk}/"' in answer.text
    assert "Measure the tides." in as_secretariat.get(f"/accounts/drafts/{draft.pk}/").text


def test_an_object_that_may_no_longer_be_seen_loses_nothing(form, address, ana, as_secretariat, group):
    with changes(by=None, reason="it is hidden", source="command"):
        group.is_public = False
        group.save()
        role = Membership.objects.get(user=ana)
        role.is_withdrawn = True
        role.save()

    answer = send(as_secretariat, address, form)

    assert answer.status_code == 404
    assert f'href="/accounts/drafts/{KeptDraft.objects.get().pk}/"' in answer.text


def test_a_server_that_fails_loses_nothing(form, address, ana, monkeypatch):
    def fails(*args: Any, **values: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("mandates.actions.revise", fails)
    browser = signed_in(ana)
    browser.raise_request_exception = False

    answer = send(browser, address, form)

    assert answer.status_code == 500
    assert KeptDraft.objects.get().fields["text-es"] == ["Medir."]


def test_an_answer_on_the_same_page_keeps_it_until_it_is_saved(form, address, as_secretariat):
    refused = send(as_secretariat, address, form | {"reason": ""})
    kept = KeptDraft.objects.get()
    send(as_secretariat, address, fields_of(refused) | {FIELD: mark_on(refused), "reason": "a test"})

    assert errors(refused) == {"reason": ["Say in some words why this is changed."]}
    assert mark_of(mark_on(refused)).draft == str(kept.pk)
    assert not KeptDraft.objects.exists()


def test_a_form_that_was_sent_as_it_was_opened_is_not_kept(address, as_secretariat):
    answer = send(as_secretariat, address, typed(as_secretariat, address, reason="a test"))

    assert "Nothing was changed" in answer.text
    assert not KeptDraft.objects.exists()


def test_two_people_in_one_field_keep_the_words_of_the_second(form, address, as_secretariat, chair, mandate):
    latest = latest_change()
    revise_mandate(
        mandate=mandate, by=chair, reason="a test", opened_from=latest, text=mandate.text.with_wording("en", "Count.")
    )

    answer = send(as_secretariat, address, form)

    assert answer.status_code == 409
    assert KeptDraft.objects.get().fields["text-en"] == ["Measure the tides."]


def test_a_draft_of_what_was_withdrawn_leads_to_a_form_that_restores_it(form, address, as_secretariat, chair, mandate):
    withdraw_mandate(mandate=mandate, by=chair, reason="not ours", opened_from=latest_change())
    answer = send(as_secretariat, address, form)
    draft = KeptDraft.objects.get()

    page = as_secretariat.get(draft.taken_up_at)
    saved = send(as_secretariat, draft.taken_up_at, fields_of(page) | {FIELD: mark_on(page), "restoring": "True"})

    assert answer.status_code == 409
    assert "Restore it and save" in page.text
    assert saved.status_code == 302
    assert (str(Mandate.objects.get().text), Mandate.objects.get().is_withdrawn) == ("Measure the tides.", False)


def test_a_draft_from_an_unknown_state_is_compared_with_the_first(form, address, as_secretariat, chair, mandate):
    latest = latest_change()
    revise_mandate(
        mandate=mandate, by=chair, reason="a test", opened_from=latest, text=mandate.text.with_wording("en", "Count.")
    )
    answer = send(as_secretariat, address, form | {"opened_from": "999999"})
    draft = KeptDraft.objects.get()

    page = as_secretariat.get(draft.taken_up_at)
    again = send(as_secretariat, draft.taken_up_at, fields_of(page) | {FIELD: mark_on(page)})

    assert "It cannot be told what you saw" in answer.text
    assert fields_of(page)["text-en"] == "Measure the tides."
    assert again.status_code == 409


def test_a_new_object_below_something_withdrawn_keeps_its_words(ana, chair, mandate):
    browser, address = signed_in(ana), f"/rows/{mandate.row_id}/mandates/new/"
    form = typed(browser, address, **{"text-en": "Report.", "reason": "a test"})
    withdraw_row(row=mandate.row, by=chair, reason="not ours", opened_from=latest_change())

    answer = send(browser, address, form)

    assert answer.status_code == 404
    assert f'href="/accounts/drafts/{KeptDraft.objects.get().pk}/"' in answer.text


def test_a_new_object_taken_up_twice_is_made_once(ana, mandate):
    browser, address = signed_in(ana), f"/rows/{mandate.row_id}/mandates/new/"
    form = typed(browser, address, **{"text-en": "Report.", "reason": "a test"})
    send(Client(), address, form)
    draft = KeptDraft.objects.get()
    again = fields_of(browser.get(draft.taken_up_at))

    send(browser, address, form)
    send(browser, address, again)

    assert again["new_id"] == form["new_id"]
    assert Mandate.objects.count() == 2


@pytest.mark.parametrize("verb", ["withdraw", "restore"])
def test_a_reason_that_was_typed_is_kept(verb, ana, mandate):
    browser, address = signed_in(ana), f"/mandates/{mandate.pk}/{verb}/"
    form = typed(browser, address, reason="asked for by the chair")
    send(Client(), address, form)

    page = browser.get(KeptDraft.objects.get().taken_up_at)

    assert fields_of(page)["reason"] == "asked for by the chair"


# Drafts --------------------------------------------------------------------


def test_a_form_that_is_opened_anew_offers_what_was_not_saved(form, address, as_secretariat):
    send(Client(), address, form)
    draft = KeptDraft.objects.get()

    page = as_secretariat.get(address)
    discarded = as_secretariat.post(f"/accounts/drafts/{draft.pk}/discard/", {"next": address})

    assert "You typed something here on" in page.text
    assert f'href="{draft.taken_up_at}"' in page.text
    assert fields_of(page)["text-en"] != "Measure the tides."
    assert discarded.url == address
    assert "You typed something here" not in as_secretariat.get(address).text


def test_two_forms_at_one_address_keep_both(form, address, as_secretariat):
    other = typed(as_secretariat, address, **{"text-en": "Count the tides."})

    for sent in (form, other, form):
        send(Client(), address, sent)

    kept = {draft.fields["text-en"][0] for draft in KeptDraft.objects.all()}
    assert kept == {"Measure the tides.", "Count the tides."}


def test_the_list_shows_ones_own_drafts_and_their_number(form, address, as_secretariat, as_chair, administrator):
    send(Client(), address, form)
    draft = KeptDraft.objects.get()

    own = as_secretariat.get("/accounts/drafts/").text
    others = [browser.get("/accounts/drafts/").text for browser in (as_chair, signed_in(administrator))]

    assert "Edit this mandate · " in own
    assert "1 form not saved" in own
    assert not any("Edit this mandate" in page or "not saved</a>" in page for page in others)
    for browser in (as_chair, signed_in(administrator)):
        assert browser.get(f"/accounts/drafts/{draft.pk}/").status_code == 404
        assert browser.post(f"/accounts/drafts/{draft.pk}/discard/").status_code == 404
    assert signed_in(administrator).get("/admin/ground/keptdraft/").status_code == 404


def test_a_draft_shows_its_words_each_in_its_language(form, address, as_secretariat):
    send(Client(), address, form)

    page = as_secretariat.get(f"/accounts/drafts/{KeptDraft.objects.get().pk}/")

    assert [*page.context["words"]] == []  # a page reads them once
    assert re.findall(r'<textarea[^>]*lang="(\w+)"[^>]*>\n([^<]*)', page.text) == [
        ("en", "Measure the tides."),
        ("es", "Medir."),
    ]
    assert "Why this change" in page.text


def test_the_oldest_goes_when_one_too_many_is_kept(form, address, ana):
    mark = mark_of(form[FIELD])
    for _one in range(MOST + 1):
        send(Client(), address, form | {FIELD: Mark(ana.pk, address, str(uuid4()), "", mark.labels).signed()})

    assert KeptDraft.objects.count() == MOST


def test_what_no_database_takes_is_left_out(form, address):
    send(Client(), address, form | {"text-en": "Mea\x00sure."})

    assert KeptDraft.objects.get().fields["text-en"] == ["Measure."]


def test_forms_for_passwords_carry_no_mark(ana):
    assert FIELD not in signed_in(ana).get("/accounts/password/").text
    assert FIELD not in Client().get(SIGN_IN).text


# While one types -------------------------------------------------------------


def test_a_form_is_kept_while_it_is_filled_in(form, address, as_secretariat):
    before = (ChangeSet.objects.count(), Mandate.history.count())

    answer = send(as_secretariat, "/accounts/drafts/keep/", form)

    assert re.fullmatch(r"Kept on the server at \d\d:\d\d UTC; not saved yet\.", answer.json()["says"])
    assert KeptDraft.objects.get().fields["text-en"] == ["Measure the tides."]
    assert (ChangeSet.objects.count(), Mandate.history.count()) == before


def test_a_form_is_kept_after_the_session_ended_and_says_so(form):
    answer = send(Client(enforce_csrf_checks=True), "/accounts/drafts/keep/", form)

    assert answer.json()["says"].endswith("You are signed out: sign in to save.")
    assert KeptDraft.objects.count() == 1


def test_what_is_saved_afterwards_is_not_kept(form, address, as_secretariat):
    send(as_secretariat, "/accounts/drafts/keep/", form)

    send(as_secretariat, address, form)

    assert not KeptDraft.objects.exists()


def test_nothing_is_kept_without_a_mark(form, as_secretariat):
    answer = send(as_secretariat, "/accounts/drafts/keep/", form | {FIELD: "x"})

    assert answer.status_code == 400
    assert not KeptDraft.objects.exists()


# Orders, and pages with several forms ---------------------------------------


@pytest.fixture
def others(mandate):
    """Two more mandates behind the first."""
    return [made(make.MandateFactory, row=mandate.row, position=place * 1_000_000) for place in (2, 3)]


def test_an_order_that_was_typed_comes_back_and_meets_what_others_did(ana, chair, mandate, others):
    browser, address = signed_in(ana), f"/rows/{mandate.row_id}/mandates/order/"
    page = browser.get(address)
    items = [mandate, *others]
    form = {FIELD: mark_on(page), "opened_from": page.context["opened_from"], "item": [one.pk for one in items]}
    send(Client(), address, form | {f"place-{others[1].pk}": "1"})
    arrange_mandates(
        row=mandate.row,
        wanted=[one.pk for one in items[::-1]],
        by=chair,
        reason="by the chair",
        opened_from=latest_change(),
    )

    draft = KeptDraft.objects.get()
    back = browser.get(draft.taken_up_at)
    again = {FIELD: mark_on(back), "opened_from": back.context["opened_from"]}
    refused = send(browser, address, again | {"item": [one.pk for one in back.context["items"]]})

    assert back.context["items"] == [others[1], mandate, others[0]]
    assert "This is what you typed on" in back.text
    assert refused.status_code == 409
    assert draft.name.startswith("Order of the mandates · ")


def test_a_line_that_was_dragged_after_the_session_ended_finds_its_place_again(ana, mandate, others, group):
    browser, address = signed_in(ana), f"/rows/{mandate.row_id}/mandates/order/"
    page = browser.get(f"/{group.slug}/work-plan/draft/")
    mark = next(one for one in re.findall(r'data-opened-as="([^"]+)"', page.text) if mark_of(one).address == address)
    wanted = [others[1], mandate, others[0]]
    sent = {FIELD: mark, "opened_from": latest_change(), "item": [one.pk for one in wanted]}

    answer = send(Client(), address, sent)
    back = browser.get(KeptDraft.objects.get().taken_up_at)

    assert answer.url.startswith(SIGN_IN)
    assert back.context["items"] == wanted
    send(browser, address, sent)
    assert not KeptDraft.objects.exists()


def test_the_forms_of_a_finding_come_back_each_with_its_words(ana, chair, group, mandate):
    browser, page = signed_in(ana), f"/{group.slug}/gaps/no-paper/{mandate.pk}/"
    marks = re.findall(rf'name="{FIELD}" value="([^"]+)"', browser.get(page).text)
    give, accept = sorted(marks, key=lambda mark: mark_of(mark).address, reverse=True)

    send(Client(), f"{page}accept/", {FIELD: accept, "because": "it needs none"})
    send(Client(), f"{page}owner/", {FIELD: give, "owner": str(chair.pk)})
    by_address = {draft.address: draft for draft in KeptDraft.objects.all()}
    accepting = browser.get(by_address[f"{page}accept/"].taken_up_at)
    giving = browser.get(by_address[f"{page}owner/"].taken_up_at)

    assert accepting.context["accept_form"]["because"].value() == "it needs none"
    assert str(giving.context["owner_form"]["owner"].value()) == str(chair.pk)
    assert browser.get(page).text.count("You typed something here on") == 2
    assert signed_in(chair).get(page).text.count("You typed something here on") == 0


def test_a_second_form_of_a_page_has_a_draft_of_its_own(ana, group, mandate):
    browser, page = signed_in(ana), f"/{group.slug}/gaps/no-paper/{mandate.pk}/"
    marks = re.findall(rf'name="{FIELD}" value="([^"]+)"', browser.get(page).text)
    accept = next(mark for mark in marks if mark_of(mark).address.endswith("/accept/"))

    answer = send(browser, f"{page}accept/", {FIELD: accept, "because": ""})

    drafts = {mark_of(mark).draft for mark in re.findall(rf'name="{FIELD}" value="([^"]+)"', answer.text)}
    assert len(drafts) == 2
    assert mark_of(accept).draft in drafts


def test_choices_for_oneself_come_back_too(ana, group):
    browser = signed_in(ana)
    send(Client(), "/accounts/", typed(browser, "/accounts/", timezone="America/Bogota"))
    calendar = typed(browser, "/accounts/calendar/", language="es", groups=str(group.pk))
    send(Client(), "/accounts/calendar/", calendar)

    by_address = {draft.address: browser.get(draft.taken_up_at) for draft in KeptDraft.objects.all()}

    assert fields_of(by_address["/accounts/"])["timezone"] == "America/Bogota"
    assert fields_of(by_address["/accounts/calendar/"])["language"] == "es"
    made_one = send(browser, "/accounts/calendar/", calendar | {"seen": "", "do": "make"})
    assert "It is shown this once." in made_one.text
    assert {draft.address for draft in KeptDraft.objects.all()} == {"/accounts/"}


# Everywhere -----------------------------------------------------------------


def test_every_page_that_writes_keeps_what_is_typed(ana, group):
    meeting, row = group.meetings.get(), PlanRow.objects.get()
    plan, shared = f"/{group.slug}/work-plan/draft", row.resolution.get_absolute_url()
    things = [
        *(f"/{noun}/{thing.pk}" for noun, thing in {"rows": row, "mandates": row.mandates.get()}.items()),
        *(f"/paragraphs/{thing.pk}" for thing in group.plan.paragraphs.all()),
        *(f"/notes/{thing.pk}" for thing in group.plan.notes.all()),
        *(thing.get_absolute_url().rstrip("/") for thing in (row.assignments.get().area, meeting)),
        f"/topics/{meeting.topics.get().pk}",
        f"/rooms/{meeting.room_id}",
        shared.rstrip("/"),
    ]
    new = [f"{plan}/rows/new/", f"{plan}/notes/new/", f"{plan}/paragraphs/new/?section=mandate", "/rooms/new/"]
    new += ["/resolutions/new/", "/areas/new/", f"/rows/{row.pk}/mandates/new/", f"/{group.slug}/meetings/new/"]
    new += [f"{meeting.get_absolute_url()}topics/new/", f"/{group.slug}/settings/", f"/{group.slug}/next/"]
    new += [f"{meeting.get_absolute_url()}{verb}/" for verb in ("move", "postpone", "cancel")]
    browser = signed_in(ana)

    for address in [*(f"{thing}/{verb}/" for thing in things for verb in ("edit", "withdraw", "restore")), *new]:
        answer = send(Client(), address, typed(browser, address, reason="typed for a long time"))
        page = browser.get(KeptDraft.objects.latest("at").taken_up_at)

        assert answer.url.startswith(SIGN_IN), address
        assert fields_of(page)["reason"] == "typed for a long time", address
