"""Who may see which of the pages that write a plan."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from mandates.models import Mandate, Membership, Note, Paragraph, PlanRow, Resolution, ResponsibleArea, WorkingGroup
from mandates.permissions import delegations_of, groups_edited_by, groups_of, has_role_anywhere, role_in
from mispa.ground.models import User
from tests import factories
from tests.conftest import signed_in
from tests.writing import made

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


def test_outsiders_cannot_tell_which_areas_there_are(outsider, group):
    addresses = [f"/areas/{slug}/edit/" for slug in (ResponsibleArea.objects.get().slug, "no-such-area")]

    assert [signed_in(outsider).get(address).status_code for address in addresses] == [403, 403]


@pytest.mark.parametrize(
    ("instant", "zone", "lasts"),
    [
        (datetime(2013, 9, 5, 3, tzinfo=UTC), "America/New_York", False),  # begins on the fifth
        (datetime(2013, 9, 5, 5, tzinfo=UTC), "America/New_York", True),
        (datetime(2013, 9, 6, 3, tzinfo=UTC), "America/New_York", True),
        (datetime(2013, 9, 6, 5, tzinfo=UTC), "America/New_York", False),
        (datetime(2013, 9, 5, 14, tzinfo=UTC), "Pacific/Auckland", False),
        (datetime(2013, 9, 6, 3, tzinfo=UTC), "America/Port-au-Prince", True),
    ],
)
def test_a_role_begins_and_ends_at_midnight_where_its_group_is(db, instant, zone, lasts):
    group = made(factories.WorkingGroupFactory, timezone=zone, is_public=False)
    delegation = made(factories.DelegationFactory, group=group, since=date(2013, 1, 1))
    day = {"since": date(2013, 9, 5), "until": date(2013, 9, 5)}
    made(factories.MembershipFactory, group=group, role="chair", delegation=delegation, **day)
    person = User.objects.get(memberships__group=group)

    with time_machine.travel(instant, tick=False):
        found = [groups_of(person), groups_edited_by(person), WorkingGroup.objects.visible_to(person)]
        assert [len(one) for one in (*found, delegations_of(person))] == [lasts] * 4
        assert has_role_anywhere(person, {Membership.Role.CHAIR}) is lasts
        assert role_in(person, group) == (Membership.Role.CHAIR if lasts else None)


def test_a_role_that_ended_gives_nothing_to_the_one_that_followed(group):
    delegate = factories.member(group, "delegate")
    made(
        factories.MembershipFactory,
        group=group,
        user=delegate,
        role="chair",
        until=date(2013, 9, 5),
        since=date(2012, 1, 1),
    )

    assert list(groups_edited_by(delegate)) == []
