"""The report of findings: what is found, by whom it is mended, and which findings may stand as they are."""

import csv
import io
import json
from datetime import UTC, date, datetime
from html import unescape
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from documents.actions import DecidedMeanwhile, accept_finding, ask_finding_again, give_finding
from documents.models import Care
from documents.reading.gaps.report import Entry, open_in, people_of, report_of
from mandates.models import Mandate
from meetings.models import Topic
from mispa.ground.changes import changes
from mispa.ground.models import ChangeSet
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in
from tests.documents.test_pages import in_words
from tests.writing import made

BEFORE = datetime(2013, 8, 1, tzinfo=UTC)  # five weeks before the meeting of the group
HALF_OF_2013 = {
    "deadline_words": Text.of("second half of 2013"),
    "deadline_earliest": date(2013, 7, 1),
    "deadline_latest": date(2013, 12, 31),
}
TRANSLATED = {"es": "x", "fr": "x", "pt": "x"}


@pytest.fixture
def mandate(group) -> Mandate:
    return Mandate.objects.get(row__plan=group.plan)


@pytest.fixture
def topic(group) -> Topic:
    return Topic.objects.get(meeting__group=group)


def found(group: Any, at: datetime = BEFORE) -> dict[str, Entry]:
    return {entry.finding.key: entry for entry in report_of(group, now=at)}


def about(group: Any, thing: Any, at: datetime = BEFORE) -> set[str]:
    """The kinds of findings about a thing."""
    return {key.split(":")[0] for key in found(group, at) if key.endswith(f":{thing.pk}")}


# What is found -----------------------------------------------------------


def test_a_mandate_of_a_bare_plan_has_neither_meeting_nor_paper(group, mandate):
    assert about(group, mandate) == {"no-meeting", "no-paper"}


def test_a_mandate_named_by_a_topic_with_a_paper_lacks_nothing(group, mandate, topic):
    made(make.TopicMandateFactory, topic=topic, mandate=mandate)
    made(make.TopicDocumentFactory, topic=topic)

    assert about(group, mandate) == set()


def test_a_cancelled_meeting_treats_nothing(group, mandate, topic):
    made(make.TopicMandateFactory, topic=topic, mandate=mandate)
    make.reword(topic.meeting, status="cancelled")

    assert about(group, mandate) == {"no-meeting", "no-paper"}


def test_a_mandate_that_is_done_needs_the_paper_by_which(group, mandate):
    make.reword(mandate, progress="done", **HALF_OF_2013)
    made(make.MandateDocumentFactory, mandate=mandate, role="prepares")
    assert about(group, mandate) == {"done-without-paper"}

    made(make.MandateDocumentFactory, mandate=mandate, role="carries out")

    assert about(group, mandate) == set()


def test_areas_of_the_resolution_count_for_its_mandates(group, mandate):
    other = made(make.MandateFactory, row=mandate.row)
    assert about(group, mandate.row) == set()

    make.reword(mandate.row.assignments.get(), is_withdrawn=True)
    assert about(group, mandate.row) == {"no-area"}

    made(make.AssignmentFactory, row=None, mandate=other)
    assert (about(group, mandate.row), "no-area" in about(group, mandate), "no-area" in about(group, other)) == (
        set(),
        True,
        False,
    )


@pytest.mark.parametrize(
    ("at", "kinds"),
    [
        (datetime(2013, 5, 1, tzinfo=UTC), set()),
        (datetime(2013, 6, 1, tzinfo=UTC), {"deadline-near"}),  # 30 days before the first day that it can mean
        (datetime(2013, 12, 31, 23, tzinfo=UTC), {"deadline-near"}),
        (datetime(2014, 1, 1, 12, tzinfo=UTC), {"deadline-past"}),
    ],
)
def test_an_imprecise_deadline_is_near_from_its_first_day_and_past_after_its_last(group, mandate, at, kinds):
    make.reword(mandate, **HALF_OF_2013)

    assert about(group, mandate, at) - {"no-meeting", "no-paper"} == kinds


def test_a_refined_deadline_is_held_against_its_refined_days(group, mandate):
    days = {"refined_earliest": date(2013, 11, 21), "refined_latest": date(2013, 11, 22)}
    make.reword(mandate, **HALF_OF_2013, **days, refined_by=made(make.ResolutionFactory))

    assert "deadline-near" not in about(group, mandate, datetime(2013, 9, 1, tzinfo=UTC))
    assert "deadline-past" in about(group, mandate, datetime(2013, 11, 24, tzinfo=UTC))


def test_a_deadline_in_words_alone_is_given_no_day(group, mandate):
    make.reword(mandate, deadline_words=Text.of("at its next session"))

    assert about(group, mandate, datetime(2030, 1, 1, tzinfo=UTC)) >= {"deadline-without-days"}
    assert not any("deadline-past" in key for key in found(group, datetime(2030, 1, 1, tzinfo=UTC)))


def test_a_deadline_before_every_meeting_that_treats_it_is_found(group, mandate, topic):
    made(make.TopicMandateFactory, topic=topic, mandate=mandate)
    days = {"deadline_earliest": date(2013, 8, 20), "deadline_latest": date(2013, 9, 4)}
    make.reword(mandate, deadline_words=Text.of("in time"), **days)
    assert "deadline-before-meetings" in about(group, mandate)

    make.reword(mandate, deadline_latest=date(2013, 9, 5))

    assert "deadline-before-meetings" not in about(group, mandate)


def test_a_convened_meeting_to_come_needs_topics_and_a_room(group, topic):
    bare = made(make.MeetingFactory, group=group, number=2, room=None)
    proposed = made(make.MeetingFactory, group=group, number=3, room=None, status="proposed")

    assert about(group, bare) == {"meeting-without-topics", "meeting-without-room"}
    assert about(group, bare, datetime(2013, 10, 1, tzinfo=UTC)) == {"meeting-not-recorded"}
    assert about(group, proposed) == set()
    assert about(group, topic.meeting) == set()


def test_a_topic_about_a_paper_needs_one_and_an_election_does_not(group, topic):
    assert about(group, topic) == {"topic-without-paper"}

    make.reword(topic, kind="election")

    assert about(group, topic) == set()


def test_a_paper_of_the_group_that_is_on_no_table_is_found(group, topic):
    paper = made(make.RevisionFactory, document__group=group).document
    assert about(group, paper) == {"paper-not-considered"}
    assert found(group)[f"paper-not-considered:{paper.pk}"].finding.mend == topic.meeting.get_absolute_url()

    made(make.TopicDocumentFactory, topic=topic, document=paper)

    assert about(group, paper) == set()


def test_an_edition_is_found_until_a_meeting_considers_it(group, topic):
    with changes(by=None, reason="an edition", source="command"):
        document = make.DocumentFactory(group=group, plan=group.plan)
        edition = make.EditionFactory(plan=group.plan, revision=make.RevisionFactory(document=document))
    assert about(group, edition.revision) == {"paper-not-considered"}

    made(make.ConsiderationFactory, edition=edition, meeting=topic.meeting)

    assert about(group, edition.revision) == set()


def test_a_symbol_that_is_pending_is_told_from_one_to_check(group):
    pending = {"canonical": None, "slug": None, "state": "pending"}
    given_later = made(make.RegisteredSymbolFactory, printed="", **pending)
    doubtful = made(make.RegisteredSymbolFactory, printed="CP/INF. /13", review="no number", **pending)
    papers = [made(make.RevisionFactory, document__group=group, symbol=one) for one in (given_later, doubtful)]

    assert [about(group, paper) for paper in papers] == [{"symbol-pending"}, {"symbol-to-check"}]
    mends = {one.finding.mend for one in found(group).values() if one.finding.kind.startswith("symbol-")}
    assert mends == {reverse("documents:revision-edit", args=[paper.pk]) for paper in papers}


def test_translations_are_one_finding_for_each_language_and_state(group):
    before = found(group)["translation-missing:es"].finding
    made(make.ParagraphFactory, plan=group.plan, text=Text("en", {"en": "a", "es": "b"}, {"es": "0" * 12}))
    made(make.ParagraphFactory, plan=group.plan, text=Text.of("whole", **TRANSLATED))

    after = found(group)

    assert before.says == after["translation-missing:es"].finding.says
    assert after["translation-stale:es"].finding.says == "1 text in Spanish is older than its original."
    assert after["translation-stale:es"].finding.mend == "/group-x/".replace("group-x", group.slug) + (
        "translations/?state=stale&language=es"
    )


def test_two_resolutions_with_one_title_are_one_finding(group, mandate):
    row = made(make.PlanRowFactory, plan=group.plan)

    assert f"same-title:{mandate.row.pk}_{row.pk}" in found(group)


def test_days_that_the_record_contradicts_are_found(group):
    coming = made(make.MinisterialFactory, group=group, number=2)
    days = {"checked_starts_on": date(2008, 11, 7), "checked_ends_on": date(2008, 11, 8)}
    past = made(
        make.MinisterialFactory, series=coming.series, ordinal=900, checked_source=Text.of("the report"), **days
    )

    entry = found(group)[f"days-contradicted:{past.pk}"]

    assert (entry.finding.more, entry.finding.mend) == ("the report", "")


def test_every_link_leads_to_a_page(group, as_secretariat):
    made(make.PlanRowFactory, plan=group.plan)
    made(make.MeetingFactory, group=group, number=2, room=None)
    made(make.RevisionFactory, document__group=group)

    findings = [entry.finding for entry in report_of(group)]
    links = {link.split("#")[0] for one in findings for link in (one.url, one.mend) if link}

    assert {link: as_secretariat.get(link).status_code for link in links} == dict.fromkeys(links, 200)


# Whose it is, and what may stand -----------------------------------------


@pytest.fixture
def entry(group, mandate) -> Entry:
    return found(group)[f"no-paper:{mandate.pk}"]


def accepted(group: Any, entry: Entry, by: Any, because: str = "It needs none") -> Care:
    return accept_finding(group=group, key=entry.finding.key, seen=entry.fingerprint, because=because, by=by)


def test_a_finding_that_is_accepted_is_no_longer_open(group, entry, chair):
    accepted(group, entry, chair)

    now = found(group)[entry.finding.key]

    assert (now.is_accepted, now.because, now.decided.by) == (True, "It needs none", chair)
    assert entry.finding.key not in {one.finding.key for one in open_in(report_of(group))}
    assert ChangeSet.objects.latest("at").reason == "It needs none"


def test_what_came_and_went_is_asked_again(group, mandate, entry, chair):
    accepted(group, entry, chair)
    paper = made(make.MandateDocumentFactory, mandate=mandate)
    make.reword(paper, is_withdrawn=True)

    now = found(group)[entry.finding.key]

    assert (now.is_accepted, now.is_asked_again) == (False, True)


def test_an_area_that_came_to_a_mandate_and_went_is_asked_again(group, mandate, chair):
    make.reword(mandate.row.assignments.get(), is_withdrawn=True)
    key = f"no-area:{mandate.row.pk}"
    accepted(group, found(group)[key], chair)
    assignment = made(make.AssignmentFactory, row=None, mandate=mandate)
    make.reword(assignment, is_withdrawn=True)

    assert found(group)[key].is_asked_again


def test_another_wording_of_the_symbol_is_asked_again(group, chair):
    pending = {"canonical": None, "slug": None, "state": "pending"}
    symbol = made(make.RegisteredSymbolFactory, printed="CP/INF. /13", review="no number", **pending)
    paper = made(make.RevisionFactory, document__group=group, symbol=symbol)
    key = f"symbol-to-check:{paper.pk}"
    accepted(group, found(group)[key], chair)
    make.reword(symbol, printed="CP/INF. /14")

    assert found(group)[key].is_asked_again


def test_what_has_nothing_to_do_with_it_leaves_it_accepted(group, mandate, entry, chair):
    accepted(group, entry, chair)
    make.reword(mandate, text=Text.of("Another wording"))
    made(make.MandateDocumentFactory)

    assert found(group)[entry.finding.key].is_accepted


def test_a_finding_is_given_taken_and_left(group, entry, chair, secretariat):
    give_finding(group=group, key=entry.finding.key, owner=secretariat, by=chair, reason="for the next meeting")
    assert found(group)[entry.finding.key].owner == secretariat

    give_finding(group=group, key=entry.finding.key, owner=None, by=chair, reason="nobody has the time")

    assert found(group)[entry.finding.key].owner is None
    assert Care.objects.get().is_withdrawn


def test_asking_again_keeps_the_owner(group, entry, chair, secretariat):
    give_finding(group=group, key=entry.finding.key, owner=secretariat, by=chair, reason="for the next meeting")
    accepted(group, entry, chair)
    ask_finding_again(group=group, key=entry.finding.key, by=chair, reason="it does matter")

    now = found(group)[entry.finding.key]

    assert (now.owner, now.is_accepted, now.is_asked_again) == (secretariat, False, False)


def test_only_who_edits_can_have_a_finding(group, entry, chair, delegate):
    with pytest.raises(ValidationError, match="Choose somebody of the secretariat"):
        give_finding(group=group, key=entry.finding.key, owner=delegate, by=chair, reason="a try")

    assert not Care.objects.exists()


def test_who_has_a_role_since_today_can_have_a_finding(group, entry, chair):
    """A day begins for roles as it does for all permissions, in the group's city, though in GMT it is tomorrow."""
    with time_machine.travel(datetime(2026, 11, 25, 2, tzinfo=UTC), tick=False):
        newcomer = make.UserFactory(username="newcomer")
        made(make.MembershipFactory, group=group, user=newcomer, role="secretariat", since=date(2026, 11, 24))
        assert newcomer in people_of(group)

        give_finding(group=group, key=entry.finding.key, owner=newcomer, by=chair, reason="a first task")

    assert Care.objects.get().owner == newcomer


def test_only_who_edits_decides(group, entry, administrator, delegate):
    for person in (administrator, delegate):
        with pytest.raises(PermissionDenied):
            accepted(group, entry, person)


def test_who_decides_on_an_old_page_is_told(group, entry, chair, secretariat):
    accepted(group, entry, secretariat)
    opened = latest_change()
    ask_finding_again(group=group, key=entry.finding.key, by=chair, reason="it does matter")

    with pytest.raises(DecidedMeanwhile):
        give_finding(group=group, key=entry.finding.key, owner=chair, by=chair, reason="mine", opened_from=opened)


# Page, files and command -------------------------------------------------


def page_of(client: Any, group: Any, query: str = "") -> str:
    answer = client.get(f"/{group.slug}/gaps/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


QUERIES = ["", "?kind=no-paper", "?owner=chair", "?owner=nobody", "?state=accepted", "?state=all"]


@pytest.mark.parametrize("query", QUERIES)
def test_page_and_files_say_the_same(group, mandate, entry, chair, as_chair, query):
    give_finding(group=group, key=f"no-meeting:{mandate.pk}", owner=chair, by=chair, reason="mine")
    accepted(group, entry, chair)
    joined = f"{query}&lang=en" if query else "?lang=en"

    page = in_words(page_of(as_chair, group, query))
    content = as_chair.get(f"/{group.slug}/gaps.csv{joined}").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    findings = as_chair.get(f"/{group.slug}/gaps.json{joined}").json()["findings"]

    assert rows == findings
    assert f"{len(rows)} shown" in page
    assert [row["key"] for row in rows] == [
        key for key in page_of(as_chair, group, query).split('<li id="')[1:] for key in [key.split('"')[0]]
    ]
    for row in rows:
        for words in (row["finding"], row["more"], row["because"], row["owner"]):
            assert " ".join(words.replace("\N{NO-BREAK SPACE}", " ").split()) in page


def test_a_cell_is_never_a_formula(group, as_chair):
    made(make.RevisionFactory, document__group=group, document__title=Text.of("=1+1"))
    made(make.PlanRowFactory, plan=group.plan, symbol_as_printed="=HYPERLINK(1)")

    content = as_chair.get(f"/{group.slug}/gaps.csv").content.decode("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row]
    assert [cell for cell in cells if cell.startswith("=")] == []
    assert any(cell.startswith("'=HYPERLINK(1) has no responsible area") for cell in cells)


def test_a_choice_that_is_none_is_not_there(group, as_chair):
    for query in ("?kind=lunch", "?owner=stranger", "?state=lost", "?as_of=2013-01-01"):
        assert as_chair.get(f"/{group.slug}/gaps/{query}").status_code == 404


def test_the_secretariat_takes_gives_and_accepts_on_the_page(group, entry, as_chair, chair, secretariat):
    address = f"/{group.slug}/gaps/no-paper/{entry.finding.about}/"
    opened = {"opened_from": latest_change()}

    taken = as_chair.post(f"{address}owner/", {"mine": "1", **opened})
    assert (taken.status_code, found(group)[entry.finding.key].owner) == (302, chair)

    given = as_chair.post(f"{address}owner/", {"owner": secretariat.pk, "opened_from": latest_change()})
    assert (given.status_code, found(group)[entry.finding.key].owner) == (302, secretariat)

    seen = as_chair.get(address).context["entry"].fingerprint
    refused = as_chair.post(f"{address}accept/", {"because": "", "seen": seen, "opened_from": latest_change()})
    assert "Say in some words why it may stand as it is." in refused.content.decode()

    as_chair.post(f"{address}accept/", {"because": "It needs none", "seen": seen, "opened_from": latest_change()})
    assert as_chair.get(address).context["entry"].is_accepted

    as_chair.post(f"{address}ask/", {"opened_from": latest_change()})
    assert not as_chair.get(address).context["entry"].is_accepted


def test_what_is_accepted_is_what_was_on_the_screen(group, mandate, entry, as_chair):
    address = f"/{group.slug}/gaps/no-paper/{entry.finding.about}/"
    typed = {"because": "It needs none", "seen": "0" * 64, "opened_from": latest_change()}

    answer = as_chair.post(f"{address}accept/", typed, follow=True)

    assert "Somebody has decided about this finding meanwhile" in answer.content.decode()
    assert not Care.objects.exists()


def test_what_was_typed_stands_there_when_others_have_decided(group, entry, as_chair, secretariat):
    address = f"/{group.slug}/gaps/no-paper/{entry.finding.about}/"
    opened = latest_change()
    accepted(group, entry, secretariat)
    typed = {"because": "Typedword it needs none", "seen": entry.fingerprint, "opened_from": opened}

    told = as_chair.post(f"{address}accept/", typed)
    form = told.context["accept_form"]
    again = {name: form[name].value() for name in form.fields}
    as_chair.post(f"{address}accept/", again)

    assert "Typedword" in told.text
    assert "Somebody has decided about this finding meanwhile" in told.text
    assert found(group)[entry.finding.key].because == "Typedword it needs none"


def test_the_administrator_reads_and_is_offered_nothing_to_do(group, administrator):
    page = page_of(signed_in(administrator), group)

    main = page.partition("<main")[2].partition("</main>")[0]
    assert 'method="post"' not in main
    assert "Mend it" not in main


def test_the_overview_counts_the_open_ones_for_who_may_read_them(group, as_chair, as_delegate):
    number = len(open_in(report_of(group)))

    assert f"{number} open findings in the working text" in unescape(as_chair.get(f"/{group.slug}/").content.decode())
    assert "open findings" not in as_delegate.get(f"/{group.slug}/").content.decode()


def test_the_command_prints_the_report_and_fails_while_anything_is_open(group, chair):
    out = StringIO()
    with pytest.raises(CommandError, match="open findings: ") as failed:
        call_command("check_plan", "--group", group.slug, stdout=out)
    assert failed.value.returncode == 1
    for entry in report_of(group):
        assert entry.finding.says in out.getvalue()
        accepted(group, entry, chair)

    out = StringIO()
    call_command("check_plan", "--group", group.slug, "--json", stdout=out)

    findings = json.loads(out.getvalue())["findings"]
    assert [one["key"] for one in findings] == [entry.finding.key for entry in report_of(group)]
    assert {one["state"] for one in findings} == {"Accepted as it is"}


def test_the_command_knows_no_group_that_is_not_there(db):
    with pytest.raises(CommandError, match="There is no group") as failed:
        call_command("check_plan", "--group", "nowhere")

    assert failed.value.returncode == 2


def test_findings_are_told_in_the_language_of_the_page_and_kept_in_none(group, mandate, entry, chair, as_chair):
    accepted(group, entry, chair)

    page = as_chair.get(f"/{group.slug}/gaps/?state=accepted", headers={"accept-language": "es"})

    assert entry.finding.key in page.content.decode()


# Papers of mandates and topics -------------------------------------------


def test_progress_and_papers_are_written_on_one_page(group, mandate, as_chair):
    paper = made(make.RevisionFactory, document__group=group).document
    address = f"/mandates/{mandate.pk}/papers/"
    typed = {"progress": "done", "carrying_out": [paper.pk], "reason": "It is done", "opened_from": latest_change()}

    answer = as_chair.post(address, typed)

    assert (answer.status_code, answer.url) == (302, f"/mandates/{mandate.pk}/")
    assert Mandate.objects.get(pk=mandate.pk).progress == "done"
    assert [(one.document, one.role) for one in mandate.papers.all()] == [(paper, "carries out")]
    page = in_words(as_chair.get(f"/mandates/{mandate.pk}/").content.decode())
    assert "Done not part of the text" in page
    assert "Report on Depths (carries it out)" in page


def test_papers_of_one_role_leave_those_of_the_other(group, mandate, as_chair):
    first, second = (made(make.RevisionFactory, document__group=group).document for _one in range(2))
    with changes(by=None, reason="for a test", source="command"):
        make.MandateDocumentFactory(mandate=mandate, document=first, role="prepares")
    typed = {
        "progress": "open",
        "preparing": [first.pk],
        "carrying_out": [first.pk, second.pk],
        "reason": "more of them",
    }

    as_chair.post(f"/mandates/{mandate.pk}/papers/", {**typed, "opened_from": latest_change()})

    standing = mandate.papers.filter(is_withdrawn=False).order_by("role", "position")
    assert [(one.role, one.document) for one in standing] == [
        ("carries out", first),
        ("carries out", second),
        ("prepares", first),
    ]


def test_a_hidden_paper_of_another_group_cannot_be_chosen(group, mandate, as_chair):
    other = made(make.RevisionFactory, document__group=make.whole_group(is_public=False)).document

    typed = {"progress": "open", "preparing": [other.pk], "reason": "a try", "opened_from": latest_change()}
    answer = as_chair.post(f"/mandates/{mandate.pk}/papers/", typed)

    assert answer.context["form"].errors["preparing"] == ["Choose from the list."]


def test_a_topic_gets_its_papers_in_order(group, topic, as_chair):
    papers = [made(make.RevisionFactory, document__group=group).document for _one in range(2)]
    typed = {"papers": [papers[1].pk, papers[0].pk], "reason": "for the table", "opened_from": latest_change()}

    as_chair.post(f"/topics/{topic.pk}/papers/", typed)

    assert [one.document for one in topic.papers.order_by("position")] == [papers[1], papers[0]]


def test_a_mandate_goes_with_its_papers(group, mandate, as_chair):
    made(make.MandateDocumentFactory, mandate=mandate)

    as_chair.post(f"/mandates/{mandate.pk}/withdraw/", {"reason": "no more", "opened_from": latest_change()})

    assert Mandate.objects.get(pk=mandate.pk).is_withdrawn
    assert mandate.papers.get().is_withdrawn


def test_the_page_of_a_mandate_in_the_past_has_the_papers_of_then(group, mandate, as_chair):
    paper = made(make.MandateDocumentFactory, mandate=mandate, document=made(make.RevisionFactory).document)
    then = ChangeSet.objects.latest("at").at.isoformat().replace("+00:00", "Z")
    make.reword(paper, is_withdrawn=True)

    assert "No paper is named for it." in as_chair.get(f"/mandates/{mandate.pk}/").content.decode()
    assert "Report on Depths" in as_chair.get(f"/mandates/{mandate.pk}/?as_of={then}").content.decode()


# The group of 2013 -------------------------------------------------------


def test_the_gaps_of_2013_are_found(mispa_iv):
    with time_machine.travel(datetime(2013, 8, 30, 16, tzinfo=UTC)):
        entries = report_of(mispa_iv)

    says = [entry.finding.says for entry in entries]
    kinds = [entry.finding.kind for entry in entries]
    assert "AG/RES. 2809 (XLIII-O/13) has no responsible area." in says
    assert "CP/RES. 1014 (1915/13) is printed as CP/RES. 1014 (1915-13)." in says
    assert "MISPA IV: the city is not in the plan." in says
    assert kinds.count("no-meeting") == Mandate.objects.count() == 9
    assert kinds.count("deadline-without-days") == 1
    assert "meeting-not-recorded" not in kinds
