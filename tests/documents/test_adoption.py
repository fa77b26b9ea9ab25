"""What meetings do with an edition: who may record it, what it changes, and what it leaves as it was."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from documents.actions import (
    AlreadyAdopted,
    NewerEdition,
    adopt_plan,
    confirm_adoption,
    consider_plan,
    prepare_adoption,
    release_plan,
)
from documents.editions.corrections import differences
from documents.editions.record import record_of
from documents.editions.standing import status_line
from documents.models import Adoption, Consideration, Edition, EditionFile, PreparedAdoption
from documents.reading.texts import in_force, text_for, working_text
from mandates.models import Mandate, WorkingGroup
from mispa.ground.changes import changes
from mispa.ground.models import User
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in
from tests.writing import fields_of, opened

DAYS = [date(2013, 9, 5), date(2013, 9, 12), date(2013, 10, 3)]


@pytest.fixture
def meetings(group: WorkingGroup) -> list[Any]:
    """Three meetings of the Group, the first of which the group has already."""
    with changes(by=None, reason="meetings for a test", source="command"):
        first = group.meetings.get(number=1)
        others = [
            make.MeetingFactory(group=group, number=number, starts_on=day, ends_on=day, status="convened")
            for number, day in enumerate(DAYS[1:], start=2)
        ]
    make.reword(first, status="held", starts_on=DAYS[0], ends_on=DAYS[0])
    return [first, *others]


def adopt(edition: Edition, meeting: Any, by: User, **values: Any) -> Adoption:
    what: dict[str, Any] = {
        "topic": None,
        "on": meeting.starts_on,
        "how": "consensus",
        "note": "",
        "seen": edition.sha256,
    }
    return adopt_plan(edition=edition, meeting=meeting, by=by, **what | values)


def consider(edition: Edition, meeting: Any, by: User) -> Consideration:
    return consider_plan(edition=edition, meeting=meeting, topic=None, on=meeting.starts_on, note="", by=by)


def again(edition: Edition) -> Edition:
    return Edition.objects.select_related("plan__group", "change_set").get(pk=edition.pk)


def rewrite(group: WorkingGroup, wording: str) -> Mandate:
    mandate: Mandate = Mandate.objects.get(row__plan__group=group)
    made: Mandate = make.reword(mandate, text=Text.of(wording))
    return made


# ---- adopting


def test_an_edition_is_adopted_by_who_presides(group, chair, meetings, client):
    edition = make.issue(group)

    adoption = adopt(edition, meetings[0], chair)

    assert (adoption.presiding_name, adoption.presiding_role, adoption.change_set.by) == (str(chair), "chair", chair)
    assert record_of(again(edition))["status"] == "adopted"
    page = client.get(f"/{group.slug}/work-plan/")
    assert page.status_code == 200
    assert "Adopted at the meeting of September\xa05, 2013" in page.text
    assert "DRAFT" not in page.text
    assert "rule-adopted" in page.text


def test_a_vice_chair_adopts_as_the_acting_chair(group, vice_chair, meetings):
    adoption = adopt(make.issue(group), meetings[0], vice_chair)

    assert adoption.presiding_role == "vice-chair"


@pytest.mark.parametrize("role", ["secretariat", "delegate", "administrator"])
def test_nobody_else_adopts(role, group, meetings, request):
    edition = make.issue(group)

    with pytest.raises(PermissionDenied):
        adopt(edition, meetings[0], request.getfixturevalue(role))

    assert not Adoption.objects.exists()


def test_the_second_officer_is_told_who_was_first(group, chair, vice_chair, meetings):
    edition = make.issue(group)
    adopt(edition, meetings[0], vice_chair)

    with pytest.raises(AlreadyAdopted, match="recorded already, by vice-chair"):
        adopt(edition, meetings[0], chair)

    assert Adoption.objects.get().presiding_role == "vice-chair"


def test_an_edition_that_is_no_longer_the_latest_is_refused(group, chair, meetings):
    first = make.issue(group)
    rewrite(group, "To report before the summer")
    make.issue(group)

    with pytest.raises(NewerEdition, match="Edition 2 has been issued meanwhile"):
        adopt(first, meetings[0], chair)


def test_the_seal_on_the_screen_must_be_that_of_the_edition(group, chair, meetings):
    with pytest.raises(ValidationError, match="not this edition"):
        adopt(make.issue(group), meetings[0], chair, seen="0" * 64)


def test_a_meeting_of_another_group_adopts_nothing(group, chair, meetings):
    other = make.whole_group(slug="other")

    with pytest.raises(ValidationError, match="a meeting of the Group"):
        adopt(make.issue(group), other.meetings.get(), chair)


def test_a_day_without_the_meeting_is_refused(group, chair, meetings):
    with pytest.raises(ValidationError, match="not on that day"):
        adopt(make.issue(group), meetings[0], chair, on=date(2013, 9, 6))


@pytest.mark.parametrize(("status", "says"), [("proposed", "neither convened nor held"), ("cancelled", "neither")])
def test_a_meeting_that_does_not_stand_adopts_nothing(status, says, group, chair, meetings):
    make.reword(meetings[1], status=status)

    with pytest.raises(ValidationError, match=says):
        adopt(make.issue(group), meetings[1], chair)


def test_nothing_is_adopted_before_its_day(group, chair, meetings):
    edition = make.issue(group)
    make.reword(meetings[2], starts_on=date(2099, 10, 3), ends_on=date(2099, 10, 3))

    with pytest.raises(ValidationError, match="still to come"):
        adopt(edition, meetings[2], chair, on=date(2099, 10, 3))


def test_a_topic_must_be_on_the_agenda_of_that_meeting(group, chair, meetings):
    topic = meetings[0].topics.get()

    with pytest.raises(ValidationError, match="not on the agenda"):
        adopt(make.issue(group), meetings[1], chair, topic=topic)


def test_adopting_opens_the_text_and_its_paper_to_everybody(group, chair, meetings, client):
    edition = make.issue(group)
    assert client.get(edition.get_absolute_url()).status_code == 404

    adopt(edition, meetings[0], chair)

    assert client.get(edition.get_absolute_url()).status_code == 200
    assert edition.revision.document.__class__.objects.get(pk=edition.revision.document_id).is_public


def test_an_adopted_edition_has_papers_of_its_own_and_those_of_the_draft_stay(group, chair, meetings, client):
    edition = make.issue(group)
    draft = {one.name: bytes(one.content) for one in edition.files.filter(standing="draft")}

    adopt(edition, meetings[0], chair)

    papers = {(one.standing, one.name): bytes(one.content) for one in EditionFile.objects.filter(edition=edition)}
    assert {name: papers["draft", name] for name in draft} == draft
    given = client.get(f"/{group.slug}/work-plan.pdf")
    assert given.content == papers["adopted", "work-plan.pdf"] != draft["work-plan.pdf"]
    assert f'filename="{group.slug.upper()}_work-plan_adopted-2013-09-05_en.pdf"' in given["Content-Disposition"]


# ---- considering, and the line under the title


def test_the_line_names_the_meetings_of_all_drafts_since_the_last_adopted_text(group, secretariat, chair, meetings):
    first = make.issue(group)
    consider(first, meetings[0], secretariat)
    rewrite(group, "To report before the summer")
    second = make.issue(group)
    consider(second, meetings[1], secretariat)
    adopt(second, meetings[2], chair)
    rewrite(group, "To report before the winter")
    third = make.issue(group)
    consider(third, meetings[2], chair)

    assert status_line(record_of(again(second))) == (
        "Considered at the meetings of September 5 and 12, 2013 and adopted at the meeting of October\xa03, 2013"
    ).replace("September 5 and", "September\xa05 and")
    assert status_line(record_of(again(third))) == "Considered at the meeting of October\xa03, 2013"
    assert record_of(again(first))["considered"] == [{"on": DAYS[0], "meeting": 1}]


def test_a_meeting_considers_an_edition_once(group, secretariat, meetings):
    edition = make.issue(group)
    consider(edition, meetings[0], secretariat)

    with pytest.raises(ValidationError, match="recorded already"):
        consider(edition, meetings[0], secretariat)


def test_a_delegate_records_no_consideration(group, delegate, meetings):
    with pytest.raises(PermissionDenied):
        consider(make.issue(group), meetings[0], delegate)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("es", "Considerado en las reuniones del 5 y del 12 de septiembre de 2013"),
        ("fr", "Examiné aux réunions des 5 et 12 septembre 2013"),
        ("pt", "Considerado nas reuniões de 5 e 12 de setembro de 2013"),
    ],
)
def test_the_line_is_written_in_every_language(language, line, group, secretariat, chair, meetings, client):
    edition = make.issue(group)
    consider(edition, meetings[0], secretariat)
    consider(edition, meetings[1], secretariat)
    adopt(edition, meetings[2], chair)

    page = client.get(f"/{group.slug}/work-plan/", headers={"Accept-Language": language}).text

    assert line.split(" ")[0] in page
    assert "Considered" not in page


def test_a_meeting_says_what_came_of_it(group, secretariat, chair, meetings, client):
    edition = make.issue(group)
    consider(edition, meetings[0], secretariat)
    adopt(edition, meetings[0], chair, note="as read from the chair")
    rewrite(group, "To report before the summer")
    consider(make.issue(group), meetings[0], secretariat)

    said = {
        who: " ".join(c.get(f"/{group.slug}/meetings/1/").text.split())
        for who, c in {"all": client, "chair": signed_in(chair)}.items()
    }

    assert "Considered: <a" in said["all"]
    assert "Adopted by consensus: <a" in said["all"]
    assert "as read from the chair" in said["all"]
    assert ["work plan, edition 2" in said[who] for who in ("all", "chair")] == [False, True]


def test_the_overview_tells_each_reader_what_she_may_know(group, secretariat, chair, meetings, client):
    edition = make.issue(group)
    consider(edition, meetings[0], secretariat)
    adopt(edition, meetings[1], chair)

    public, officer = client.get(f"/{group.slug}/").text, signed_in(chair).get(f"/{group.slug}/").text

    assert "Adopted: Work plan, edition 1" in public
    assert "adopted; in force" in public
    assert "Considered at the meeting of" in officer


# ---- ad referendum


def test_what_is_adopted_ad_referendum_is_in_force_from_its_confirmation(group, chair, meetings, client):
    edition = make.issue(group)
    adoption = adopt(edition, meetings[0], chair, how="ad referendum")
    assert record_of(again(edition))["status"] == "ad referendum"
    assert in_force(group, datetime.now(UTC)) is None
    assert client.get(edition.get_absolute_url()).status_code == 404

    confirm_adoption(adoption=adoption, meeting=None, on=date(2013, 9, 20), note="", by=chair)

    assert record_of(again(edition))["status"] == "adopted"
    assert in_force(group, datetime(2013, 9, 19, 12, tzinfo=UTC)) is None
    assert in_force(group, datetime(2013, 9, 20, 12, tzinfo=UTC)) == edition
    page = client.get(f"/{group.slug}/work-plan/").text
    assert "adopted ad referendum" in page.lower()
    assert "confirmed on September\xa020, 2013" in page
    names = EditionFile.objects.filter(edition=edition, name="work-plan.pdf").values_list("standing", flat=True)
    assert sorted(names) == ["ad referendum", "adopted", "draft"]


def test_a_confirmation_has_its_rules(group, chair, secretariat, meetings):
    by_consensus = adopt(make.issue(group), meetings[0], chair)
    with pytest.raises(ValidationError, match="needs no confirmation"):
        confirm_adoption(adoption=by_consensus, meeting=None, on=DAYS[1], note="", by=chair)
    rewrite(group, "To report before the summer")
    adoption = adopt(make.issue(group), meetings[1], chair, how="ad referendum")
    with pytest.raises(ValidationError, match="before the adoption"):
        confirm_adoption(adoption=adoption, meeting=None, on=DAYS[0], note="", by=chair)
    with pytest.raises(ValidationError, match="still to come"):
        confirm_adoption(adoption=adoption, meeting=None, on=date(2099, 1, 1), note="", by=chair)
    with pytest.raises(PermissionDenied):
        confirm_adoption(adoption=adoption, meeting=None, on=DAYS[2], note="", by=secretariat)


def test_editions_come_into_force_in_their_order(group, chair, meetings):
    first = adopt(make.issue(group), meetings[1], chair, how="ad referendum")
    rewrite(group, "To report before the summer")
    second = make.issue(group)
    adopt(second, meetings[2], chair)
    with pytest.raises(ValidationError, match="comes too late"):
        confirm_adoption(adoption=first, meeting=None, on=date(2013, 10, 24), note="", by=chair)
    rewrite(group, "To report before the winter")
    with pytest.raises(ValidationError, match="after that day"):
        adopt(make.issue(group), meetings[0], chair)

    assert in_force(group, datetime.now(UTC)) == second


def test_a_meeting_without_a_day_adopts_nothing(group, chair, meetings):
    words = Text.of("early October")
    nothing = dict.fromkeys(["starts_on", "ends_on", "starts_at", "ends_at"])
    make.reword(meetings[2], precision="imprecise", words=words, **nothing)

    with pytest.raises(ValidationError, match="is not set"):
        adopt(make.issue(group), meetings[2], chair, on=date(1900, 1, 1))


def test_what_was_adopted_is_considered_no_more(group, secretariat, chair, meetings):
    first = make.issue(group)
    consider(first, meetings[0], secretariat)
    rewrite(group, "To report before the summer")
    second = make.issue(group)
    adopt(second, meetings[0], chair)

    for edition in (first, second):
        with pytest.raises(ValidationError, match="considered no more"):
            consider(edition, meetings[2], secretariat)
        assert "Record a consideration" not in signed_in(secretariat).get(edition.get_absolute_url()).text


# ---- preparing


def test_what_the_secretariat_prepares_is_filled_in_for_the_chair(
    group, secretariat, as_secretariat, as_chair, meetings
):
    edition = make.issue(group, "delegations")
    topic = meetings[0].topics.get()
    prepared = {
        "meeting": meetings[0].pk,
        "topic": topic.pk,
        "on": "2013-09-05",
        "how": "ad referendum",
        "note": "as read",
    }

    opened_from = latest_change()
    answer = as_secretariat.post(
        edition.address("adopt"), prepared | {"seen": edition.sha256, "opened_from": opened_from}
    )

    assert answer.status_code == 302
    assert not Adoption.objects.exists()
    assert PreparedAdoption.objects.get().history.get().change_set.by == secretariat
    page = as_chair.get(edition.get_absolute_url())
    assert page.context["gavel"].initial["note"] == "as read"
    assert "prepared by the secretariat" in page.text
    fields = {name: page.context["gavel"][name].value() or "" for name in page.context["gavel"].fields}
    assert as_chair.post(edition.address("adopt"), fields).status_code == 302
    assert Adoption.objects.get().how == "ad referendum"


def test_an_adopted_edition_is_not_prepared(group, secretariat, chair, meetings):
    edition = make.issue(group)
    adopt(edition, meetings[0], chair)

    with pytest.raises(AlreadyAdopted):
        prepare_adoption(
            edition=edition,
            meeting=meetings[0],
            topic=None,
            on=DAYS[0],
            how="consensus",
            note="",
            by=secretariat,
            opened_from=latest_change(),
        )


def test_of_two_who_prepare_it_the_second_is_told_and_keeps_what_she_typed(group, secretariat, meetings):
    edition = make.issue(group, "delegations")
    colleague = signed_in(make.member(group, "secretariat", username="colleague"))
    address = edition.address("adopt")
    first, second = opened(signed_in(secretariat), address), opened(colleague, address)
    assert signed_in(secretariat).post(address, first | {"note": "as read"}).status_code == 302

    told = colleague.post(address, second | {"note": "as amended"})

    assert told.status_code == 409
    assert "has prepared this adoption meanwhile" in told.text
    assert PreparedAdoption.objects.get().note == "as read"
    assert told.context["form"]["note"].value() == "as amended"
    assert colleague.post(address, fields_of(told)).status_code == 302
    assert PreparedAdoption.objects.get().note == "as amended"


# ---- the page


@time_machine.travel(datetime(2013, 9, 12, 15, tzinfo=UTC), tick=False)
def test_one_press_at_the_gavel_records_the_meeting_of_today(group, meetings, as_chair):
    edition = make.issue(group)

    page = as_chair.get(edition.get_absolute_url())
    form = page.context["gavel"]
    sent = as_chair.post(edition.address("adopt"), {name: form[name].value() or "" for name in form.fields})

    assert sent.status_code == 302
    assert (Adoption.objects.get().meeting, Adoption.objects.get().on) == (meetings[1], DAYS[1])


def test_sent_twice_or_after_the_back_button_it_changes_nothing(group, chair, meetings):
    client = signed_in(chair)
    edition = make.issue(group)
    fields = {
        "meeting": meetings[0].pk,
        "on": "2013-09-05",
        "how": "consensus",
        "seen": edition.sha256,
        "opened_from": 0,
    }
    client.post(edition.address("adopt"), fields)

    again = client.post(edition.address("adopt"), fields | {"how": "ad referendum"})

    assert again.status_code == 409
    assert "recorded already" in again.text
    assert Adoption.objects.get().how == "consensus"


def test_a_newer_edition_is_said_on_the_page_and_keeps_what_was_typed(group, meetings, as_chair):
    first = make.issue(group)
    rewrite(group, "To report before the summer")
    make.issue(group)
    fields = {
        "meeting": meetings[0].pk,
        "on": "2013-09-05",
        "how": "consensus",
        "note": "as amended",
        "seen": first.sha256,
        "opened_from": 0,
    }

    answer = as_chair.post(first.address("adopt"), fields)

    assert answer.status_code == 409
    assert "Edition 2 has been issued meanwhile" in answer.text
    assert "as amended" in answer.text


def test_only_who_presides_finds_the_gavel(group, meetings, as_chair, as_secretariat, as_delegate):
    edition = make.issue(group, "delegations")

    pages = {
        who: c.get(edition.get_absolute_url()).text
        for who, c in {"chair": as_chair, "s": as_secretariat, "d": as_delegate}.items()
    }

    assert ["At the gavel" in pages[who] for who in ("chair", "s", "d")] == [True, False, False]
    assert ["Prepare the adoption" in pages[who] for who in ("chair", "s", "d")] == [False, True, False]


# ---- in force, and on which day


def test_what_was_in_force_is_known_for_any_day(group, chair, meetings, client):
    first = make.issue(group)
    adopt(first, meetings[0], chair)
    rewrite(group, "To report before the summer")
    second = make.issue(group)
    adopt(second, meetings[2], chair)

    found = {
        day: in_force(group, datetime(2013, *day, 16, tzinfo=UTC))
        for day in [(9, 4), (9, 5), (10, 2), (10, 3), (12, 1)]
    }

    assert found == {(9, 4): None, (9, 5): first, (10, 2): first, (10, 3): second, (12, 1): second}
    assert record_of(again(first))["status"] == "superseded"
    then = client.get(f"/{group.slug}/work-plan/?as_of=2013-09-10")
    assert then.context["edition"] == first
    assert then.context["record"]["status"] == "adopted"
    assert client.get(f"/{group.slug}/work-plan/?as_of=2013-09-04").status_code == 404
    assert "To report before the summer" in client.get(f"/{group.slug}/work-plan/").text
    assert "To report before the summer" not in then.text


def test_a_newer_draft_does_not_take_the_place_of_the_text_in_force(group, chair, delegate, meetings):
    adopted = make.issue(group)
    adopt(adopted, meetings[0], chair)
    rewrite(group, "To report before the summer")
    draft = make.issue(group, "delegations")

    page = signed_in(delegate).get(f"/{group.slug}/work-plan/")

    assert page.context["edition"] == adopted
    assert "Edition 2 is a newer draft" in signed_in(delegate).get(adopted.get_absolute_url()).text
    assert "Edition 1 is in force" not in page.text
    assert signed_in(delegate).get(draft.get_absolute_url()).status_code == 200


def test_the_working_text_is_shown_as_it_was_at_an_instant(group, as_secretariat, as_delegate):
    before = datetime.now(UTC)
    rewrite(group, "To report before the summer")
    asked = f"/{group.slug}/work-plan/draft/?as_of={before.isoformat().replace('+00:00', 'Z')}"

    then = as_secretariat.get(asked)

    assert "To report before the summer" not in then.text
    assert then.context["as_of"]
    assert "Issue this text" not in then.text
    assert as_delegate.get(asked).status_code == 403
    assert "before the summer" in as_secretariat.get(f"/{group.slug}/work-plan/draft/").text


# ---- corrigenda


def spanish(group: WorkingGroup, wording: str) -> None:
    mandate = Mandate.objects.get(row__plan__group=group)
    make.reword(mandate, text=mandate.text.with_wording("es", wording))


def test_a_corrigendum_mends_one_wording_and_leaves_the_decision_alone(group, secretariat, chair, meetings, client):
    spanish(group, "Informar antes del berano")
    edition = make.issue(group, symbol="CP/CSH-1500/13")
    adopt(edition, meetings[0], chair)
    sealed = (edition.text, edition.sha256)
    spanish(group, "Informar antes del verano")

    corrigendum = make.correct(edition, by=secretariat)

    assert (corrigendum.number, corrigendum.corrigendum) == (1, 1)
    assert corrigendum.text["plan"]["symbol"] == "CP/CSH-1500/13 corr. 1"
    assert corrigendum.previous == edition
    assert (again(edition).text, again(edition).sha256) == sealed
    mended = corrigendum.text["rows"][0]["mandates"][0]["text"]
    assert mended["es"] == "Informar antes del verano"
    before, after = dict(edition.text), dict(corrigendum.text)
    before["rows"][0]["mandates"][0]["text"], before["plan"]["symbol"] = mended, after["plan"]["symbol"]
    assert before == after
    record = record_of(again(corrigendum))
    assert (record["status"], record["adopted"]["on"]) == ("adopted", DAYS[0])
    page = client.get(f"/{group.slug}/work-plan/")
    assert page.context["edition"] == corrigendum
    assert "Corrigendum 1" in page.text
    assert "rule-adopted" in page.text
    uncorrected = client.get(edition.get_absolute_url())
    assert "berano" in client.get(edition.address("json")).text
    assert "have been corrected since" in uncorrected.text


def test_corrigenda_count_by_themselves_and_no_revision_is_lost(group, secretariat, chair, meetings):
    edition = make.issue(group, symbol="CP/CSH-1500/13")
    adopt(edition, meetings[0], chair)
    spanish(group, "Informar antes del berano")
    first = make.correct(edition, by=secretariat)
    spanish(group, "Informar antes del verano")
    second = make.correct(edition, by=secretariat)
    rewrite(group, "To report before the winter")
    later = make.issue(group)

    assert [one.revision.symbol.canonical for one in (first, second, later)] == [
        "CP/CSH-1500/13 corr. 1",
        "CP/CSH-1500/13 corr. 2",
        "CP/CSH-1500/13 rev. 1",
    ]
    assert (first.previous, second.previous, later.previous) == (edition, first, second)


def test_what_is_more_than_a_wording_is_for_an_amendment(group, secretariat, meetings):
    edition = make.issue(group)
    with changes(by=None, reason="a mandate more", source="command"):
        make.MandateFactory(row=group.plan.rows.get())
    rewritten = differences(edition.text, working_text(group.plan).json_text)

    assert rewritten.wordings == []
    assert rewritten.others == [("rows", str(group.plan.rows.get().pk), "mandates")]
    with pytest.raises(ValidationError, match="Choose the wordings"):
        make.correct(edition, by=secretariat)


def test_only_what_was_chosen_is_corrected(group, secretariat):
    spanish(group, "Informar antes del berano")
    edition = make.issue(group)
    make.reword(group.plan, title=Text.of("A new title of the plan"))
    spanish(group, "Informar antes del verano")

    corrigendum = make.correct(edition, by=secretariat, language="es")

    assert corrigendum.text["plan"]["title"] == edition.text["plan"]["title"]
    assert [one["after"] for one in corrigendum.corrections] == ["Informar antes del verano"]


def test_a_corrigendum_is_for_those_who_read_the_edition(group, secretariat, delegate, client):
    edition = make.issue(group, "delegations")
    spanish(group, "Informar antes del verano")

    corrigendum = make.correct(edition, by=secretariat)

    assert signed_in(delegate).get(corrigendum.get_absolute_url()).status_code == 200
    assert client.get(corrigendum.get_absolute_url()).status_code == 404


def test_what_opens_an_edition_opens_its_corrigenda(group, secretariat, chair, client):
    edition = make.issue(group, "delegations")
    spanish(group, "Informar antes del verano")
    corrigendum = make.correct(edition, by=secretariat)

    release_plan(edition=edition, audience="public", by=chair, consent="", reason="to everybody")

    assert client.get(corrigendum.get_absolute_url()).status_code == 200
    assert client.get(edition.get_absolute_url() + "corr/0/").status_code == 404


def test_a_base_symbol_leads_to_the_latest_edition_and_not_to_a_late_corrigendum(group, secretariat, client):
    first = make.issue(group, "public", symbol="CP/CSH-1500/13")
    rewrite(group, "To report before the summer")
    second = make.issue(group, "public")
    spanish(group, "Informar antes del verano")
    make.correct(first, by=secretariat, language="es")

    answer = client.get("/symbols/CP/CSH-1500/13")
    base = client.get("/symbols/CP/CSH-1500/13 rev. 1")

    assert base.url == second.revision.get_absolute_url()
    assert answer.url == first.revision.get_absolute_url()


def test_json_says_anew_what_was_recorded(group, secretariat, meetings, client):
    edition = make.issue(group, "public")
    etag = client.get(edition.address("json"))["ETag"]
    consider(edition, meetings[0], secretariat)

    again = client.get(edition.address("json"), headers={"If-None-Match": etag})

    assert again.status_code == 200


def test_the_past_does_not_know_later_releases(group, chair, as_chair):
    edition = make.issue(group, "delegations")
    at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    release_plan(edition=edition, audience="public", by=chair, consent="", reason="to everybody")

    then = as_chair.get(f"/{group.slug}/work-plan.json?as_of={at}").json()

    assert then["record"]["audiences"] == ["delegations"]


def test_a_corrigendum_is_adopted_by_no_meeting(group, secretariat, chair, meetings):
    edition = make.issue(group)
    spanish(group, "Informar antes del verano")
    corrigendum = make.correct(edition, by=secretariat)

    with pytest.raises(ValidationError, match="by no meeting"):
        adopt(corrigendum, meetings[0], chair)


def test_what_was_corrected_before_the_meeting_is_adopted_as_corrected(group, secretariat, chair, meetings, client):
    spanish(group, "Informar antes del berano")
    edition = make.issue(group)
    spanish(group, "Informar antes del verano")
    corrigendum = make.correct(edition, by=secretariat)
    assert "gavel" not in signed_in(chair).get(edition.get_absolute_url()).context
    assert signed_in(chair).get(corrigendum.get_absolute_url()).context["gavel"]["seen"].value() == corrigendum.sha256
    with pytest.raises(ValidationError, match="not this edition as it stands now"):
        adopt(edition, meetings[0], chair)

    adopt(edition, meetings[0], chair, seen=corrigendum.sha256)

    page = client.get(f"/{group.slug}/work-plan/")
    assert page.context["edition"] == corrigendum
    assert "It is in force as corrected since." in client.get(edition.get_absolute_url()).text
    assert "verano" in client.get(corrigendum.address("json")).text
    assert corrigendum.files.filter(standing="adopted", name="work-plan.pdf").exists()


def test_the_form_shows_what_differs_and_asks_for_consent(group, as_secretariat, as_chair):
    spanish(group, "Informar antes del berano")
    edition = make.issue(group)
    spanish(group, "Informar antes del verano")

    page = as_secretariat.get(edition.address("correct"))
    key = page.context["wordings"][0]["key"]
    sent = {"chosen": key, "seen": page.context["form"]["seen"].value(), "reason": "misprint"}
    refused = as_secretariat.post(edition.address("correct"), sent)
    done = as_secretariat.post(edition.address("correct"), sent | {"consent": "by word of mouth"})

    assert "Mandate 1 of" in page.text
    assert refused.status_code == 200
    assert "checked" in refused.text
    assert done.status_code == 302
    assert as_chair.get(edition.address("correct")).status_code == 403


def test_a_text_that_changed_while_choosing_is_told(group, as_secretariat):
    spanish(group, "Informar antes del berano")
    edition = make.issue(group)
    spanish(group, "Informar antes del verano")
    page = as_secretariat.get(edition.address("correct"))
    sent = {"chosen": page.context["wordings"][0]["key"], "reason": "misprint", "consent": "yes", "seen": "0" * 64}

    assert as_secretariat.post(edition.address("correct"), sent).status_code == 409


# ---- what later names change


def test_no_byte_of_what_was_adopted_changes_when_all_names_do(group, chair, meetings, client):
    edition = make.issue(group)
    adopt(edition, meetings[0], chair)
    addresses = [edition.address(kind) for kind in ("pdf", "docx", "json", "ics")]
    before = [client.get(address).content for address in addresses]

    row = group.plan.rows.get()
    make.reword(row.resolution, title=Text.of("Renamed resolution"))
    area = row.assignments.get().area
    make.reword(area, name=Text.of("Renamed area"))
    make.reword(group, name=Text.of("Renamed group"), short_name=Text.of("Renamed"))
    with changes(by=None, reason="a room for a test", source="command"):
        room = make.RoomFactory()
    make.reword(meetings[0], room=room)

    assert [client.get(address).content for address in addresses] == before
    assert text_for(client.get("/").wsgi_request.user, group).json_text == edition.text
