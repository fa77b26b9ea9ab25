import re
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mispa.ground.changes import changes
from mispa.ground.models import User
from mispa.ground.zones import zones
from tests import factories
from tests.conftest import signed_in

SIGN_IN, ACCOUNT, PASSWORD = "/accounts/sign-in/", "/accounts/", "/accounts/password/"
RIGHT = "waters run deep"


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_user("ana", password=RIGHT, first_name="Ana", last_name="Pérez")


@pytest.fixture
def as_ana(ana: User) -> Client:
    return signed_in(ana)


def signing_in(client: Client, password: str = RIGHT, **more: str) -> Any:
    return client.post(SIGN_IN, {"username": "ana", "password": password, **more})


def page(response: Any) -> str:
    shown: str = response.content.decode()
    return shown


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def faults(response: Any) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


# ---- signing in


def test_sign_in_is_open_to_strangers(client: Client, db: None):
    response = client.get(SIGN_IN)

    assert response.status_code == 200
    assert "<h1>Sign in</h1>" in page(response)


def test_sign_in_leads_home(client: Client, ana: User):
    response = signing_in(client)

    assert response.status_code == 302
    assert response["Location"] == "/"
    assert is_signed_in(client)


def test_sign_in_leads_where_the_person_was_going(client: Client, ana: User):
    asked = client.get(ACCOUNT)
    form = client.get(asked["Location"])

    response = signing_in(client, next="/accounts/?from=here")

    assert asked["Location"] == "/accounts/sign-in/?next=/accounts/"
    assert '<input type="hidden" name="next" value="/accounts/">' in page(form)
    assert response["Location"] == "/accounts/?from=here"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", "/accounts/sign-in/?next=/"]
)
def test_sign_in_leads_nowhere_else(client: Client, ana: User, elsewhere):
    form = client.get(SIGN_IN, {"next": elsewhere})
    response = signing_in(client, next=elsewhere)

    assert '<input type="hidden" name="next" value="/">' in page(form)
    assert response["Location"] == "/"


def test_sign_in_of_who_is_signed_in_leads_on(as_ana: Client):
    response = as_ana.get(SIGN_IN, {"next": ACCOUNT})

    assert response.status_code == 302
    assert response["Location"] == ACCOUNT


def test_sign_in_with_a_wrong_password_says_so_and_keeps_the_name(client: Client, ana: User):
    response = signing_in(client, "shallow")

    assert response.status_code == 200
    assert list(faults(response)) == ["__all__"]
    assert 'value="ana"' in page(response)
    assert "shallow" not in page(response)
    assert not is_signed_in(client)


def test_sign_in_says_the_same_of_a_wrong_name_and_of_a_closed_account(client: Client, ana: User):
    User.objects.create_user("closed", password=RIGHT, is_active=False)

    answers = [
        faults(client.post(SIGN_IN, {"username": name, "password": password}))
        for name, password in [("ana", "shallow"), ("nobody", RIGHT), ("closed", RIGHT)]
    ]

    assert answers[0] == answers[1] == answers[2]


def test_sign_in_without_a_password_says_it_beside_the_field_and_on_top(client: Client, ana: User):
    response = signing_in(client, "")

    assert faults(response) == {"password": ["Type your password."]}
    assert "One thing must be put right" in page(response)
    assert '<a href="#id_password">Password</a>: Type your password.' in page(response)
    assert 'aria-invalid="true" aria-describedby="id_password_error" id="id_password"' in page(response)
    assert '<div class="err" id="id_password_error">' in page(response)


def test_sign_in_refuses_other_methods(client: Client, db: None):
    assert client.put(SIGN_IN).status_code == 405


# ---- guessing


def test_tenth_failure_locks_out_and_says_for_how_long(client: Client, ana: User):
    answers = [signing_in(client, f"guess {number}") for number in range(10)]

    assert [answer.status_code for answer in answers] == [200] * 9 + [429]
    assert "<h1>Too many attempts</h1>" in page(answers[-1])
    assert "Wait 15 minutes, then sign in again." in page(answers[-1])


def test_locked_out_means_the_right_password_too(client: Client, ana: User):
    for number in range(10):
        signing_in(client, f"guess {number}")

    response = signing_in(client)

    assert response.status_code == 429
    assert not is_signed_in(client)


def test_locked_out_is_one_name_at_one_address(client: Client, ana: User):
    for number in range(10):
        signing_in(client, f"guess {number}")

    elsewhere = Client(REMOTE_ADDR="192.0.2.7")

    assert signing_in(elsewhere).status_code == 302


def test_right_password_makes_earlier_failures_forgotten(client: Client, ana: User):
    for number in range(9):
        signing_in(client, f"guess {number}")

    signing_in(client)

    assert not AccessAttempt.objects.exists()


# ---- signing out


def test_sign_out_ends_the_session_and_says_so(as_ana: Client):
    response = as_ana.post("/accounts/sign-out/")

    assert response["Location"] == "/"
    assert not is_signed_in(as_ana)
    assert "You are signed out." in page(as_ana.get(SIGN_IN))


def test_sign_out_by_a_link_is_refused(as_ana: Client):
    response = as_ana.get("/accounts/sign-out/")

    assert response.status_code == 405
    assert is_signed_in(as_ana)


def test_sign_out_twice_leads_home_again(client: Client, db: None):
    response = client.post("/accounts/sign-out/")

    assert response["Location"] == "/"


def test_every_page_carries_the_sign_out_as_a_form_with_its_token(as_ana: Client):
    response = as_ana.get(ACCOUNT)

    form = re.findall(r'<form action="/accounts/sign-out/" method="post">(.*?)</form>', page(response), re.DOTALL)

    assert len(form) == 2  # in the head, and in the foot for phones
    assert all('name="csrfmiddlewaretoken"' in part for part in form)


# ---- the account


def test_account_asks_strangers_to_sign_in(client: Client, db: None):
    response = client.get(ACCOUNT)

    assert response.status_code == 302
    assert response["Location"] == "/accounts/sign-in/?next=/accounts/"


def test_account_without_a_role_says_who_gives_roles(as_ana: Client):
    response = as_ana.get(ACCOUNT)

    assert "<h1>Ana Pérez</h1>" in page(response)
    assert "You have no role in a group yet." in page(response)


def test_account_shows_own_roles_only(as_delegate: Client, secretariat: User):
    response = as_delegate.get(ACCOUNT)

    assert [(role.role, str(role.delegation)) for role in response.context["roles"]] == [("delegate", "Uruguay")]
    assert "since January\N{NO-BREAK SPACE}1, 2013" in page(response)


def test_account_of_the_administrator_leads_to_the_administration(administrator: User):
    response = signed_in(administrator).get(ACCOUNT)

    assert '<a href="/admin/">Administrator</a>' in page(response)


def test_account_asks_the_database_as_often_for_three_roles_as_for_one(delegate: User):
    client = signed_in(delegate)
    with CaptureQueriesContext(connection) as for_one:
        client.get(ACCOUNT)
    with changes(by=None, reason="more roles for a test", source="command"):
        for group in factories.WorkingGroupFactory.create_batch(2):
            delegation = factories.DelegationFactory(group=group)
            factories.MembershipFactory(group=group, user=delegate, role="delegate", delegation=delegation)

    with CaptureQueriesContext(connection) as for_three:
        client.get(ACCOUNT)

    assert len(for_three) == len(for_one)


def test_account_keeps_language_and_time_zone(as_ana: Client, ana: User):
    response = as_ana.post(ACCOUNT, {"language": "en", "timezone": "America/Bogota"}, follow=True)

    ana.refresh_from_db()
    assert (ana.language, ana.timezone) == ("en", "America/Bogota")
    assert response.redirect_chain == [(ACCOUNT, 302)]
    assert "Your language and time zone are saved." in page(response)


def test_account_keeps_neither(as_ana: Client, ana: User):
    ana.language, ana.timezone = "en", "America/Bogota"
    ana.save()

    as_ana.post(ACCOUNT, {"language": "", "timezone": ""})

    ana.refresh_from_db()
    assert (ana.language, ana.timezone) == ("", "")


@pytest.mark.parametrize("typed", ["america/new_york", "  America/New York ", "AMERICA/NEW_YORK"])
def test_account_knows_a_time_zone_by_how_people_type_it(as_ana: Client, ana: User, typed):
    as_ana.post(ACCOUNT, {"language": "", "timezone": typed})

    ana.refresh_from_db()
    assert ana.timezone == "America/New_York"


@pytest.mark.parametrize("typed", ["Atlantis", "America/Atlantis", "../../etc/passwd", "/etc/passwd", "EST5EDT"])
def test_account_refuses_what_is_no_time_zone_and_keeps_it_in_the_field(as_ana: Client, ana: User, typed):
    response: Any = as_ana.post(ACCOUNT, {"language": "en", "timezone": typed})

    ana.refresh_from_db()
    assert (ana.language, ana.timezone) == ("", "")
    assert list(faults(response)) == ["timezone"]
    assert f'value="{typed}"' in page(response)


def test_account_refuses_a_language_without_pages(as_ana: Client, ana: User):
    response: Any = as_ana.post(ACCOUNT, {"language": "la", "timezone": ""})

    assert list(faults(response)) == ["language"]


def test_zones_are_named_by_places():
    names = set(zones())

    assert {"UTC", "America/New_York", "America/Port_of_Spain"} <= names
    assert not any(name.startswith(("Etc/", "posix/", "US/")) for name in names)


# ---- the language of the pages, from any page


def test_language_of_who_is_signed_in_is_kept_in_the_account(as_ana: Client, ana: User):
    response = as_ana.post("/accounts/language/", {"language": "en", "next": ACCOUNT})

    ana.refresh_from_db()
    assert ana.language == "en"
    assert response["Location"] == ACCOUNT


def test_language_of_a_stranger_is_kept_in_a_cookie(client: Client, db: None):
    response = client.post("/accounts/language/", {"language": "en", "next": "/"})

    assert response["Location"] == "/"
    assert client.cookies["django_language"].value == "en"


def test_language_without_pages_changes_nothing(as_ana: Client, ana: User):
    response = as_ana.post("/accounts/language/", {"language": "la", "next": "https://example.org/"})

    ana.refresh_from_db()
    assert ana.language == ""
    assert response["Location"] == "/"
    assert "django_language" not in as_ana.cookies


# ---- the password


def changing(client: Client, old: str = RIGHT, new: str = "rivers meet here", again: str = "rivers meet here") -> Any:
    return client.post(PASSWORD, {"old_password": old, "new_password1": new, "new_password2": again})


def test_password_is_changed_and_this_session_goes_on(as_ana: Client, ana: User):
    response = changing(as_ana)

    ana.refresh_from_db()
    assert ana.check_password("rivers meet here")
    assert response["Location"] == ACCOUNT
    assert as_ana.get(ACCOUNT).status_code == 200


def test_password_change_ends_other_sessions(as_ana: Client, ana: User):
    elsewhere = signed_in(ana)

    changing(as_ana)

    assert elsewhere.get(ACCOUNT).status_code == 302


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"old": "shallow"}, "old_password"),
        ({"again": "rivers part here"}, "new_password2"),
        ({"new": "short", "again": "short"}, "new_password2"),
        ({"new": "password123", "again": "password123"}, "new_password2"),
    ],
)
def test_password_is_not_changed_by_mistake(as_ana: Client, ana: User, typed, field):
    response = changing(as_ana, **typed)

    ana.refresh_from_db()
    assert ana.check_password(RIGHT)
    assert list(faults(response)) == [field]


def test_password_asks_strangers_to_sign_in(client: Client, db: None):
    assert client.get(PASSWORD)["Location"] == "/accounts/sign-in/?next=/accounts/password/"


@pytest.mark.parametrize(
    ("came_from", "following"),
    [
        ("http://testserver/rivers/gaps/?kind=no-paper", "/rivers/gaps/%3Fkind%3Dno-paper"),
        ("http://elsewhere.example/rivers/gaps/", "/rivers/follow/"),
        ("", "/rivers/follow/"),
    ],
)
def test_button_pressed_after_the_session_ended_leads_back_to_its_page(came_from, following, client: Client, db: None):
    answer = client.post("/rivers/follow/", headers={"referer": came_from} if came_from else {})

    assert answer["Location"] == f"{SIGN_IN}?next={following}"


def test_password_page_shows_its_three_fields_empty(as_ana: Client):
    response = as_ana.get(PASSWORD)

    assert re.findall(r'<input type="password" name="(\w+)"', page(response)) == [
        "old_password",
        "new_password1",
        "new_password2",
    ]
