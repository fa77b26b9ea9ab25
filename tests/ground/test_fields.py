"""Fields of the forms that write: texts in languages, ordered choices, days and hours."""

import re
from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from mispa.ground.diff import differences
from mispa.ground.fields import DayField, HourField, LanguagesFormField, OrderedChoiceField
from mispa.ground.text import Text

EMPTY = {"original": "en", "en": "", "es": "", "fr": "", "pt": "", "right": []}


# Texts ----------------------------------------------------------------------


def test_languages_field_makes_a_text_and_keeps_line_breaks_as_one_sign():
    typed = EMPTY | {"en": " The ministers\r\nmet. ", "es": "Se reunieron."}

    text = LanguagesFormField().clean(typed)

    assert text == Text.of("The ministers\nmet.", es="Se reunieron.")


def test_languages_field_that_is_optional_may_be_empty():
    assert LanguagesFormField(required=False).clean(EMPTY) is None


@pytest.mark.parametrize("required", [True, False])
def test_languages_field_asks_for_the_original(required):
    with pytest.raises(ValidationError) as error:
        LanguagesFormField(required=required).clean(EMPTY | {"original": "fr", "en": "Only English."})

    assert error.value.messages == ["Write the text in French, its original language."]


def shown(text, typed=None, since=lambda language: None):
    """The widget of a text that is saved, with what was typed into it."""
    field = LanguagesFormField()
    field.widget.stands, field.widget.changed_since = text, since
    return field.widget.render("text", field.prepare_value(typed or text), {"id": "id_text"})


def test_languages_field_shows_the_original_first_and_what_is_stale():
    text = Text.of("Se reunieron.", original="es", en="They met.").with_wording("es", "Se reunieron dos veces.")

    html = shown(text)

    assert html.index("text-es") < html.index("text-en")
    assert '<label for="id_text-es">Spanish <span class="optional">original</span></label>' in html
    assert 'id="id_text-en_state"' in html
    assert 'name="text-right" value="en"' in html
    assert "Other languages: English older than the original, French missing, Portuguese missing</summary>" in html


def test_languages_field_sets_the_original_beside_each_translation():
    html = shown(Text.of("They <met>.", es="Se reunieron."))

    assert html.count('<p class="says" lang="en">They &lt;met&gt;.</p>') == 3


def test_languages_field_shows_what_changed_since_a_translation_was_made():
    text = Text.of("They met.", es="Se reunieron.").with_wording("en", "They met twice.")

    known = shown(text, since=lambda language: differences("They met.", "They met twice."))
    unknown = shown(text)

    assert re.search(r'lang="en">They met<ins><span class="vh">added: </span>.*twice', known)
    assert "from which wording is not known" not in known
    assert "from which wording is not known" in unknown


WHOLE = Text.of("They met.", es="Se reunieron.", fr="Ils se réunirent.", pt="Reuniram-se.")


@pytest.mark.parametrize(
    ("text", "typed", "is_open"),
    [
        (WHOLE, None, False),
        (WHOLE.with_wording("pt", ""), None, True),
        (WHOLE.with_wording("en", "They met twice."), None, True),
        (WHOLE, EMPTY | dict(WHOLE) | {"pt": "Encontraram-se."}, True),
        (None, EMPTY, False),
        (None, EMPTY | {"es": "Se reunieron."}, True),
    ],
)
def test_languages_field_is_folded_where_nothing_is_to_be_done(text, typed, is_open):
    assert ('<details class="wide" open>' in shown(text, typed)) is is_open


def test_languages_field_reads_what_is_declared_of_translations_that_are_there():
    typed = EMPTY | {"en": "They met.", "es": "Se reunieron.", "right": ["es", "pt", "xx"]}

    assert LanguagesFormField().clean(typed).declared == {"es"}


def test_languages_field_escapes_what_was_typed():
    field = LanguagesFormField()

    html = field.widget.render("text", field.prepare_value(EMPTY | {"en": "</textarea><script>"}), {"id": "id_text"})

    assert "<script>" not in html


# Ordered choices --------------------------------------------------------------


@pytest.fixture
def field():
    return OrderedChoiceField(choices=[("a", "Rivers"), ("b", "Lakes")], required=False)


def test_ordered_field_keeps_the_order_and_leaves_out_what_is_empty(field):
    sent = MultiValueDict({"areas": ["b", "", "a"]})

    assert field.clean(field.widget.value_from_datadict(sent, {}, "areas")) == ("b", "a")


@pytest.mark.parametrize(
    ("value", "says"),
    [(["a", "a"], "“Rivers” is there twice; choose it once."), (["c"], "Choose from the list.")],
)
def test_ordered_field_refuses_in_words(field, value, says):
    with pytest.raises(ValidationError) as error:
        field.clean(value)

    assert error.value.messages == [says]


def test_ordered_field_offers_two_more_than_are_chosen(field):
    html = field.widget.render("areas", ("b",), {"id": "id_areas"})

    assert html.count("<select") == 3
    assert html.count(" selected") == 3  # the chosen one, and the empty choice of the others


# Days and hours ----------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["2013-09-05", "2013-9-5", "September 5, 2013", "5 September 2013", "september 5 2013", " 5. September 2013 "],
)
def test_day_field_reads_days_as_people_write_them(typed):
    assert DayField().clean(typed) == date(2013, 9, 5)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("2013-09-31", "September 2013 has 30 days. Write September 30, 2013, or another day."),
        ("31 September 2013", "September 2013 has 30 days. Write September 30, 2013, or another day."),
        ("2013-02-29", "February 2013 has 28 days. Write February 28, 2013, or another day."),
        ("2013-13-01", "Write the day as 2013-09-05, or as September 5, 2013."),
        ("05/09/2013", "Write the day as 2013-09-05, or as September 5, 2013."),
        ("0000-01-01", "Write the day as 2013-09-05, or as September 5, 2013."),
        ("1899-12-31", "Write a year from 1900 to 2200."),
        ("31 December 9999", "Write a year from 1900 to 2200."),
        ("5 Brumaire 2013", "Write the day as 2013-09-05, or as September 5, 2013."),
    ],
)
def test_day_field_says_what_to_write(typed, says):
    with pytest.raises(ValidationError) as error:
        DayField().clean(typed)

    assert error.value.messages == [says]


@pytest.mark.parametrize("typed", ["14:30", "14.30", "2:30 p.m.", "2:30 pm", "14h30"])
def test_hour_field_reads_hours_as_people_write_them(typed):
    assert HourField().clean(typed) == time(14, 30)


@pytest.mark.parametrize("typed", ["25:00", "14:30:15", "half past two"])
def test_hour_field_says_what_to_write(typed):
    with pytest.raises(ValidationError) as error:
        HourField().clean(typed)

    assert error.value.messages == ["Write the hour as 14:30."]
