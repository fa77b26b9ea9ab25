"""A translator at work: the original stands beside the field that she writes."""

import pytest

from mandates.models import Mandate, WorkingGroup
from tests import factories
from tests.browser.conftest import Opener
from tests.browser.test_pages import faults_of

pytestmark = pytest.mark.browser


def test_translator_sees_the_original_beside_her_field(live_group: WorkingGroup, visit: Opener) -> None:
    mandate = Mandate.objects.earliest("row__position", "position")
    text = mandate.text.with_wording("en", "To measure each river.").with_wording("pt", "")
    factories.reword(mandate, text=text)
    window = visit(factories.member(live_group, "secretariat"))

    page = window.go("/mispa-iv/translations/")
    page.locator("a[href$='#id_text-pt']").click()

    field = page.locator("#id_text-pt")
    original = page.locator(".facing", has=field).locator(".facing-original")
    beside, own = original.bounding_box(), field.bounding_box()
    assert beside
    assert own
    assert page.evaluate("document.querySelector(':target').id") == "id_text-pt"
    assert original.inner_text().endswith("To measure each river.")
    assert beside["x"] + beside["width"] < own["x"]
    assert list(faults_of(window)) == []
    page.set_viewport_size({"width": 390, "height": 900})
    above, below = original.bounding_box(), field.bounding_box()
    assert above
    assert below
    assert above["y"] + above["height"] <= below["y"]


def test_folded_translation_opens_where_an_address_names_it(live_group: WorkingGroup, visit: Opener) -> None:
    mandate = Mandate.objects.earliest("row__position", "position")
    window = visit(factories.member(live_group, "secretariat"))

    page = window.go(f"/mandates/{mandate.pk}/edit/")
    assert not page.locator("#id_text-fr").is_visible()
    page = window.go(f"/mandates/{mandate.pk}/edit/?#id_text-fr")

    assert page.locator("#id_text-fr").is_visible()
