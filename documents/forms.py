"""Forms for issuing and releasing editions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.models import Edition, Release
from mandates.permissions import is_chair
from mispa.ground.forms import TypedForm
from mispa.ground.models import User


class IssueForm(TypedForm, forms.Form):
    symbol = forms.CharField(
        label=_("Symbol"),
        required=False,
        max_length=200,
        help_text=_("The symbol of the paper itself, if it has been given. Leave it empty while it is pending."),
    )
    reason = forms.CharField(
        label=_("Reason"), min_length=3, widget=forms.TextInput, help_text=_("Printed in the history of the plan.")
    )
    seen = forms.RegexField(regex=r"^[0-9a-f]{64}\Z", widget=forms.HiddenInput)


class ReleaseForm(TypedForm, forms.Form):
    audience = forms.ChoiceField(label=_("Open it to"), choices=Release.Audience, widget=forms.RadioSelect)
    consent = forms.CharField(
        label=_("Consent of the chair"),
        required=False,
        help_text=_("How and when the chair consented, such as “by e-mail of September 3, 2013”."),
    )
    reason = forms.CharField(label=_("Reason"), min_length=3, help_text=_("Printed in the history of the plan."))

    def __init__(self, *args: Any, edition: Edition, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opened = {release.audience for release in edition.releases.all()}
        self.fields["audience"].choices = [  # type: ignore[attr-defined]
            choice for choice in Release.Audience.choices if choice[0] not in opened
        ]
        if is_chair(user, edition.plan.group):
            del self.fields["consent"]
        else:
            self.fields["consent"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return {"consent": ""} | cleaned
