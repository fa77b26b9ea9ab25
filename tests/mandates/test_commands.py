"""add_member: a role in a group for a person, with an account made where there is none."""

import re
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from mandates.models import Membership
from mandates.permissions import role_in
from mispa.ground.changes import changes
from mispa.ground.models import ChangeSet, User
from mispa.ground.text import Text
from tests import factories as make


def add_member(*arguments: str) -> str:
    out = StringIO()
    call_command("add_member", *arguments, stdout=out)
    return out.getvalue()


def password_in(answer: str) -> str:
    found = re.search(r"password (\S+)$", answer.strip())
    assert found
    return found[1]


def may_sign_in(username: str, password: str) -> bool:
    answer = Client().post("/accounts/sign-in/", {"username": username, "password": password})
    return answer.status_code == 302


def role_of(username: str, group: Any) -> Any:
    return role_in(User.objects.get(username=username), group)


def test_a_new_person_gets_an_account_a_role_and_a_password(group):
    answer = add_member("ana", "--group", group.slug, "--role", "secretariat")

    assert answer == f"ana (secretariat): password {password_in(answer)}\n"
    assert may_sign_in("ana", password_in(answer))
    assert role_of("ana", group) == "secretariat"


def test_a_role_is_given_in_a_change_set_of_the_command(group):
    add_member("ana", "--group", group.slug, "--role", "chair")

    change_set = Membership.objects.get(user__username="ana").history.get().change_set
    assert (change_set.by, change_set.source) == (None, ChangeSet.Source.COMMAND)
    assert change_set.reason == f"ana becomes chair of {group.slug}"


def test_a_password_is_never_kept_as_it_is_printed(group):
    password = password_in(add_member("ana", "--group", group.slug, "--role", "chair"))

    assert password not in User.objects.get(username="ana").password


def test_asking_again_changes_nothing_and_says_how_to_get_a_new_password(group):
    password = password_in(add_member("ana", "--group", group.slug, "--role", "chair"))
    written = ChangeSet.objects.count()

    answer = add_member("ana", "--group", group.slug, "--role", "chair")

    assert answer == "ana (chair): is there already; --reset-password would give a new password.\n"
    assert may_sign_in("ana", password)
    assert ChangeSet.objects.count() == written


def test_a_person_with_an_account_keeps_the_password(group):
    make.UserFactory(username="ana")

    answer = add_member("ana", "--group", group.slug, "--role", "chair")

    assert answer == "ana (chair): role given; the password stays as it is.\n"
    assert role_of("ana", group) == "chair"


def test_reset_password_gives_a_new_one_and_ends_the_old(group):
    old = password_in(add_member("ana", "--group", group.slug, "--role", "chair"))

    new = password_in(add_member("ana", "--group", group.slug, "--role", "chair", "--reset-password"))

    assert (may_sign_in("ana", old), may_sign_in("ana", new)) == (False, True)


def test_a_delegate_stands_for_a_delegation_in_any_of_its_languages(group):
    with changes(by=None, reason="a delegation", source="command"):
        name = Text.of("Brazil", pt="Brasil")
        delegation = make.DelegationFactory(group=group, code="BR", name=name)

    add_member("ana", "--group", group.slug, "--role", "delegate", "--delegation", "BRASIL")

    assert Membership.objects.get(user__username="ana").delegation == delegation


def test_another_role_replaces_the_one_in_force(group):
    add_member("ana", "--group", group.slug, "--role", "chair")

    add_member("ana", "--group", group.slug, "--role", "vice-chair")

    membership = Membership.objects.get(user__username="ana")
    assert [row.role for row in membership.history.order_by("history_id")] == ["chair", "vice-chair"]


def test_a_role_that_has_ended_is_given_anew(group):
    user = make.UserFactory(username="ana")
    with changes(by=None, reason="a role of last year", source="command"):
        make.MembershipFactory(group=group, user=user, role="chair", until=date(2013, 12, 31))

    add_member("ana", "--group", group.slug, "--role", "chair")

    assert [one.until for one in Membership.objects.order_by("since")] == [date(2013, 12, 31), None]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ana", "--group", "nowhere", "--role", "chair"], "There is no group “nowhere”"),
        (["ana", "--group", "rivers", "--role", "observer"], "invalid choice: 'observer'"),
        (["ana", "--group", "rivers"], "the following arguments are required: --role"),
        (["ana", "--group", "rivers", "--role", "delegate"], "Name the delegation of this delegate."),
        (["ana", "--group", "rivers", "--role", "delegate", "--delegation", "Atlantis"], "no delegation “Atlantis”"),
        (["ana", "--group", "rivers", "--role", "secretariat", "--delegation", "Uruguay"], "belongs to no delegation"),
        (["ana maria", "--group", "rivers", "--role", "chair"], "Enter a valid username"),
        (["a" * 151, "--group", "rivers", "--role", "chair"], "at most 150 characters"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_leaves_no_account(arguments, says, db):
    rivers = make.whole_group(slug="rivers")
    with changes(by=None, reason="a delegation", source="command"):
        make.DelegationFactory(group=rivers)

    with pytest.raises(CommandError, match=re.escape(says)):
        add_member(*arguments)

    assert not User.objects.exists()
