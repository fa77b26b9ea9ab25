"""The translators' desk: every text of a group, in every language, with the way to the field where it is written."""

import pytest
from django.apps import apps
from django.urls import reverse

from documents.models import Revision
from documents.reading.translations import counts, lines, things_of
from mandates.models import Mandate, ResponsibleArea
from meetings.models import Meeting, Room
from mispa.ground.changes import changes
from mispa.ground.models import Tracked
from mispa.ground.text import LanguagesField, Text
from tests import factories
from tests.conftest import signed_in
from tests.writing import made


@pytest.fixture
def mandate(group):
    """Its Spanish is older than the original, its French complete, its Portuguese missing."""
    mandate = Mandate.objects.get()
    whole = Text.of(str(mandate.text), es="Medir la profundidad.")
    factories.reword(mandate, text=whole)
    newer = whole.with_wording("en", "Measure each river.")
    return factories.reword(mandate, text=newer.with_wording("fr", "Mesurer."))


@pytest.fixture
def desk(group):
    return f"/{group.slug}/translations/"


def shown(client, address):
    """What the desk lists: kind and field of each text, with its languages and their states."""
    page = client.get(address).context["page_of_lines"]
    return [(one.kind, one.field, [(told.language, told.state) for told in one.translations]) for one in page]


# What is on it ----------------------------------------------------------------


def test_every_model_with_a_text_in_languages_is_on_the_desk(group, secretariat):
    with_texts = {
        model
        for model in apps.get_models()
        if issubclass(model, Tracked) and any(isinstance(one, LanguagesField) for one in model._meta.concrete_fields)
    }

    # What is issued has the title that its paper had then, in the languages that it had then.
    assert set(things_of(secretariat, group)) == with_texts - {Revision}


def test_desk_lists_each_text_once_and_leaves_out_what_is_absent(group, secretariat):
    listed = [(line.kind, line.field) for line in lines(secretariat, group)]

    assert listed == [
        ("workplan", "title"),
        ("paragraph", "text"),
        ("note", "text"),
        ("planrow", "title as printed"),
        ("mandate", "wording"),
        ("responsiblearea", "name"),
        ("resolution", "title"),
        ("topic", "wording"),
        ("room", "name"),
        ("city", "name"),
        ("city", "country"),
        ("workinggroup", "name"),
        ("workinggroup", "short name"),
        ("workinggroup", "city of its hours"),
        ("body", "name"),
    ]


def test_desk_leaves_out_what_is_withdrawn_and_what_is_another_groups(group, secretariat, mandate):
    before = len(lines(secretariat, group))
    factories.whole_group(slug="lakes", name=Text.of("Working Group on Lakes"))
    factories.reword(mandate, is_withdrawn=True)

    assert len(lines(secretariat, group)) == before - 1
    assert not [line for line in lines(secretariat, group) if "Lakes" in line.wording]


def test_desk_has_the_past_of_the_process_that_the_group_serves(group, secretariat):
    with changes(by=None, reason="the process", source="command"):
        coming = factories.MinisterialFactory(group=group, number=2)
        past = factories.MinisterialFactory(series=coming.series, title=Text.of("Second Meeting"))
        factories.MinisterialFactory(title=Text.of("Of another series"))
        factories.MeetingDocumentFactory(meeting=past, revision__document__title=Text.of("Final Document"))
        hidden = factories.DocumentFactory(
            title=Text.of("Hidden"), group=factories.WorkingGroupFactory(is_public=False)
        )
        factories.MeetingDocumentFactory(meeting=past, revision__document=hidden)

    wordings = {line.wording for line in lines(secretariat, group) if line.kind in {"meeting", "document", "series"}}

    assert wordings == {str(coming.title), "Second Meeting", "Final Document", "Meeting of Ministers of Rivers"}


def test_rooms_areas_and_cities_stand_by_name_in_the_language_of_the_page(group, secretariat):
    with changes(by=None, reason="areas", source="command"):
        row = group.plan.rows.get()
        for name in ("Zone", "Água", "Ñandú"):
            factories.AssignmentFactory(row=row, area__name=Text.of(name))

    named = [line.wording for line in lines(secretariat, group) if line.kind == "responsiblearea"]

    assert named == ["Água", "Ñandú", "Secretariat for Water", "Zone"]


def test_counts_tell_original_complete_stale_and_missing(group, secretariat, mandate):
    number = counts(lines(secretariat, group))

    assert number["en"] == {"original": 15, "complete": 0, "stale": 0, "missing": 0}
    assert number["es"] == {"original": 0, "complete": 0, "stale": 1, "missing": 14}
    assert number["fr"] == {"original": 0, "complete": 1, "stale": 0, "missing": 14}


# Filters ------------------------------------------------------------------------


def test_desk_shows_first_what_is_to_be_done(as_secretariat, mandate, desk):
    assert ("mandate", "wording", [("es", "stale"), ("pt", "missing")]) in shown(as_secretariat, desk)


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ("?kind=mandate&state=stale", [("es", "stale")]),
        ("?kind=mandate&state=complete", [("fr", "complete")]),
        ("?kind=mandate&state=missing", [("pt", "missing")]),
        ("?kind=mandate&state=all", [("es", "stale"), ("fr", "complete"), ("pt", "missing")]),
        ("?kind=mandate&state=all&language=fr", [("fr", "complete")]),
        ("?kind=mandate&language=pt", [("pt", "missing")]),
    ],
)
def test_desk_shows_what_is_asked_for(as_secretariat, mandate, desk, query, states):
    assert shown(as_secretariat, desk + query) == [("mandate", "wording", states)]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?language=xx", "The address names no language of ours."),
        ("?state=old", "The address names no state of a translation."),
        ("?kind=membership", "The address names no kind of text that is here."),
    ],
)
def test_desk_says_what_is_wrong_with_an_address(as_secretariat, group, desk, query, says):
    answer = as_secretariat.get(desk + query)

    assert answer.status_code == 404
    assert says in answer.content.decode()


def test_desk_says_where_there_is_nothing(as_secretariat, group, desk):
    assert "There is no such text." in as_secretariat.get(f"{desk}?state=stale").content.decode()


def test_filters_keep_each_other_and_begin_at_the_first_page(as_secretariat, mandate, desk):
    page = as_secretariat.get(f"{desk}?state=all&kind=mandate&page=1").content.decode()

    assert 'href="?state=all&amp;kind=mandate&amp;language=es"' in page
    assert 'href="?state=stale&amp;kind=mandate"' in page
    assert 'href="?state=all"' in page


def test_long_desk_has_pages(as_secretariat, group, desk):
    with changes(by=None, reason="many", source="command"):
        for number in range(51):
            factories.NoteFactory(plan=group.plan, text=Text.of(f"Note {number}"))

    first, last = (as_secretariat.get(f"{desk}?kind=note&page={page}").context["page_of_lines"] for page in (1, 2))

    assert (len(first), len(last)) == (50, 2)


# What a line shows -----------------------------------------------------------------


def test_stale_line_shows_what_changed_in_the_original(as_secretariat, mandate, desk):
    page = as_secretariat.get(f"{desk}?state=stale").content.decode()

    assert "with what changed since the older translations were made" in page
    assert '<del><span class="vh">removed: </span>the depth of' in page
    assert '<p class="says" lang="es">Medir la profundidad.</p>' in page


def test_translations_of_different_age_show_what_changed_since_each(as_secretariat, mandate, desk):
    text = mandate.text.with_wording("en", "Measure all rivers.")
    factories.reword(mandate, text=text)

    page = as_secretariat.get(f"{desk}?state=stale").content.decode()

    assert page.count("What changed in the original since:") == 2


def test_every_edit_link_leads_to_a_field(as_secretariat, group, secretariat, mandate):
    with changes(by=None, reason="all that a meeting may say", source="command"):
        coming = factories.MinisterialFactory(group=group, number=2, theme=Text.of("Rivers"), further=Text.of("More"))
        factories.TopicFactory(meeting=coming)
        factories.reword(Meeting.objects.get(number=1), words=Text.of("early September"), country=Text.of("Chile"))
        factories.reword(mandate, deadline_words=Text.of("in May"))
        factories.reword(mandate.row.resolution, effect=Text.of("It renews."))
    listed = [(line.kind, one.edit) for line in lines(secretariat, group) for one in line.translations if one.edit]

    pages = {edit.split("#")[0]: as_secretariat.get(edit.split("#")[0]).content.decode() for _kind, edit in listed}

    assert [edit for _kind, edit in listed if f'id="{edit.split("#")[1]}"' not in pages[edit.split("#")[0]]] == []
    assert {kind for kind, _edit in listed} == {
        "paragraph",
        "note",
        "planrow",
        "mandate",
        "responsiblearea",
        "resolution",
        "meeting",
        "topic",
        "room",
    }


def test_line_without_a_page_says_who_keeps_it(group, secretariat, chair):
    checked = dict.fromkeys(("checked_starts_on", "checked_ends_on"), "2008-10-07")
    made(factories.MinisterialFactory, group=group, number=2, **checked, checked_source=Text.of("The final report"))
    told = {(line.kind, line.field): line.keeper for line in lines(secretariat, group)}

    without = [("city", "name"), ("body", "name"), ("workplan", "title"), ("meeting", "what the record is")]
    assert {told[one] for one in without} == {"kept by the administrator; no page changes it"}
    assert told["mandate", "wording"] == told["room", "name"] == told["meeting", "title"] == ""
    assert {line.kind: line.keeper for line in lines(chair, group)}["room"] == "kept by the secretariat"


def test_administrator_reads_and_gets_no_link_to_edit(group, administrator, desk):
    page = signed_in(administrator).get(f"{desk}?state=all").content.decode()

    assert "/edit/" not in page
    assert "kept by the secretariat and the chair" in page


def test_chair_edits_the_texts_and_not_the_rooms(as_chair, group, desk):
    page = as_chair.get(f"{desk}?state=all").content.decode()

    assert f"{reverse('mandates:area-edit', args=[ResponsibleArea.objects.get().slug])}#id_name-es" in page
    assert reverse("meetings:room-edit", args=[Room.objects.get().pk]) not in page


# If it were issued now ----------------------------------------------------------------


def test_desk_says_in_which_languages_the_text_would_be_complete(mispa_iv):
    client = signed_in(factories.member(mispa_iv, "secretariat"))
    room = Room.objects.filter(meetings__group=mispa_iv).first()
    whole = client.get("/mispa-iv/translations/").content.decode()
    factories.reword(room, name=room.name.with_wording("pt", ""))
    lacking = client.get("/mispa-iv/translations/").content.decode()

    assert "it would be complete in: English, Spanish, French, Portuguese." in whole
    assert "Every text is complete in every language." in whole
    assert "it would be complete in: English, Spanish, French." in lacking


def test_working_text_and_overview_lead_to_the_desk_for_those_who_see_it(as_secretariat, as_delegate, group, desk):
    for address in (f"/{group.slug}/", f"/{group.slug}/work-plan/draft/"):
        assert f'href="{desk}"' in as_secretariat.get(address).content.decode()
    assert f'href="{desk}"' not in as_delegate.get(f"/{group.slug}/").content.decode()
