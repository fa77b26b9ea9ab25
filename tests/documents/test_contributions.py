"""Contributions: a draft is its delegation's own, what is handed in waits, and what is accepted stays as it is."""

import csv
from io import BytesIO
from typing import Any

import pikepdf
import pypdf
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client

from documents.actions import contributing
from documents.files.checking import check
from documents.models import Contribution, Rendering, SearchEntry
from documents.printing import files
from mandates.models import Membership, WorkingGroup
from mispa.ground.changes import changes
from mispa.ground.editing import ChangedMeanwhile
from mispa.ground.models import ChangeSet, User
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in
from tests.writing import made, opened, send

pytestmark = pytest.mark.django_db

ACTS = {
    "submit": contributing.submit_contribution,
    "take back": contributing.take_back_contribution,
    "return": contributing.return_contribution,
    "accept": contributing.accept_contribution,
    "withdraw": contributing.withdraw_contribution,
    "restore": contributing.restore_contribution,
}


@pytest.fixture
def colleague(group: WorkingGroup, delegate: User) -> User:
    """Of the same delegation."""
    delegation = delegate.memberships.get().delegation
    made(make.MembershipFactory, group=group, user=make.UserFactory(), role="delegate", delegation=delegation)
    return Membership.objects.exclude(user=delegate).get(delegation=delegation).user


@pytest.fixture
def neighbour(group: WorkingGroup) -> User:
    """A delegate of another delegation."""
    user = make.UserFactory(username="belize")
    delegation = made(make.DelegationFactory, group=group, code="BZ", name=Text.of("Belize", es="Belice"))
    made(make.MembershipFactory, group=group, user=user, role="delegate", delegation=delegation)
    return user


@pytest.fixture
def draft(group: WorkingGroup, delegate: User) -> Contribution:
    return filed(delegate)


def filed(by: User, reason: str = "our answer", **values: Any) -> Contribution:
    what = {"title": "Wardens", "text": "Two *wardens* a bank.", "language": "en", "may_be_public": False, **values}
    pillar = what.pop("pillar", None) or made(make.PillarFactory)
    delegation: Any = by.memberships.get().delegation
    return contributing.file_contribution(delegation=delegation, by=by, reason=reason, pillar=pillar.pk, **what)


def act(name: str, contribution: Contribution, by: User, reason: str = "for a test") -> Contribution:
    now = Contribution.objects.get(pk=contribution.pk)
    return ACTS[name](contribution=now, by=by, reason=reason, opened_from=latest_change())


def revise(contribution: Contribution, by: User, reason: str = "for a test", **values: Any) -> Contribution:
    now = Contribution.objects.get(pk=contribution.pk)
    how: Any = {"by": by, "reason": reason, "opened_from": latest_change()}
    return contributing.revise_contribution(contribution=now, **how, **values)


def state(contribution: Contribution) -> str:
    return str(Contribution.objects.get(pk=contribution.pk).state)


def through(contribution: Contribution, delegate: User, secretariat: User) -> Contribution:
    act("submit", contribution, delegate)
    return act("accept", contribution, secretariat)


# ---- the way of a contribution


def test_it_goes_from_the_delegation_to_the_secretariat_and_back_and_into_the_compilation(
    draft, delegate, colleague, secretariat
):
    revise(draft, colleague, title="Wardens of the banks")
    found = [state(draft)]
    for name, by in (
        ("submit", colleague),
        ("take back", delegate),
        ("submit", delegate),
        ("return", secretariat),
    ):
        act(name, draft, by)
        found.append(state(draft))
    revise(draft, delegate, text="Three wardens a bank.")
    found.append(state(draft))
    through(draft, delegate, secretariat)

    done = Contribution.objects.get(pk=draft.pk)
    assert found == ["draft", "submitted", "taken back", "submitted", "returned", "draft"]
    assert (done.state, done.title, done.text) == ("accepted", "Wardens of the banks", "Three wardens a bank.")
    instants = {
        row.state: row.change_set.at for row in done.history.order_by("history_id").select_related("change_set")
    }
    assert (done.submitted_at, done.accepted_at) == (instants["submitted"], instants["accepted"])


@pytest.mark.parametrize("name", ["take back", "return", "accept", "submit"])
def test_no_step_leads_out_of_the_compilation(name, draft, delegate, secretariat):
    through(draft, delegate, secretariat)

    with pytest.raises((ValidationError, Exception)) as refused:
        act(name, draft, delegate if name in {"take back", "submit"} else secretariat)

    assert type(refused.value).__name__ in {"ValidationError", "NothingChanged"}
    assert state(draft) == "accepted"


def test_what_says_nothing_is_not_handed_in(delegate):
    empty = filed(delegate, text="")

    with pytest.raises(ValidationError, match="attach a file"):
        act("submit", empty, delegate)

    contributing.attach_file(
        contribution=empty, file=check(b"Wells", "wells.txt"), by=delegate, reason="file", opened_from=latest_change()
    )
    assert act("submit", empty, delegate).state == "submitted"


def test_who_accepts_has_read_what_is_accepted(draft, delegate, secretariat):
    act("submit", draft, delegate)
    seen = latest_change()
    act("take back", draft, delegate)
    revise(draft, delegate, text="Another text.")
    act("submit", draft, delegate)

    now = Contribution.objects.get(pk=draft.pk)
    with pytest.raises(ChangedMeanwhile):
        contributing.accept_contribution(contribution=now, by=secretariat, reason="fine", opened_from=seen)

    assert state(draft) == "submitted"


# ---- who may


def test_each_act_is_for_its_people(draft, delegate, colleague, neighbour, secretariat, chair, administrator):
    people = {
        "delegate": delegate,
        "colleague": colleague,
        "neighbour": neighbour,
        "secretariat": secretariat,
        "chair": chair,
        "administrator": administrator,
    }

    def allowed(name: str) -> set[str]:
        return {who for who, user in people.items() if not is_refused(name, user)}

    def is_refused(name: str, user: User) -> bool:
        try:
            with transaction.atomic():
                if name == "revise":
                    revise(draft, user, title=f"Title by {user}")
                else:
                    act(name, draft, user)
                transaction.set_rollback(True)
        except (PermissionDenied, ValidationError):
            return True
        return False

    own = {"delegate", "colleague"}
    assert {name: allowed(name) for name in ("revise", "submit", "withdraw")} == dict.fromkeys(
        ("revise", "submit", "withdraw"), own
    )
    act("submit", draft, delegate)
    assert [allowed(name) for name in ("revise", "withdraw", "take back", "return", "accept")] == [
        set(), set(), own, {"secretariat"}, {"secretariat"},
    ]  # fmt: skip
    act("accept", draft, secretariat)
    assert [allowed(name) for name in ("revise", "withdraw")] == [set(), {"secretariat"}]


def test_who_has_no_delegation_files_nothing(group, draft, secretariat):
    with pytest.raises(PermissionDenied):
        contributing.file_contribution(
            delegation=draft.delegation, by=secretariat, reason="for them", title="Title", language="en",
            pillar=draft.pillar_id,
        )  # fmt: skip


def test_who_has_left_the_delegation_reads_its_drafts_no_longer(draft, delegate):
    role = delegate.memberships.get()
    with changes(by=None, reason="left", source="command"):
        role.until = role.since
        role.save()

    assert not Contribution.objects.open_to(User.objects.get(pk=delegate.pk)).exists()


def test_each_reader_sees_what_is_for_her(draft, delegate, colleague, neighbour, secretariat, chair, administrator):
    people = {
        "delegate": delegate,
        "colleague": colleague,
        "neighbour": neighbour,
        "secretariat": secretariat,
        "chair": chair,
        "administrator": administrator,
        "outsider": make.UserFactory(),
        "public": AnonymousUser(),
    }

    def readers() -> set[str]:
        return {who for who, user in people.items() if Contribution.objects.visible_to(user).exists()}

    found = [readers()]
    act("submit", draft, delegate)
    found.append(readers())
    act("return", draft, secretariat)
    found.append(readers())
    through(draft, delegate, secretariat)
    found.append(readers())
    act("withdraw", draft, secretariat)
    found.append(readers())

    own, handed_in = {"delegate", "colleague"}, {"delegate", "colleague", "secretariat", "chair", "administrator"}
    assert found == [own, handed_in, own, {*handed_in, "neighbour"}, set()]


def test_the_public_reads_what_is_accepted_and_may_be_published(delegate, secretariat):
    agreed, not_agreed = filed(delegate, may_be_public=True), filed(delegate)
    waiting = filed(delegate, may_be_public=True)
    act("submit", waiting, delegate)
    for one in (agreed, not_agreed):
        through(one, delegate, secretariat)

    assert set(Contribution.objects.visible_to(AnonymousUser())) == {agreed}


# ---- what is accepted stays


def test_the_database_keeps_what_is_accepted(draft, delegate, secretariat):
    through(draft, delegate, secretariat)

    for sql in (
        "UPDATE documents_contribution SET text = 'other'",
        "UPDATE documents_contribution SET state = 'draft', submitted_at = NULL, accepted_at = NULL",
        "UPDATE documents_contribution SET may_be_public = NOT may_be_public",
        "DELETE FROM documents_contribution",
    ):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_what_is_accepted_is_withdrawn_and_restored_with_a_reason(draft, delegate, secretariat):
    through(draft, delegate, secretariat)

    act("withdraw", draft, secretariat, reason="asked for by the delegation")
    assert not Contribution.objects.accepted().exists()
    assert not SearchEntry.objects.filter(kind="contribution").exists()
    act("restore", draft, secretariat, reason="it was right")

    assert Contribution.objects.accepted().get() == draft


def test_a_form_that_is_sent_again_changes_nothing_that_was_handed_in(group, as_delegate, delegate):
    pillar = made(make.PillarFactory)
    form = opened(as_delegate, f"/{group.slug}/contributions/new/")
    form |= {"pillar": str(pillar.pk), "title": "First", "text": "One.", "language": "en", "reason": "our answer"}
    send(as_delegate, f"/{group.slug}/contributions/new/", form)
    one = Contribution.objects.get()
    act("submit", one, delegate)

    again = send(as_delegate, f"/{group.slug}/contributions/new/", form | {"title": "Second"})

    assert "It is submitted, and stays as it is." in again.content.decode()
    assert Contribution.objects.get().title == "First"


# ---- drafts are nobody else's


@pytest.fixture
def rewritten(group: WorkingGroup, delegate: User, secretariat: User) -> Contribution:
    """Handed in as “Given”, taken back, and a draft again with words of its own; the words are also in the reasons."""
    one = filed(delegate, reason="Secretword", title="Secretword", text="Secretword")
    revise(one, delegate, title="Given", text="Given", reason="Secretword")
    act("submit", one, delegate)
    act("take back", one, delegate)
    return revise(one, delegate, title="Secretword", text="Secretword", reason="Secretword")


def test_no_page_of_a_group_has_a_word_of_a_draft(group, rewritten, secretariat, chair, administrator, neighbour):
    slug = group.slug
    pages = ["", "contributions/", "contributions.json", "contributions.csv", "history/", "history.csv"]
    pages += ["history.json", "history/?kind=contribution", "withdrawn/", "changes/?since=2000-01-01", "changes.atom"]
    pages += [f"history/{one.pk}/" for one in ChangeSet.objects.all()]
    pages += [f"history/{one.pk}/undo/" for one in ChangeSet.objects.all()]
    addresses = [f"/{slug}/{page}" for page in pages]
    addresses += [f"/contributions/{rewritten.pk}/", f"/contributions/{rewritten.pk}/history/", "/search/?q=Secretw"]

    for user in (secretariat, chair, administrator, neighbour):
        client = signed_in(user)
        met = [address for address in addresses if "Secretword" in client.get(address).content.decode()]
        assert met == [], user


def test_others_are_told_what_was_handed_in_and_the_delegation_of_all(group, rewritten, secretariat, delegate):
    def told(user: User) -> list[tuple[str, list[str]]]:
        found = signed_in(user).get(f"/contributions/{rewritten.pk}/history/").context["entries"]
        return [
            (one.change_set.reason, [change.after for change in one.changes if change.label == "Title"])
            for one in found
        ]

    assert signed_in(secretariat).get(f"/contributions/{rewritten.pk}/history/").status_code == 404
    act("submit", rewritten, delegate, reason="handed in again")

    assert told(secretariat) == [
        ("handed in again", ["Secretword"]),
        ("for a test", []),
        ("for a test", ["Given"]),
    ]
    assert [reason for reason, _titles in told(delegate)] == [
        "handed in again", "Secretword", "for a test", "for a test", "Secretword", "Secretword",
    ]  # fmt: skip
    assert f"/{group.slug}/history/" not in signed_in(delegate).get(f"{rewritten.get_absolute_url()}history/").text
    page = signed_in(secretariat).get(f"/{group.slug}/history/?kind=contribution")
    assert [entry["change_set"].reason for entry in page.context["entries"]] == [
        "handed in again", "for a test", "for a test",
    ]  # fmt: skip


def test_nothing_is_undone_from_outside(group, draft, delegate, secretariat):
    through(draft, delegate, secretariat)
    latest = ChangeSet.objects.latest("pk")

    page = signed_in(secretariat).get(f"/{group.slug}/history/{latest.pk}/undo/")

    assert "What was done to it is taken back on its own page." in page.content.decode()


# ---- pages and files


def test_a_delegation_writes_attaches_and_hands_in_on_pages(group, as_delegate, delegate, as_secretariat):
    pillar = made(make.PillarFactory)
    address = f"/{group.slug}/contributions/new/"
    form = opened(as_delegate, address) | {"pillar": str(pillar.pk), "title": "Wells", "reason": "our answer"}
    page = send(as_delegate, address, form)
    one = Contribution.objects.get()
    assert page.url == f"/contributions/{one.pk}/"

    sent = {"file": SimpleUploadedFile("wells.txt", b"Wells are deep."), "reason": "the report"}
    as_delegate.post(f"{page.url}file/", opened(as_delegate, f"{page.url}file/") | sent)
    step = opened(as_delegate, f"{page.url}submit/") | {"reason": "cleared"}
    send(as_delegate, f"{page.url}submit/", step)

    assert as_secretariat.get(f"{page.url}file/wells.txt").getvalue() == b"Wells are deep."
    assert Client().get(f"{page.url}file/wells.txt").status_code == 404
    answer = opened(as_secretariat, f"{page.url}return/") | {"reason": "Give the depth as well."}
    back = send(as_secretariat, f"{page.url}return/", answer)
    assert back.url == f"/{group.slug}/contributions/"
    assert "Give the depth as well." in as_delegate.get(page.url).content.decode()


def test_a_file_that_is_none_is_refused_and_one_is_taken_away(draft, as_delegate):
    address = f"/contributions/{draft.pk}/file/"
    as_delegate.post(
        address, opened(as_delegate, address) | {"file": SimpleUploadedFile("a.txt", b"a"), "reason": "yes"}
    )

    refused = as_delegate.post(
        address, opened(as_delegate, address) | {"file": SimpleUploadedFile("b.exe", b"MZ\x00"), "reason": "yes"}
    )
    assert refused.status_code == 200
    assert Contribution.objects.get().file_name == "a.txt"

    as_delegate.post(address, opened(as_delegate, address) | {"takes_away": "on", "reason": "not needed"})
    assert (Contribution.objects.get().stored, Contribution.objects.get().file_name) == (None, "")


def test_the_secretariat_sees_who_has_answered(group, draft, delegate, neighbour, as_secretariat):
    before = as_secretariat.get(f"/{group.slug}/contributions/").context["answers"]
    act("submit", draft, delegate)

    after = as_secretariat.get(f"/{group.slug}/contributions/").context["answers"]

    assert [str(one) for one in before.missing] == ["Belize", "Uruguay"]
    assert [(str(one.delegation), [cell[1:] for cell in one.cells]) for one in after.given] == [("Uruguay", [(0, 1)])]
    assert [str(one) for one in after.missing] == ["Belize"]


def test_what_is_accepted_is_found_and_told(group, draft, delegate, neighbour, secretariat):
    reader = signed_in(neighbour)
    act("submit", draft, delegate)
    asked = ("/search/?q=wardens", f"/{group.slug}/changes/?since=2000-01-01")
    before = [draft.get_absolute_url() in reader.get(address).content.decode() for address in asked]
    act("accept", draft, secretariat)

    after = [draft.get_absolute_url() in reader.get(address).content.decode() for address in asked]

    assert (before, after) == ([False, False], [True, True])
    assert draft.get_absolute_url() not in Client().get("/search/?q=wardens").content.decode()


def test_files_say_when_it_was_submitted_to_those_whom_the_page_tells(group, draft, delegate, neighbour, secretariat):
    through(draft, delegate, secretariat)

    def told(user: User) -> list[bool]:
        client = signed_in(user)
        (one,) = client.get(f"/{group.slug}/contributions.json").json()["contributions"]
        table = client.get(f"/{group.slug}/contributions.csv").content.decode("utf-8-sig")
        (row,) = csv.DictReader(table.splitlines())
        page = client.get(draft.get_absolute_url()).content.decode()
        return [bool(one["submitted_at"]), bool(row["submitted"]), "Submitted on" in page]

    assert [told(user) for user in (secretariat, delegate, neighbour)] == [[True] * 3, [True] * 3, [False] * 3]


def test_only_what_was_in_the_compilation_is_no_longer_part_of_it(draft, delegate, secretariat):
    act("withdraw", draft, delegate)
    as_draft = signed_in(delegate).get(draft.get_absolute_url()).content.decode()
    act("restore", draft, delegate)
    through(draft, delegate, secretariat)
    act("withdraw", draft, secretariat)
    as_accepted = signed_in(delegate).get(draft.get_absolute_url()).content.decode()

    assert "It is withdrawn." in as_draft
    assert ["no longer part of the compilation" in page for page in (as_draft, as_accepted)] == [False, True]


# ---- the compilation


@pytest.fixture
def compiled(delegate: User, neighbour: User, secretariat: User) -> None:
    """Two of one pillar by two delegations, one of another pillar, in three languages; one for everybody."""
    banks, wells = (made(make.PillarFactory, name=Text.of(name)) for name in ("Banks", "Wells"))
    for by, pillar, title, language in (
        (neighbour, banks, "Wardens", "en"),
        (delegate, banks, "Guardianes", "es"),
        (neighbour, wells, "Puits", "fr"),
    ):
        one = filed(by, pillar=pillar, title=title, language=language, may_be_public=title == "Wardens")
        through(one, by, secretariat)


def lines_of(content: bytes) -> list[str]:
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages[1:])
    names = {"BANKS", "WELLS", "BELIZE", "URUGUAY", "Wardens", "Guardianes", "Puits"}
    words = [line.split(". ")[-1].strip() for line in text.splitlines()]
    return [word for word in words if word in names]


def test_the_compilation_comes_by_pillar_and_by_state(group, compiled, as_delegate):
    by_pillar, by_state = (as_delegate.get(f"/{group.slug}/contributions.pdf?by={by}") for by in ("pillar", "state"))

    assert lines_of(by_pillar.content) == ["BANKS", "Wardens", "Guardianes", "WELLS", "Puits"]
    assert lines_of(by_state.content) == ["BELIZE", "Wardens", "Puits", "URUGUAY", "Guardianes"]
    assert "contributions-by-state" in by_state["Content-Disposition"]


def test_each_contribution_has_its_own_language_in_the_file(group, compiled, as_delegate):
    content = as_delegate.get(f"/{group.slug}/contributions.pdf").content

    with pikepdf.open(BytesIO(content)) as pdf:
        tags = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one and "/Lang" in one]
        tagged = {(str(one.S), str(one.Lang)) for one in tags}
        is_marked = bool(pdf.Root.MarkInfo.Marked)
    assert {("/H3", "en"), ("/H3", "es"), ("/H3", "fr"), ("/Div", "es"), ("/Div", "fr")} <= tagged
    assert is_marked


def test_the_public_gets_what_may_be_published(group, compiled):
    content = Client().get(f"/{group.slug}/contributions.pdf").content

    assert lines_of(content) == ["BANKS", "Wardens"]
    assert "Open to everybody" in pypdf.PdfReader(BytesIO(content)).pages[0].extract_text()


def test_a_compilation_of_nothing_and_one_in_no_such_order_are_not_there(group, draft, as_delegate):
    address = f"/{group.slug}/contributions.pdf"

    assert "No contribution that you may read has been accepted yet." in as_delegate.get(address).content.decode()
    assert address not in as_delegate.get(f"/{group.slug}/contributions/").content.decode()
    assert {as_delegate.get(address).status_code, as_delegate.get(f"{address}?by=day").status_code} == {404}


def test_a_long_compilation_is_made_outside_the_request(group, delegate, secretariat, as_delegate):
    through(filed(delegate, text="Wells are deep. " * (files.LONG // 10)), delegate, secretariat)

    answer = as_delegate.get(f"/{group.slug}/contributions.pdf")

    assert answer.status_code == 202
    assert Rendering.objects.filter(content=None).exists()
