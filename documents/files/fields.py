"""The field of a form in which a file is chosen."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.files.checking import CheckedFile, FileRefused, check, too_large


def what_is_taken() -> str:
    megabytes = settings.LARGEST_FILE // 1_000_000
    return _("PDF, Word (.docx), OpenDocument (.odt), text or Markdown in UTF-8, of at most %(limit)s MB.") % {
        "limit": megabytes
    }


class CheckedFileField(forms.FileField):
    """Gives a `CheckedFile`: what was chosen, else what is there already. Says in words why a file is not taken."""

    def __init__(self, **kwargs: Any) -> None:
        words = {name: gettext_lazy("Choose a file.") for name in ("required", "invalid", "missing")}
        super().__init__(widget=forms.FileInput, allow_empty_file=True, error_messages=words, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> CheckedFile | None:
        found = super().clean(data, initial)
        if not isinstance(found, UploadedFile):
            return found if isinstance(found, CheckedFile) else None
        try:
            if (found.size or 0) > settings.LARGEST_FILE:
                raise too_large()
            return check(found.read(), found.name or "")
        except FileRefused as refused:
            raise ValidationError(str(refused)) from refused
