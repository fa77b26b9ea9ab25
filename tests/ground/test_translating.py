"""A translation and its original: what makes it stale, who may say that it is not, and what others do meanwhile."""

from dataclasses import replace

import pytest
from django.urls import reverse

from mandates.actions import create_mandate, revise_mandate
from mandates.models import Mandate
from mispa.ground.editing import Conflict, NothingChanged
from mispa.ground.history import past
from mispa.ground.openings import latest_change
from mispa.ground.text import Text, fingerprint, search_key, sort_key
from mispa.ground.translating import changed_since, originals
from tests import factories
from tests.writing import fields_of, made, opened, said

OLD, NEW, OTHER = "Measure each river.", "Measure each river twice.", "Measure all rivers."


@pytest.fixture
def mandate(group):
    """With a Spanish translation that is up to date, and no other."""
    return factories.reword(Mandate.objects.get(), text=Text.of(OLD, es="Medir cada río."))


@pytest.fixture
def stale(mandate):
    """The original has changed since the Spanish translation was made."""
    return factories.reword(mandate, text=mandate.text.with_wording("en", NEW))


@pytest.fixture
def write(secretariat):
    return {"by": secretariat, "reason": "for a test"}


def saved(mandate, write, text, opened_from=None):
    start = latest_change() if opened_from is None else opened_from
    return revise_mandate(mandate=mandate, opened_from=start, **write, text=text).text


def typed(english, *declared, **translations):
    """What a form gives: “en” declares the change of the original, another language its translation."""
    return replace(Text.of(english, **translations), declared=frozenset(declared))


# To declare that a change of the original leaves its translations right --------


def test_change_of_the_original_makes_its_translation_stale_unless_declared(mandate, write):
    text = saved(mandate, write, typed(NEW, es="Medir cada río."))

    assert text.state_in("es") == "stale"


def test_declared_change_of_the_original_leaves_its_translation_right(mandate, write):
    text = saved(mandate, write, typed(NEW, "en", es="Medir cada río."))

    assert text == Text.of(NEW, es="Medir cada río.")
    assert text.declared == frozenset()


def test_declared_change_does_not_mend_what_was_stale_before(stale, write):
    text = saved(stale, write, typed(OTHER, "en", es="Medir cada río."))

    assert text.made_from == {"es": fingerprint(OLD)}


def test_declaring_without_a_change_of_the_original_changes_nothing(mandate, write):
    with pytest.raises(NothingChanged) as refused:
        saved(mandate, write, typed(OLD, "en", es="Medir cada río."))

    assert not refused.value.already_there


def test_declared_change_sent_twice_is_there_already(mandate, write):
    start = latest_change()
    saved(mandate, write, typed(NEW, "en", es="Medir cada río."), start)

    with pytest.raises(NothingChanged) as refused:
        saved(mandate, write, typed(NEW, "en", es="Medir cada río."), start)

    assert refused.value.already_there


def test_declared_change_leaves_others_new_translation_stale_in_either_order(mandate, write):
    start, before = latest_change(), mandate.text
    declared, translated = typed(NEW, "en", es="Medir cada río."), typed(OLD, es="Medir los ríos.")
    found = []
    for order in ((declared, translated), (translated, declared)):
        factories.reword(mandate, text=before)
        mandate.refresh_from_db()
        for text in order:
            saved(mandate, write, text, start)
        found.append(Mandate.objects.get().text)

    assert found[0] == found[1] == Text("en", {"en": NEW, "es": "Medir los ríos."}, {"es": fingerprint(OLD)})


def test_declared_change_says_nothing_of_a_translation_that_others_added(mandate, write):
    start = latest_change()
    saved(mandate, write, typed(OLD, es="Medir cada río.", fr="Mesurer."), start)

    text = saved(mandate, write, typed(NEW, "en", es="Medir cada río."), start)

    assert (text.state_in("es"), text.state_in("fr")) == ("complete", "stale")


def test_two_changes_of_the_original_conflict_declared_or_not(mandate, write):
    start = latest_change()
    saved(mandate, write, typed(NEW, "en", es="Medir cada río."), start)

    with pytest.raises(Conflict) as refused:
        saved(mandate, write, typed(OTHER, "en", es="Medir cada río."), start)

    assert refused.value.comparison.conflicts == [("text", "en")]


# To declare that a stale translation is still right ----------------------------


def test_stale_translation_is_confirmed_without_a_change_of_wording(stale, write):
    text = saved(stale, write, typed(NEW, "es", es="Medir cada río."))

    assert text == Text.of(NEW, es="Medir cada río.")


def test_confirming_together_with_a_change_counts_for_the_new_original(stale, write):
    text = saved(stale, write, typed(OTHER, "es", es="Medir cada río."))

    assert text == Text.of(OTHER, es="Medir cada río.")


def test_confirming_sent_twice_is_there_already(stale, write):
    start = latest_change()
    saved(stale, write, typed(NEW, "es", es="Medir cada río."), start)

    with pytest.raises(NothingChanged) as refused:
        saved(stale, write, typed(NEW, "es", es="Medir cada río."), start)

    assert refused.value.already_there


def test_confirming_is_of_the_original_that_was_seen(stale, write):
    start = latest_change()
    saved(stale, write, typed(OTHER, es="Medir cada río."), start)

    text = saved(stale, write, typed(NEW, "es", es="Medir cada río."), start)

    assert text == Text("en", {"en": OTHER, "es": "Medir cada río."}, {"es": fingerprint(NEW)})


def test_confirming_does_not_undo_what_others_confirmed_with_a_later_original(stale, write):
    start = latest_change()
    saved(stale, write, typed(OTHER, "es", es="Medir cada río."), start)

    with pytest.raises(NothingChanged):
        saved(stale, write, typed(NEW, "es", es="Medir cada río."), start)

    assert Mandate.objects.get().text.state_in("es") == "complete"


def test_confirming_says_nothing_of_a_wording_that_others_wrote_meanwhile(stale, write):
    start = latest_change()
    saved(stale, write, typed(NEW, es="Medir."), start)

    with pytest.raises(NothingChanged):
        saved(stale, write, typed(NEW, "es", es="Medir cada río."), start)

    assert Mandate.objects.get().text == Text.of(NEW, es="Medir.")


# Other ways to become stale ------------------------------------------------------


def test_translation_of_a_new_object_becomes_stale_like_others(mandate, write):
    new = create_mandate(row=mandate.row, **write, text=typed(OLD, es="Medir."))

    assert saved(new, write, typed(NEW, es="Medir.")).state_in("es") == "stale"


def test_original_and_translation_may_change_places(mandate, write):
    text = Text.of("Medir cada río.", "es", en=OLD)

    swapped = saved(mandate, write, text)

    assert swapped == text
    assert saved(mandate, write, Text.of("Medir.", "es", en=OLD)).state_in("en") == "stale"


# On the page ----------------------------------------------------------------------


def url(mandate):
    return reverse("mandates:mandate-edit", args=[mandate.pk])


def test_page_declares_the_change_for_every_text_of_the_form(as_secretariat, mandate):
    factories.reword(mandate, deadline_words=Text.of("in May", es="en mayo"))
    sent = opened(as_secretariat, url(mandate)) | {"text-en": NEW, "deadline_words-en": "during May", "reason": "style"}

    as_secretariat.post(url(mandate), sent | {"keeps_translations": "on"})

    mandate.refresh_from_db()
    assert (mandate.text.state_in("es"), mandate.deadline_words.state_in("es")) == ("complete", "complete")


def test_page_offers_to_declare_only_where_a_translation_is_right(as_secretariat, stale):
    page = as_secretariat.get(url(stale)).content.decode()

    assert "keeps_translations" not in page
    assert "The Spanish wording is still right" in page


def test_page_confirms_and_the_history_says_so(as_secretariat, stale):
    sent = opened(as_secretariat, url(stale)) | {"text-right": ["es"], "reason": "read again"}

    first, second = (as_secretariat.post(url(stale), sent) for _time in range(2))

    stale.refresh_from_db()
    (change,) = past(stale, {})[0].changes
    assert (said(first), said(second)) == (["Saved."], ["Saved.", "This was saved already."])
    assert stale.text.state_in("es") == "complete"
    assert (change.label, str(change.wording)) == ("Wording", "Declared right as it stands: Spanish.")
    assert change.language == ""


def test_history_tells_a_declared_change_beside_the_difference(mandate, write):
    saved(mandate, write, typed(NEW, "en", es="Medir cada río."))

    told = [(change.language, str(change.wording)) for change in past(mandate, {})[0].changes]

    assert told[0][0] == "en"
    assert told[1:] == [("", "Declared right as it stands: Spanish.")]


def test_history_says_nothing_of_what_becomes_stale_or_is_written_anew(mandate, write):
    saved(mandate, write, typed(NEW, es="Medir cada río."))
    saved(mandate, write, typed(NEW, es="Medir dos veces."))

    assert [[change.language for change in entry.changes] for entry in past(mandate, {})[:2]] == [["es"], ["en"]]


def test_page_shows_what_changed_in_the_original_since(as_secretariat, stale):
    factories.reword(stale, text=stale.text.with_wording("en", OTHER))

    page = as_secretariat.get(url(stale)).content.decode()

    assert "English, with what changed since the translation was made" in page
    assert '<del><span class="vh">removed: </span>each river</del>' in page


def test_page_says_where_the_earlier_original_is_not_known(as_secretariat, mandate):
    factories.reword(mandate, text=Text("en", {"en": OLD, "es": "Medir."}, {"es": fingerprint("Never printed.")}))

    assert "from which wording is not known" in as_secretariat.get(url(mandate)).content.decode()


def test_form_with_an_error_keeps_what_was_declared(as_secretariat, stale):
    sent = opened(as_secretariat, url(stale)) | {"text-right": ["es"], "reason": ""}

    answer = as_secretariat.post(url(stale), sent)

    assert 'value="es" checked' in answer.content.decode()
    assert fields_of(answer)["text-right"] == ["es"]


def test_conflict_asks_to_declare_again(as_secretariat, as_chair, stale):
    first = opened(as_secretariat, url(stale)) | {"text-en": OTHER, "reason": "clearer"}
    second = opened(as_chair, url(stale)) | {"text-en": "Measure.", "text-right": ["es"], "reason": "shorter"}
    as_secretariat.post(url(stale), first)

    answer = as_chair.post(url(stale), second)
    settled = as_chair.post(url(stale), fields_of(answer) | {"choice-text-en": "mine"})

    stale.refresh_from_db()
    assert answer.status_code == 409
    assert "You declared translations right, and the wordings have changed since." in answer.content.decode()
    assert 'value="es" checked' not in answer.content.decode()
    assert settled.status_code == 302
    assert (stale.text.wordings["en"], stale.text.state_in("es")) == ("Measure.", "stale")


def test_conflict_takes_back_that_the_translations_stay_right(as_secretariat, as_chair, mandate):
    declared = {"keeps_translations": "on", "reason": "style"}
    first = opened(as_secretariat, url(mandate)) | {"text-en": NEW} | declared
    second = opened(as_chair, url(mandate)) | {"text-en": OTHER} | declared
    as_secretariat.post(url(mandate), first)

    answer = as_chair.post(url(mandate), second)
    settled = as_chair.post(url(mandate), fields_of(answer) | {"choice-text-en": "mine", "keeps_translations": "on"})

    mandate.refresh_from_db()
    assert "keeps_translations" not in fields_of(answer)
    assert settled.status_code == 302
    assert mandate.text == Text.of(OTHER, es="Medir cada río.")


def test_going_back_after_declaring_and_sending_other_words_is_a_conflict_with_oneself(as_secretariat, mandate):
    sent = opened(as_secretariat, url(mandate)) | {"text-en": NEW, "keeps_translations": "on", "reason": "style"}
    as_secretariat.post(url(mandate), sent)

    answer = as_secretariat.post(url(mandate), sent | {"text-en": OTHER})

    mandate.refresh_from_db()
    assert answer.status_code == 409
    assert mandate.text == Text.of(NEW, es="Medir cada río.")


def test_new_object_has_nothing_to_declare(as_secretariat, mandate):
    page = as_secretariat.get(reverse("mandates:mandate-create", args=[mandate.row_id])).content.decode()

    assert "keeps_translations" not in page
    assert "text-right" not in page


# From history ----------------------------------------------------------------------


def test_originals_are_told_apart_by_their_language(mandate, write):
    swapped = saved(mandate, write, Text.of("Medir cada río.", "es", en=OLD))

    known = originals(Mandate, ["text", "deadline_words"], [mandate.pk])

    english_now = Text("es", swapped.wordings, {"en": fingerprint(OLD)})
    assert changed_since(mandate.pk, "text", english_now, "en", known) is None
    assert known[mandate.pk, "text", "en", fingerprint(OLD)] == OLD


# Sorting ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["apple", "Área", "Époque", "facade", "façade", "Façade", "nada", "ñandú", "nose", "Zeta"]),
        ("es", ["Época", "nada", "nube", "nzz", "ñandú", "ñu", "ola"]),
        ("fr", ["cote", "coté", "côte", "côté", "œil", "offre"]),
        ("pt", ["água", "Ana", "Ângela", "são", "seta"]),
    ],
)
def test_names_stand_where_readers_of_a_language_look_for_them(language, names):
    mixed = names[1::2] + names[::2]

    assert sorted(mixed, key=lambda name: sort_key(name, language)) == names


def test_text_is_sorted_by_the_wording_that_its_reader_gets():
    rivers, lakes = Text.of("Rivers", es="Aguas"), Text.of("Lakes")

    assert sorted([rivers, lakes], key=lambda text: sort_key(text, "es")) == [rivers, lakes]
    assert sorted([rivers, lakes], key=lambda text: sort_key(text, "en")) == [lakes, rivers]


def test_search_key_ignores_case_accents_and_spaces():
    assert search_key("  ÉPOCA  del Niño ") == search_key("epoca del\nnino") == "epoca del nino"


def test_choices_stand_by_name_in_the_language_of_the_page(as_secretariat, group):
    for name in ("Zagreb", "Época", "Buenos Aires"):
        made(factories.CityFactory, name=Text.of(name), country=None)

    form = as_secretariat.get(f"/{group.slug}/meetings/1/move/").context["form"]

    assert [label for _key, label in form.fields["city"].choices] == [
        "---------",
        "Buenos Aires",
        "Época",
        "Washington, D.C., United States",
        "Zagreb",
    ]
