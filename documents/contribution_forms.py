"""Forms for what a delegation contributes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.files.checking import CheckedFile
from documents.files.fields import CheckedFileField, what_is_taken
from documents.models import Contribution
from mandates.models import Pillar
from mispa.ground.forms import ReasonForm, WritingForm

LONGEST = 100_000  # letters of a text: some sixty pages; what is longer comes as a file


class ContributionForm(WritingForm):
    sections = [
        (_("Contribution"), ["pillar", "language", "title", "text"]),
        (_("Who may read it"), ["may_be_public"]),
    ]

    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_(
            "An empty line begins a paragraph; *asterisks* emphasize, and lines that begin with - make a list. "
            "It may be left empty where a file says it all."
        ),
    )

    class Meta:
        model = Contribution
        fields: Sequence[str] = ["pillar", "language", "title", "text", "may_be_public"]
        labels = {"may_be_public": _("It may be published once it is accepted")}
        help_texts = {
            "language": _("The one language in which title and text are written."),
            "may_be_public": _("Otherwise the members of the Group alone read it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pillar: Any = self.fields["pillar"]
        standing = Pillar.objects.standing() | Pillar.objects.filter(pk=self.instance.pillar_id)
        pillar.queryset = standing.order_by("position", "id")
        pillar.empty_label = _("Choose a pillar")

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").strip()


class AttachForm(ReasonForm):
    """The file of a contribution, in place of the one that it has; or none."""

    file = CheckedFileField(label=_("File"))
    takes_away = forms.BooleanField(label=_("Take the file away, and put no other in its place"), required=False)
    field_order = ["file", "takes_away", "reason"]

    def __init__(self, *args: Any, has_file: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = what_is_taken()
        self.fields["file"].required = not (has_file and self.data.get("takes_away"))
        if not has_file:
            del self.fields["takes_away"]

    @property
    def chosen(self) -> CheckedFile | None:
        """Once it is valid: the file that stands from then on."""
        found: CheckedFile | None = None if self.cleaned_data.get("takes_away") else self.cleaned_data["file"]
        return found
