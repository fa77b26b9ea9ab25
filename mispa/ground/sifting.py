"""A history is long: who did it, to what kind of thing, from which day to which."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mispa.ground.fields import valid_year
from mispa.ground.models import ChangeSet, User

SYSTEM: Final = "system"  # a command, by no person


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        validators=[valid_year],
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Write the day as 2013-09-05.")},
    )


class SiftForm(forms.Form):
    """The choices of a history's page, its links and its exports. Days are those of the zone, both ends count."""

    use_required_attribute = False

    who = forms.ChoiceField(label=gettext_lazy("Person"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of thing"), required=False)
    since = _day_field(gettext_lazy("From day"))
    until = _day_field(gettext_lazy("To day"))

    def __init__(
        self, data: Any, *, people: Iterable[User | None], zone: ZoneInfo, kinds: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data, auto_id="sift-%s")
        self.zone = zone
        names = [(str(one.pk), str(one)) if one else (SYSTEM, _("a command of the system")) for one in people]
        self._offer("who", [("", _("any person")), *sorted(names, key=lambda name: name[1].casefold())])
        if kinds is None:
            del self.fields["kind"]
        else:
            self._offer("kind", [("", _("any kind")), *kinds.items()])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean(self) -> dict[str, Any]:
        since, until = (self.cleaned_data.get(name) for name in ("since", "until"))
        if since and until and until < since:
            raise ValidationError({"until": _("The last day lies before the first.")})
        return self.cleaned_data

    @property
    def is_asked(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def where(self) -> dict[str, Any]:
        """What is asked of change-sets, by the names of their columns."""
        asked: dict[str, Any] = {}
        who = self.cleaned_data["who"]
        if who:
            asked |= {"by__isnull": True} if who == SYSTEM else {"by": int(who)}
        if since := self.cleaned_data["since"]:
            asked["at__gte"] = self._begins(since)
        if until := self.cleaned_data["until"]:
            asked["at__lt"] = self._begins(until + timedelta(days=1))
        return asked

    def _begins(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)

    def lets(self, change_set: ChangeSet) -> bool:
        """The same of one that is known already."""
        asked = self.where()
        return (
            ("by" not in asked or asked["by"] == change_set.by_id)
            and not ("by__isnull" in asked and change_set.by_id)
            and ("at__gte" not in asked or change_set.at >= asked["at__gte"])
            and ("at__lt" not in asked or change_set.at < asked["at__lt"])
        )
