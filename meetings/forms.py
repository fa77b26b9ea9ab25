"""The forms of a calendar."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mandates.models import Mandate, WorkingGroup
from meetings.actions import MANDATES_OF_TOPIC
from meetings.models import City, Meeting, Room, Topic
from mispa.ground.fields import DayField, HourField, LanguagesFormField, OrderedChoiceField, choose_by_name
from mispa.ground.forms import WritingForm
from mispa.ground.models import Tracked


def _standing_and(model: type[Tracked], chosen: UUID | None) -> Any:
    return model.objects.standing() | model.objects.filter(pk__in=[chosen] if chosen else [])


class MeetingForm(WritingForm):
    """Wall time and zone; how exact the time is decides which of the fields are needed."""

    sections = [
        (gettext_lazy("Meeting"), ["status", "title", "theme", "further"]),
        (gettext_lazy("When"), ["precision", "starts_on", "starts_at", "ends_at", "ends_on", "words", "timezone"]),
        (gettext_lazy("Where"), ["room", "city", "country"]),
    ]
    rules = {"meeting_ends_after_start": "ends_at", "meeting_times_fit_precision": "precision"}

    title = LanguagesFormField(long=False, required=False)
    theme = LanguagesFormField(long=False, required=False)
    further = LanguagesFormField(required=False)
    words = LanguagesFormField(long=False, required=False)
    country = LanguagesFormField(long=False, required=False)

    class Meta:
        model = Meeting
        fields = [
            "status",
            "title",
            "theme",
            "further",
            "precision",
            "starts_on",
            "starts_at",
            "ends_at",
            "ends_on",
            "words",
            "timezone",
            "room",
            "city",
            "country",
        ]
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
        self.fields["words"].help_text = _("Where day or hours are not set yet, such as “early September”.")
        if meeting.kind == Meeting.Kind.SESSION:
            del self.fields["theme"], self.fields["further"]
        if meeting.ends_on == meeting.starts_on:
            self.initial["ends_on"] = None

    def clean(self) -> dict[str, Any] | None:
        """One day where no last day is given; and what an exact meeting lacks is said beside its field."""
        cleaned = super().clean()
        values = self.cleaned_data
        if values.get("starts_on") and not values.get("ends_on") and "ends_on" not in self.errors:
            values["ends_on"] = values["starts_on"]
        asked: dict[str, dict[str, str]] = {
            Meeting.Precision.EXACT: {
                "starts_on": _("Give the day."),
                "starts_at": _("Give the hour at which it begins."),
                "ends_at": _("Give the hour at which it ends."),
            },
            Meeting.Precision.ALL_DAY: {"starts_on": _("Give the day.")},
            Meeting.Precision.IMPRECISE: {"words": _("Say in words when it is.")},
        }
        for name, sentence in asked.get(str(values.get("precision")), {}).items():
            if name not in self.errors and values.get(name) is None:
                self.add_error(name, sentence)
        return cleaned


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
