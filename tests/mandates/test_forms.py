"""What the forms of a plan offer to choose from."""

import pytest

from mandates.actions import revise_mandate
from mandates.forms import MandateForm, RowForm, area_choices
from mandates.models import Mandate, PlanRow, Resolution
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories
from tests.writing import made


@pytest.fixture
def areas(db):
    rivers = made(factories.ResponsibleAreaFactory, name=Text.of("Rivers"))
    return {
        "rivers": rivers,
        "banks": made(factories.ResponsibleAreaFactory, name=Text.of("Banks"), parent=rivers),
        "gone": made(factories.ResponsibleAreaFactory, name=Text.of("Gone"), is_withdrawn=True),
    }


def test_area_choices_hold_units_behind_their_area(areas):
    assert [name for _key, name in area_choices()] == ["Banks", "Rivers", "Rivers (Banks)"]


def test_area_choices_keep_what_was_chosen_here(areas):
    choices = dict(area_choices({str(areas["gone"].pk), f"{areas['gone'].pk}/{areas['banks'].pk}"}))

    assert {"Gone", "Gone (Banks)"} <= set(choices.values())


def test_area_choices_ask_once(areas, django_assert_num_queries):
    with django_assert_num_queries(1):
        area_choices()


def test_mandate_form_offers_an_area_that_it_has_though_it_is_withdrawn(group, secretariat, areas):
    mandate = Mandate.objects.get()
    rivers = areas["rivers"]
    revise_mandate(
        mandate=mandate, opened_from=latest_change(), by=secretariat, reason="a test", areas=(str(rivers.pk),)
    )
    factories.reword(rivers, is_withdrawn=True)

    form = MandateForm(instance=mandate)

    assert "Rivers" in dict(form.fields["areas"].choices).values()


def test_row_form_offers_standing_resolutions_and_its_own(group):
    row = PlanRow.objects.get()
    other, gone = made(factories.ResolutionFactory), made(factories.ResolutionFactory, is_withdrawn=True)

    offered = set(RowForm(instance=row).fields["resolution"].queryset)

    assert offered == {row.resolution, other}
    assert gone in set(Resolution.objects.all())


def test_mandate_form_lists_every_field_in_a_section():
    shown = {name for _title, names in MandateForm.sections for name in names}

    assert shown == set(MandateForm.base_fields) - {
        "reason",
        "keeps_translations",
        "opened_from",
        "new_id",
        "restoring",
    }
