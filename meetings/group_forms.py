"""The form that starts the next group."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mandates.models import WorkingGroup
from meetings.founding import renumbered
from meetings.models import Meeting, roman
from mispa.ground.fields import DayField, LanguagesFormField
from mispa.ground.forms import WritingForm
from mispa.ground.text import Text

TAKES = ("delegations", "secretariat", "considerations")


class NextGroupForm(WritingForm):
    """All is offered from the group before, with its meeting counted on, and may be changed."""

    sections = [
        (gettext_lazy("Group"), ["name", "short_name", "slug", "place", "timezone"]),
        (gettext_lazy("The meeting that it prepares"), ["title", "words", "starts_on", "ends_on"]),
        (gettext_lazy("Work plan"), ["plan_title", "considerations"]),
        (gettext_lazy("People"), ["delegations", "secretariat"]),
    ]
    rules = {"workinggroup_slug_is_unique": "slug", "workinggroup_slug_is_not_reserved": "slug"}

    name = LanguagesFormField(long=False)
    short_name = LanguagesFormField(long=False)
    place = LanguagesFormField(long=False)
    title = LanguagesFormField(long=False, label=gettext_lazy("Title of the ministerial meeting"))
    words = LanguagesFormField(
        long=False,
        required=False,
        label=gettext_lazy("When, in words"),
        help_text=gettext_lazy("Where the days are not known yet, such as “second half of 2015”."),
    )
    starts_on = DayField(label=gettext_lazy("First day"), required=False)
    ends_on = DayField(label=gettext_lazy("Last day"), required=False)
    plan_title = LanguagesFormField(long=False, label=gettext_lazy("Title of the work plan"))
    considerations = forms.BooleanField(
        label=gettext_lazy("Copy the paragraphs of “Other considerations”, with their notes"), required=False
    )
    delegations = forms.BooleanField(
        label=gettext_lazy("Take over the delegations that take part today"), required=False
    )
    secretariat = forms.BooleanField(label=gettext_lazy("Take over the secretariat"), required=False)

    class Meta:
        model = WorkingGroup
        fields = ["name", "short_name", "slug", "place", "timezone"]
        help_texts = {
            "slug": gettext_lazy("The first part of all its addresses. Small letters, digits and hyphens."),
            "timezone": gettext_lazy("Of the place, such as America/New_York."),
        }

    def __init__(self, *args: Any, after: WorkingGroup, meeting: Meeting | None, **kwargs: Any) -> None:
        offered = {**offers(after, meeting), **kwargs.pop("initial", {})}
        plan = getattr(after, "plan", None)
        original = plan.original_language if plan else after.name.original
        super().__init__(*args, initial=offered, original=original, **kwargs)
        self.meeting = meeting
        if meeting is None:
            for name in ("title", "words", "starts_on", "ends_on"):
                del self.fields[name]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        values = self.cleaned_data
        if self.meeting and not values.get("starts_on") and not values.get("words") and "starts_on" not in self.errors:
            self.add_error("words", _("Say in words when it is, or give the first day."))
        if values.get("ends_on") and not values.get("starts_on") and "starts_on" not in self.errors:
            self.add_error("starts_on", _("Give the day."))
        return cleaned

    def acted(self) -> dict[str, Any]:
        """What the action takes."""
        values = self.cleaned_data
        meeting = None
        if self.meeting:
            counted = {"series": self.meeting.series, "ordinal": (self.meeting.ordinal or 0) + 1}
            meeting = counted | {name: values[name] for name in ("title", "words", "starts_on", "ends_on")}
        return {
            "values": {name: values[name] for name in self.Meta.fields},
            "plan_title": values["plan_title"],
            "meeting": meeting,
            "takes": {name for name in TAKES if values[name]},
            "reason": values["reason"],
            "new_id": values["new_id"],
        }


def offers(after: WorkingGroup, meeting: Meeting | None) -> dict[str, Any]:
    """What the form offers: the names of before with the meeting counted on."""
    plan = getattr(after, "plan", None)

    def counted_on(text: Text | None) -> Text | None:
        if text is None or meeting is None or meeting.series is None or not meeting.ordinal:
            return text
        return renumbered(text, meeting.series.short_name, meeting.ordinal)

    slug = f"{meeting.series.slug}-{roman((meeting.ordinal or 0) + 1).lower()}" if meeting and meeting.series else ""
    return {
        "name": counted_on(after.name),
        "short_name": counted_on(after.short_name),
        "slug": slug,
        "place": after.place,
        "timezone": after.timezone,
        "title": counted_on(meeting.title) if meeting else None,
        "plan_title": counted_on(plan.title) if plan else None,
        "delegations": True,
        "secretariat": True,
    }
