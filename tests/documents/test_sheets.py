"""The list of documents of a group or a meeting, and the order of business: what they say, to whom, and as a file."""

from datetime import date, time
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from documents.actions import release_plan, withdraw_paper
from documents.models import Document
from documents.printing import files
from documents.reading.sheets import business_of, list_of_documents, papers_of_meeting
from meetings.models import Meeting
from mispa.ground.changes import changes
from mispa.ground.openings import latest_change
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in
from tests.documents.papers import PROFILES, failures, pages_of

NOBODY = AnonymousUser()


@pytest.fixture
def meeting(group):
    found = Meeting.objects.get(group=group, number=1)
    found.group = group
    return found


def paper(group: Any, symbol: str = "", state: str = "issued", topic: Any = None, **values: Any) -> Any:
    """A paper with one text; on the table of a topic if one is given."""
    with changes(by=None, reason="made for a test", source="command"):
        document = make.DocumentFactory(group=group, base=symbol or None, **values)
        add(document, symbol, state)
        if topic:
            place = topic.papers.count() + 1
            make.TopicDocumentFactory(topic=topic, document=document, position=place)
    return document


def add(document: Any, symbol: str, state: str = "issued", **values: Any) -> Any:
    pending = {"canonical": None, "slug": None, "state": "pending", "printed": ""}
    known = {"canonical": symbol, "slug": symbol.lower().replace("/", "-").replace(" ", "-").replace(".", "-")}
    with changes(by=None, reason="made for a test", source="command"):
        named = make.RegisteredSymbolFactory(**(known if symbol else pending))
        position = document.revisions.count() + 1
        return make.RevisionFactory(document=document, symbol=named, state=state, position=position, **values)


def listed(user: Any, group: Any, meeting: Meeting | None = None) -> dict[str, Any]:
    """The list of the papers of a meeting, else of those of the group."""
    if meeting:
        return list_of_documents(user, group, papers_of_meeting(user, meeting), meeting)
    papers = Document.objects.visible_to(user).filter(group=group).order_by("base")
    return list_of_documents(user, group, papers)


def items(sheet: dict[str, Any]) -> list[Any]:
    return [line["text"] if isinstance(line["text"], str) else line["text"]["en"] for line in sheet["lines"]]


# ---- the list of documents


@pytest.fixture
def papers(group, meeting, secretariat):
    topic = meeting.topics.get()
    agenda = paper(group, "GT/RIVERS/doc.1/13", topic=topic, original_languages="en/es")
    add(agenda, "GT/RIVERS/doc.1/13 rev. 1", dated=date(2013, 9, 5))
    add(agenda, "GT/RIVERS/doc.1/13 rev. 1 corr. 1", languages="es", issued_on=date(2013, 9, 9))
    paper(group, "GT/RIVERS/doc.2/13", topic=topic, distribution="limited", is_public=False, title=Text.of("Secret"))
    paper(group, "GT/RIVERS/doc.3/13", state="working", topic=topic, title=Text.of("Unfinished"))
    paper(group, title=Text.of("Without a number"))
    gone = paper(group, "GT/RIVERS/doc.4/13", title=Text.of("Sent by mistake"))
    how: dict[str, Any] = {"by": secretariat, "reason": "by mistake"}
    withdraw_paper(document=gone, opened_from=latest_change(), **how)


def test_a_list_tells_how_each_text_stands(group, secretariat, papers):
    lines = {line["symbol"].replace("\N{NO-BREAK SPACE}", " "): line for line in listed(secretariat, group)["lines"]}

    first, second, corrigendum = (lines[f"GT/RIVERS/doc.1/13{more}"] for more in ("", " rev. 1", " rev. 1 corr. 1"))
    assert first["is_gone"]
    assert first["beside_title"] == ["Superseded by GT/RIVERS/doc.1/13 rev.\N{NO-BREAK SPACE}1"]
    assert first["languages"] == ["original: English/Spanish"]
    assert (second["is_gone"], second["beside_title"]) == (False, ["Replaces the first issue"])
    assert second["dated"].replace("\N{NO-BREAK SPACE}", " ") == "5 September 2013"
    assert corrigendum["beside_title"] == ["Corrects rev. 1", "Spanish only"]
    assert lines["GT/RIVERS/doc.2/13"]["distribution"] == "limited"
    assert lines["GT/RIVERS/doc.3/13"]["beside_title"] == ["Not issued yet"]
    assert lines["symbol pending"]["title"]["en"] == "Without a number"


def test_a_list_holds_what_its_reader_may_see_and_says_if_that_is_not_for_everybody(
    group, meeting, secretariat, delegate, papers
):
    told = {}
    for name, user in {"nobody": NOBODY, "delegate": delegate, "secretariat": secretariat}.items():
        sheet = listed(user, group, meeting)
        told[name] = (len(sheet["lines"]), sheet["foot"].partition(" · ")[2])

    assert told == {
        "nobody": (3, ""),
        "delegate": (4, "It names papers that are not for everybody"),
        "secretariat": (5, "It names papers that are not issued yet"),
    }


def test_a_plan_that_only_the_delegations_have_is_not_for_everybody(group, secretariat, delegate):
    warning = "It names papers that are not for everybody"
    edition = make.issue(group, symbol="GT/RIVERS/doc.9/13")
    how: dict[str, Any] = {"edition": edition, "by": secretariat, "consent": "given", "reason": "ready"}
    sealed = listed(secretariat, group)
    release_plan(audience="delegations", **how)
    circulated = listed(delegate, group)
    release_plan(audience="public", **how)
    public = listed(delegate, group)

    assert [len(one["lines"]) for one in (sealed, circulated, public)] == [1, 1, 1]
    assert [warning in one["status_lines"] for one in (sealed, circulated, public)] == [True, True, False]


def test_a_withdrawn_symbol_that_others_may_not_know_is_not_for_everybody(group, secretariat):
    gone = paper(group, "GT/RIVERS/doc.4/13", distribution="limited", is_public=False)
    withdraw_paper(document=gone, by=secretariat, reason="by mistake", opened_from=latest_change())

    assert (listed(NOBODY, group)["status_lines"], listed(NOBODY, group)["withdrawn"]) == ([], [])
    sheet = listed(secretariat, group)
    assert sheet["withdrawn"] == ["GT/RIVERS/doc.4/13"]
    assert sheet["status_lines"] == ["It names papers that are not for everybody"]


def test_a_sheet_of_a_hidden_group_or_of_a_proposed_meeting_is_not_for_everybody(group, meeting, secretariat):
    make.reword(meeting, status="proposed")
    proposed = business_of(secretariat, group, meeting)
    make.reword(meeting, status="convened")
    convened = business_of(secretariat, group, meeting)
    make.reword(group, is_public=False)
    hidden = business_of(secretariat, group, meeting)

    warnings = ["It is not for everybody" in one["foot"] for one in (proposed, convened, hidden)]
    assert warnings == [True, False, True]
    assert "It is not for everybody" in listed(secretariat, group)["foot"]


def test_a_withdrawn_symbol_is_told_as_taken_and_its_title_is_not(group, papers):
    sheet = listed(NOBODY, group)

    assert sheet["withdrawn"] == ["GT/RIVERS/doc.4/13"]
    assert "mistake" not in str(sheet)


def test_the_files_of_two_readers_are_never_taken_for_one_another(group, secretariat, papers, client):
    address = f"/{group.slug}/documents.pdf"

    public, own = client.get(address), signed_in(secretariat).get(address)

    assert public["ETag"] != own["ETag"]
    for answer in (public, own):
        assert answer["Cache-Control"] == "private, no-cache"
        assert "Cookie" in answer["Vary"]
    assert client.get(address, headers={"if-none-match": public["ETag"]}).status_code == 304
    assert client.get(address, headers={"if-none-match": own["ETag"]}).status_code == 200
    text = " ".join(pages_of(public.content))
    assert "Without a number" in text
    assert "Secret" not in text
    assert text.index("symbol pending") < text.index("GT/RIVERS/doc.1/13") < text.index("WITHDRAWN SYMBOLS")


def test_a_long_list_is_made_elsewhere(group, papers, client, monkeypatch):
    monkeypatch.setattr(files, "LONG_LIST", 2)

    answer = client.get(f"/{group.slug}/documents.pdf")

    assert (answer.status_code, answer["Refresh"]) == (202, "5")


# ---- the order of business


def test_the_order_of_business_begins_with_its_adoption_and_ends_with_other_business(group, meeting, secretariat):
    topic = meeting.topics.get()
    paper(group, "GT/RIVERS/OD-1/13", kind="order of business", topic=topic)
    agenda = paper(group, "GT/RIVERS/doc.1/13", topic=topic)
    add(agenda, "GT/RIVERS/doc.1/13 rev. 1")
    paper(group, "GT/RIVERS/doc.2/13", topic=topic, distribution="limited", is_public=False)
    paper(group, topic=topic, title=Text.of("Without a number"))

    sheet = business_of(NOBODY, group, meeting)

    assert sheet["symbol"] == "GT/RIVERS/OD-1/13"
    assert items(sheet) == ["Adoption of the order of business", "Consideration of the depths", "Other business"]
    assert sheet["lines"][0]["symbol"] == "GT/RIVERS/OD-1/13"
    named = [one["symbol"].replace("\N{NO-BREAK SPACE}", " ") for one in sheet["lines"][1]["papers"]]
    assert named == ["GT/RIVERS/OD-1/13", "GT/RIVERS/doc.1/13 rev. 1", "symbol pending"]
    own = business_of(secretariat, group, meeting)["lines"][1]["papers"]
    assert [one["symbol"] for one in own][2] == "GT/RIVERS/doc.2/13"


@pytest.mark.parametrize(
    ("state", "values", "says"),
    [
        ("working", {}, "It names papers that are not issued yet"),
        ("issued", {"distribution": "limited", "is_public": False}, "It names papers that are not for everybody"),
    ],
)
def test_an_order_of_business_that_is_not_for_everybody_itself_says_so(
    state, values, says, group, meeting, secretariat
):
    own = paper(group, "GT/RIVERS/OD-1/13", state, kind="order of business", **values)
    with changes(by=None, reason="made for a test", source="command"):
        make.MeetingDocumentFactory(meeting=meeting, revision=own.revisions.get())

    sheet = business_of(secretariat, group, meeting)

    assert sheet["symbol"] == "GT/RIVERS/OD-1/13"
    assert sheet["status_lines"][1:] == [says]
    assert sheet["foot"].endswith(says)
    assert business_of(NOBODY, group, meeting)["status_lines"][1:] == []


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Adoption of the order of business", "Other business."),
        ("Consideration and approval of the draft agenda", "Any other business"),
        ("Aprobación del proyecto de orden del día", "Otros asuntos"),
        ("Adoption de l’ordre du jour", "Questions diverses"),
        ("Aprovação da ordem do dia", "Assuntos diversos"),
    ],
)
def test_what_a_meeting_has_among_its_topics_is_not_said_twice(first, last, group, meeting):
    with changes(by=None, reason="made for a test", source="command"):
        make.TopicFactory(meeting=meeting, position=1, text=Text.of(first))
        make.TopicFactory(meeting=meeting, position=999_999, text=Text.of(last))

    assert items(business_of(NOBODY, group, meeting)) == [first, "Consideration of the depths", last]


def test_a_topic_about_a_plan_is_not_taken_for_the_adoption_of_the_order_of_business(group, meeting):
    make.reword(meeting.topics.get(), text=Text.of("Adoption of the work plan and other business of the Group"))

    assert len(business_of(NOBODY, group, meeting)["lines"]) == 3


def test_it_says_when_and_where_and_what_became_of_the_meeting(group, meeting):
    at = business_of(NOBODY, group, meeting)
    make.reword(meeting, starts_on=date(2013, 9, 6), ends_on=date(2013, 9, 6), starts_at=time(15), ends_at=time(18))
    moved = business_of(NOBODY, group, meeting)
    make.reword(meeting, status="cancelled", notice=Text.of("The room is under water."))
    cancelled = business_of(NOBODY, group, meeting)

    plain = [str(line).replace("\N{NO-BREAK SPACE}", " ") for line in at["when"][:3]]
    hours = "10:00 a.m. – 1:00 p.m. (Washington, UTC−4) · 14:00–17:00 GMT"  # noqa: RUF001 (a minus sign is meant)
    assert plain == ["Meeting 1", "Thursday, September 5, 2013", hours]
    assert at["when"][3] == {"original": "en", "en": "Rubén Darío Room"}
    assert at["notices"] == []
    assert [str(one).replace("\N{NO-BREAK SPACE}", " ") for one in moved["notices"]] == [
        "This meeting has moved.",
        "It was set for September 5, 2013, 10:00 a.m. – 1:00 p.m.",
    ]
    assert cancelled["when"] == ["Meeting 1"]
    assert cancelled["notices"][0] == "This meeting has been cancelled."
    assert cancelled["notices"][-1]["en"] == "The room is under water."
    assert (at["rule"], cancelled["rule"], cancelled["word"]) == ("issued", "gone", "Cancelled")


def test_without_a_topic_no_order_of_business_is_made_up(group, meeting, client):
    make.reword(meeting.topics.get(), is_withdrawn=True)

    assert client.get(f"/{group.slug}/meetings/1/order-of-business.pdf").status_code == 404
    assert "order-of-business.pdf" not in client.get(f"/{group.slug}/meetings/1/").text


def test_the_files_conform_and_are_in_the_language_of_their_address(group, meeting, papers, client, tmp_path):
    page = client.get(f"/{group.slug}/meetings/1/", headers={"accept-language": "es"}).text

    for name in ("order-of-business", "documents"):
        address = f"/{group.slug}/meetings/1/{name}.pdf?lang=es"
        assert f'href="{address}"' in page
        answer = client.get(address)
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(answer.content)
        assert {profile: failures(file, profile) for profile in PROFILES} == {profile: [] for profile in PROFILES}
        assert f"_meeting-1_{name}_" in answer["Content-Disposition"]
    with translation.override("es"):
        assert pages_of(answer.content)[0].count("5 de septiembre de 2013") == 2
