"""How files are received: in memory, with a bound, and written nowhere before they were looked at."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class WithinBounds(FileUploadHandler):
    """Holds what is sent, up to the size of the largest file that is taken, of all files of a form together.

    A file that is larger comes without its content, but with its size, so that a form can say so.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.parts: list[bytes] = []
        self.held = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.parts = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.held += len(raw_data)
        if self.held > settings.LARGEST_FILE:
            self.parts = []
        else:
            self.parts.append(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        content = b"" if self.held > settings.LARGEST_FILE else b"".join(self.parts)
        size = max(file_size, settings.LARGEST_FILE + 1) if self.held > settings.LARGEST_FILE else file_size
        name, kind = self.file_name or "", self.content_type or ""
        return InMemoryUploadedFile(BytesIO(content), self.field_name, name, kind, size, self.charset)
