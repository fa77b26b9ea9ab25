"""A calendar narrowed to a kind of meeting, to what is on the agenda, to what takes place: page and feed alike."""

from typing import Any, Final

from django import forms
from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting
from mispa.ground.text import Text, search_key

# Those that stand in a group's calendar.
_KINDS: Final = (Meeting.Kind.SESSION, Meeting.Kind.MINISTERIAL)
_OFF: Final = (Meeting.Status.CANCELLED, Meeting.Status.POSTPONED)


class CalendarSieve(forms.Form):
    """The choices of the calendar's page, which the address of its file carries along."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("any kind")), *((one.value, one.label) for one in _KINDS)]
    )
    topic = forms.CharField(label=_("Words of a topic"), required=False, max_length=200)
    cancelled = forms.ChoiceField(
        label=_("Postponed and cancelled"), required=False, choices=[("", _("show")), ("hide", _("hide"))]
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="sift-%s")

    @property
    def is_asked(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    @property
    def hides_cancelled(self) -> bool:
        return self.is_valid() and self.cleaned_data["cancelled"] == "hide"

    @property
    def words(self) -> str:
        return search_key(self.cleaned_data["topic"]) if self.is_valid() else ""

    def query(self, language: str) -> str:
        """What the address of the file needs: the choices that are made, and a language if one is given."""
        chosen = {"lang": language}
        if self.is_valid():
            chosen |= {name: self.cleaned_data[name] for name in self.fields}
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in chosen.items() if value})
        return f"?{query.urlencode()}" if query else ""

    def lets(self, meeting: Meeting) -> bool:
        """Whether a meeting, with its topics, is among those that are asked for."""
        if not self.is_valid():
            return True
        return (
            self.cleaned_data["kind"] in {"", meeting.kind}
            and not (self.hides_cancelled and meeting.status in _OFF)
            and (not self.words or any(self._has_words(topic.text) for topic in meeting.topics.all()))
        )

    def narrowed(self, meetings: Any) -> Any:
        """Those of the kind; the file knows the rest by itself. Raises Http404 where no choice is meant."""
        if not self.is_valid():
            raise Http404(" ".join(str(error) for errors in self.errors.values() for error in errors))
        kind = self.cleaned_data["kind"]
        return meetings.filter(kind=kind) if kind else meetings

    def _has_words(self, text: Text) -> bool:
        """In any language: a delegate looks for what she remembers."""
        return any(self.words in search_key(wording) for _language, wording in text)
