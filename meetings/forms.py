"""The forms of a calendar."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mandates.models import Mandate, WorkingGroup
from meetings.actions import MANDATES_OF_TOPIC, comes_twice, wrong_end, wrong_last_day
from meetings.life import Verb
from meetings.models import City, Meeting, Room, Topic
from mispa.ground import dates
from mispa.ground.fields import DayField, HourField, LanguagesFormField, OrderedChoiceField, choose_by_name
from mispa.ground.forms import WritingForm
from mispa.ground.lines import LineForm, WordingField
from mispa.ground.merging import split, values_of
from mispa.ground.models import Tracked
from mispa.ground.openings import as_number, row_then
from mispa.ground.text import Text
from mispa.ground.zones import times_it_comes, zones

_WHEN: Final = [
    "precision",
    "starts_on",
    "starts_at",
    "starts_fold",
    "ends_at",
    "ends_fold",
    "ends_on",
    "words",
    "timezone",
]
_WHERE: Final = ["room", "city", "country"]
_HOUR, _MOMENT = "hour", "moment"
_TWICE: Final = 2


def _standing_and(model: type[Tracked], chosen: UUID | None) -> Any:
    return model.objects.standing() | model.objects.filter(pk__in=[chosen] if chosen else [])


def _fold(label: Any) -> forms.TypedChoiceField:
    """Which of two hours; not seen unless the hour comes twice."""
    hidden = forms.HiddenInput
    return forms.TypedChoiceField(
        label=label, choices=Meeting.Fold.choices, coerce=int, empty_value=None, required=False, widget=hidden
    )


class WhenAndWhere(WritingForm):
    """Wall time and zone; how exact the time is decides which of the fields are needed.

    What was typed may mean two things, and then it is asked: which of two hours where clocks go back, and whether
    another zone leaves the hour as it is or the moment.
    """

    rules = {"meeting_ends_after_start": "ends_at", "meeting_times_fit_precision": "precision"}

    starts_fold = _fold(gettext_lazy("Begins: which of the two hours"))
    ends_fold = _fold(gettext_lazy("Ends: which of the two hours"))
    keeps = forms.ChoiceField(
        label=gettext_lazy("What stays as it is in the other time zone"),
        choices=[(_HOUR, _HOUR), (_MOMENT, _MOMENT)],
        required=False,
        widget=forms.HiddenInput,
    )
    words = LanguagesFormField(long=False, required=False)
    country = LanguagesFormField(long=False, required=False)

    class Meta:
        model = Meeting
        fields = [*_WHEN, *_WHERE]
        field_classes = {"starts_on": DayField, "ends_on": DayField, "starts_at": HourField, "ends_at": HourField}
        help_texts = {
            "starts_on": gettext_lazy("As 2013-09-05, or as September 5, 2013."),
            "starts_at": gettext_lazy("As 14:30."),
            "ends_on": gettext_lazy("Left empty, it is the first day."),
            "timezone": gettext_lazy("Of the place, such as America/New_York."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting = self.instance
        for name, model in (("room", Room), ("city", City)):
            choose_by_name(self.fields[name], _standing_and(model, getattr(meeting, f"{name}_id")))
        self.fields["words"].help_text = _(
            "Where day or hours are not set yet, such as “early September”. Days beside it are the first and the last "
            "that it can mean: they put it in its place among the others, and are not printed."
        )
        if meeting.ends_on == meeting.starts_on:
            self.initial["ends_on"] = None
        for end in ("starts", "ends"):
            if getattr(meeting, f"{end}_fold") is not None:
                wall = datetime.combine(getattr(meeting, f"{end}_on"), getattr(meeting, f"{end}_at"))
                self._show(f"{end}_fold", _both(wall, meeting.zone))

    @property
    def opened(self) -> Any:
        """The meeting as it was when the form was opened, as far as the form says that rightly."""
        opened_from = as_number(self.data.get("opened_from") or "")
        known = row_then(self.instance, opened_from) if opened_from is not None else None
        return known or self.instance

    def clean(self) -> dict[str, Any] | None:
        """One day where no last day is given; and what is missing is said beside its field."""
        cleaned = super().clean()
        if "precision" not in self.fields:
            return cleaned
        values = self.cleaned_data
        in_words = values.get("precision") == Meeting.Precision.IMPRECISE
        if values.get("starts_on") and not values.get("ends_on") and "ends_on" not in self.errors and not in_words:
            values["ends_on"] = values["starts_on"]
        for name, sentence in self._missing().items():
            if name not in self.errors and values.get(name) is None:
                self.add_error(name, sentence)
        days, sort = (values.get("starts_on"), values.get("ends_on")), values.get("precision", "")
        if says := wrong_last_day(*days, sort, Meeting.Status.PROPOSED):
            self.add_error("ends_on", says)
        whole = [values.get(name) for name in ("starts_on", "starts_at", "ends_on", "ends_at")]
        if values.get("timezone") in zones() and None not in whole:
            self._ask_what_another_zone_keeps()
            self._ask_which_hours()
            ends = [[values.get(f"{end}_{part}") for part in ("on", "at", "fold")] for end in ("starts", "ends")]
            if not self.errors and ends[0] == ends[1]:
                self.add_error("ends_at", wrong_end(is_same=True))
        return cleaned

    def _missing(self) -> dict[str, str]:
        """What each sort of time needs."""
        values = self.cleaned_data
        if values.get("precision") == Meeting.Precision.EXACT:
            return {
                "starts_on": _("Give the day."),
                "starts_at": _("Give the hour at which it begins."),
                "ends_at": _("Give the hour at which it ends."),
            }
        if values.get("precision") == Meeting.Precision.ALL_DAY:
            return {"starts_on": _("Give the day.")}
        asked = {"words": _("Say in words when it is.")}
        both = _("Give the first and the last day that the words can mean, or neither.")
        if bool(values.get("starts_on")) != bool(values.get("ends_on")):
            asked |= {"starts_on": both, "ends_on": both}
        return asked

    # What is asked ------------------------------------------------------

    def _show(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field: Any = self.fields[name]
        field.widget = forms.RadioSelect()
        field.choices = choices
        field.required = True  # in the eyes of the reader

    def _ask_what_another_zone_keeps(self) -> None:
        """A moment that stays becomes the hour that it is in the other zone."""
        values, then, zone = self.cleaned_data, self.opened.timezone, ZoneInfo(self.cleaned_data["timezone"])
        if self.is_new or then not in zones() or then == values["timezone"]:
            return
        walls = [datetime.combine(values[f"{end}_on"], values[f"{end}_at"]) for end in ("starts", "ends")]
        as_typed = [wall.replace(tzinfo=zone) for wall in walls]
        same_moment = [wall.replace(tzinfo=ZoneInfo(then)).astimezone(zone) for wall in walls]
        if as_typed == same_moment:
            return
        choices = [
            (_HOUR, _("The hour: %(when)s") % {"when": _told(*as_typed)}),
            (_MOMENT, _("The moment: %(when)s") % {"when": _told(*same_moment)}),
        ]
        self._show("keeps", choices)
        if not values.get("keeps"):
            self.add_error("keeps", _("You chose another time zone. Say whether the hour stays, or the moment."))
        if values.get("keeps") == _MOMENT:
            for end, instant in zip(("starts", "ends"), same_moment, strict=True):
                values |= {f"{end}_on": instant.date(), f"{end}_at": instant.time(), f"{end}_fold": instant.fold}

    def _ask_which_hours(self) -> None:
        values, zone = self.cleaned_data, ZoneInfo(self.cleaned_data["timezone"])
        for end in ("starts", "ends"):
            name, wall = f"{end}_fold", datetime.combine(values[f"{end}_on"], values[f"{end}_at"])
            if times_it_comes(wall, zone) != _TWICE:
                values[name] = None
                continue
            self._show(name, _both(wall, zone))
            if values.get(name) is None:
                self.add_error(name, comes_twice(wall, str(zone)))


def _both(wall: datetime, zone: ZoneInfo) -> list[tuple[int, str]]:
    """The two times at which an hour comes where clocks go back: the first time (UTC-4, 05:30 GMT)."""
    instants = {fold: wall.replace(tzinfo=zone, fold=fold) for fold in Meeting.Fold}
    return [
        (fold.value, f"{fold.label} ({dates.offset(instant)}, {dates.hour(instant.astimezone(UTC))} GMT)")
        for fold, instant in instants.items()
    ]


def _told(starts: datetime, ends: datetime) -> str:
    """Hours in a zone and in GMT: September 5, 2013, 10:00–13:00 (UTC-5, 15:00–18:00 GMT)."""
    in_gmt = dates.hours(starts.astimezone(UTC), ends.astimezone(UTC))
    away = dates.offset(starts) if starts.utcoffset() == ends.utcoffset() else ""
    return f"{dates.span(starts, ends)} ({', '.join(filter(None, [away, f'{in_gmt} GMT']))})"


class MeetingForm(WhenAndWhere):
    """What a meeting is. While others do not know of it, also when and where; after that it is moved.

    Words that say when or where may still be translated then.
    """

    sections = [
        (gettext_lazy("Meeting"), ["title", "theme", "further", "notice"]),
        (gettext_lazy("When"), [*_WHEN, "keeps"]),
        (gettext_lazy("Where"), _WHERE),
    ]

    title = LanguagesFormField(long=False, required=False)
    theme = LanguagesFormField(long=False, required=False)
    further = LanguagesFormField(required=False)
    notice = LanguagesFormField(required=False)

    class Meta(WhenAndWhere.Meta):
        fields = ["title", "theme", "further", "notice", *_WHEN, *_WHERE]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hidden = ["notice"]
        if self.opened.status != Meeting.Status.PROPOSED:
            said = [name for name in ("words", "country") if getattr(self.instance, name)]
            hidden = [name for name in (*_WHEN, "keeps", *_WHERE) if name not in said]
        if self.instance.kind == Meeting.Kind.SESSION:
            hidden += ["theme", "further"]
        for name in hidden:
            del self.fields[name]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        was_convened = self.opened.status == Meeting.Status.PROPOSED != self.instance.status
        if was_convened and not self.errors and self._moves():
            says = _("It was convened after you opened this page, and others know of its day. Move it to the new one.")
            self.add_error(None, says)
        for name in ("words", "country") if "precision" not in self.fields else ():
            typed, stands = self.cleaned_data.get(name), getattr(self.opened, name)
            if name in self.fields and name not in self.errors and not _says_the_same(typed, stands):
                says = _("Here it can be translated. To change it in its original language, move the meeting.")
                self.add_error(name, says)
        return cleaned

    def _moves(self) -> bool:
        names = [*_WHEN, *_WHERE]
        typed = {name: value for name, value in self.values().items() if name in names}
        return split(Meeting, typed) != split(Meeting, values_of(self.opened, Meeting, names))


def _says_the_same(typed: Text | None, stands: Text) -> bool:
    original = stands.original
    return typed is not None and (typed.original, typed.wordings[original]) == (original, stands.wordings[original])


class StepForm(WritingForm):
    """To convene, postpone, cancel, or record as held: what readers are told of it."""

    sections = [(gettext_lazy("For its readers"), ["notice"])]

    notice = LanguagesFormField(required=False)

    class Meta:
        model = Meeting
        fields = ["notice"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["notice"].help_text = _(
            "Shown to everybody who may see the meeting, without a name. The reason below is for the history."
        )
        # The notice that stands was given with an earlier step.
        self.initial["notice"] = None
        self.fields["notice"].widget.stands = None
        self.fields.pop("keeps_translations", None)


class MoveForm(StepForm, WhenAndWhere):
    sections = [
        (gettext_lazy("When"), [*_WHEN, "keeps"]),
        (gettext_lazy("Where"), _WHERE),
        *StepForm.sections,
    ]

    class Meta(WhenAndWhere.Meta):
        fields = [*_WHEN, *_WHERE, "notice"]


STEP_FORMS: Final[Mapping[Verb, type[WritingForm]]] = dict.fromkeys(Verb, StepForm) | {Verb.MOVE: MoveForm}


class TopicForm(WritingForm):
    besides = {"mandates": MANDATES_OF_TOPIC}
    sections = [
        (gettext_lazy("Topic"), ["text", "kind"]),
        (gettext_lazy("Mandates"), ["mandates"]),
    ]

    text = LanguagesFormField(long=False)
    mandates = OrderedChoiceField(
        label=gettext_lazy("Mandates that it serves"),
        help_text=gettext_lazy("Empty choices are left out."),
        required=False,
    )

    class Meta:
        model = Topic
        fields = ["text", "kind"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ever = set() if self.is_new else MANDATES_OF_TOPIC.ever(self.instance)
        self.fields["mandates"].choices = mandate_choices(self.instance.meeting.group, ever)  # type: ignore[attr-defined]


def mandate_choices(group: WorkingGroup | None, ever: set[str]) -> list[tuple[str, str]]:
    """The mandates of the group's plan in its order, as people name them: “AG/RES. 2735 (XLII-O/12), 3: To request”."""
    found = Mandate.objects.filter(row__plan__group=group).select_related("row")
    choices: list[tuple[str, str]] = []
    numbers: dict[UUID, int] = {}
    for mandate in found.order_by("row__position", "row_id", "position", "id"):
        stands = not (mandate.is_withdrawn or mandate.row.is_withdrawn)
        if stands:
            numbers[mandate.row_id] = numbers.get(mandate.row_id, 0) + 1
        if stands or str(mandate.pk) in ever:
            number = numbers[mandate.row_id] if stands else _("withdrawn")
            choices.append((str(mandate.pk), f"{mandate.row}, {number}: {str(mandate.text)[:60]}"))
    return choices


class RoomForm(WritingForm):
    sections = [(gettext_lazy("Room"), ["name", "city"])]

    name = LanguagesFormField(long=False)

    class Meta:
        model = Room
        fields = ["name", "city"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_by_name(self.fields["city"], _standing_and(City, self.instance.city_id))


class TopicLine(LineForm):
    """A topic in the table of the calendar; in a new line the kind alone says nothing."""

    model = Topic
    always_there = LineForm.always_there | {"kind"}

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=Topic.Kind.choices, initial=Topic.Kind.CONSIDERATION.value
    )
    text = WordingField(
        label=gettext_lazy("Wording"),
        error_messages={"required": gettext_lazy("Write the wording. To take a topic out, withdraw it.")},
    )


class OfferedTopicLine(TopicLine):
    """One that was found in a pasted text: only those with the tick are saved."""

    take = forms.BooleanField(label=gettext_lazy("Save"), required=False, initial=True)
