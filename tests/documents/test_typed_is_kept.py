"""What was typed into the forms of editions is kept as well: issuing, opening, correcting, and what meetings do."""

from typing import Any

import pytest
from django.test import Client

from documents.models import Edition
from mandates.models import Mandate
from mispa.ground.kept import FIELD
from mispa.ground.models import KeptDraft
from mispa.ground.text import Text
from tests import factories
from tests.conftest import signed_in
from tests.ground.test_kept import mark_on
from tests.writing import fields_of, send


@pytest.fixture
def edition(group):
    """An edition with a misprint that the working text has no more."""
    mandate = Mandate.objects.get()
    factories.reword(mandate, text=Text.of(str(mandate.text), es="Medir el berano"))
    edition = factories.issue(group)
    factories.reword(mandate, text=Text.of(str(mandate.text), es="Medir el verano"))
    return edition


def filled_in(client: Client, address: str, **typed: Any) -> dict[str, Any]:
    page = client.get(address)
    return fields_of(page) | {FIELD: mark_on(page)} | typed


def test_typed_words_come_back_into_every_form_of_an_edition(group, edition, as_secretariat, chair):
    plan, as_chair = f"/{group.slug}/work-plan", signed_in(chair)
    forms = [
        (as_secretariat, f"{plan}/draft/issue/", {"symbol": "x", "reason": "as agreed"}),
        (as_secretariat, edition.address("release"), {"audience": "public", "consent": "yes", "reason": "as agreed"}),
        (as_secretariat, edition.address("consider"), {"note": "read in full"}),
        (as_secretariat, edition.address("adopt"), {"how": "ad-referendum", "note": "prepared"}),
        (as_secretariat, edition.address("correct"), {"consent": "yes", "reason": "misprint"}),
        (as_chair, edition.address("adopt"), {"note": "at the gavel"}),
        (as_chair, edition.address("confirm"), {"note": "by letter"}),
    ]
    for browser, address, typed in forms:
        sent = filled_in(browser, address, **typed)
        if address.endswith("correct/"):
            sent["chosen"] = typed["chosen"] = [browser.get(address).context["wordings"][0]["key"]]
        send(Client(), address, sent)

        page = browser.get(KeptDraft.objects.latest("at").taken_up_at)

        shown = fields_of(page)
        assert {name: shown.get(name) for name in typed} == typed, address
        assert "This is what you typed on" in page.text
        assert ("chosen" not in typed) or page.text.count(" checked>") == 1
    assert KeptDraft.objects.count() == len(forms)


def test_what_is_typed_at_the_gavel_comes_back_beside_the_text_of_now(group, edition, chair):
    as_chair = signed_in(chair)
    page = as_chair.get(edition.get_absolute_url())

    send(Client(), edition.address("adopt"), {FIELD: mark_on(page), "note": "at the gavel", "seen": "0" * 64})
    shown = fields_of(as_chair.get(KeptDraft.objects.get().taken_up_at))

    assert (shown["note"], shown["seen"]) == ("at the gavel", edition.sha256)


def test_a_corrigendum_to_a_text_that_changed_meanwhile_can_be_sent_again(group, edition, as_secretariat):
    address = edition.address("correct")
    sent = filled_in(as_secretariat, address, reason="misprint", consent="by word of mouth")
    sent["chosen"] = as_secretariat.get(address).context["wordings"][0]["key"]
    factories.reword(Mandate.objects.get(), paragraph="4")

    told = send(as_secretariat, address, sent)
    shown = fields_of(told)
    done = send(as_secretariat, address, shown | {FIELD: mark_on(told)})

    assert told.status_code == 409
    assert (shown["reason"], shown["consent"]) == ("misprint", "by word of mouth")
    assert done.status_code == 302
    assert Edition.objects.filter(corrigendum=1).exists()
    assert not KeptDraft.objects.exists()
