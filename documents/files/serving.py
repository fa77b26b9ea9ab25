"""A stored file as an answer: whole, or the part that is asked for (RFC 9110, sections 13 and 14).

Who asks was let in before. The answer is always something to keep, never something that a browser opens as a page of
ours, whatever is in it.
"""

import logging
import re
from collections.abc import Iterator
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header, quote_etag
from django.utils.translation import gettext as _

from documents.models import StoredFile

_CHUNK: Final = 1 << 16
_RANGE: Final = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*", re.IGNORECASE)
_log = logging.getLogger(__name__)


def file_answer(request: HttpRequest, stored: StoredFile, media_type: str, name: str) -> HttpResponseBase:
    """The file under a name. One range is answered; where several are asked for, the whole is."""
    if not stored.content.storage.exists(stored.place):
        _log.error("the storage has lost %s; manage.py verify_files names all that are lost", stored.place)
        raise Http404(_("This file cannot be found in the storage. Tell the secretariat."))
    etag = quote_etag(stored.sha256)
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Length": str(stored.size),
    }
    whole = HttpResponse(content_type=media_type, headers=headers)
    patch_vary_headers(whole, ["Cookie"])
    answer = get_conditional_response(request, etag=etag, response=whole)
    if answer is not whole or request.method == "HEAD":
        assert isinstance(answer, HttpResponse)  # noqa: S101 (for the type checker: one is given)
        return answer
    wanted = _wanted(request, etag)
    if not wanted:
        return _streaming(whole, stored, 0, stored.size)
    span = span_of(wanted, stored.size)
    if span is None:
        return _not_satisfiable(whole, stored.size)
    first, last = span
    part = _streaming(whole, stored, first, last - first + 1)
    part.status_code = 206
    part["Content-Range"] = f"bytes {first}-{last}/{stored.size}"
    return part


def _wanted(request: HttpRequest, etag: str) -> re.Match[str] | None:
    """The range that is asked for; none where the reader has the beginning of another content."""
    if request.headers.get("If-Range", etag) != etag:
        return None
    return asked_for(request.headers.get("Range", ""))


def asked_for(header: str) -> re.Match[str] | None:
    """One range of bytes; what is written otherwise counts as nothing, as the standard wants it."""
    found = _RANGE.fullmatch(header)
    if not found or not (found[1] or found[2]):
        return None
    return None if found[1] and found[2] and int(found[1]) > int(found[2]) else found


def span_of(wanted: re.Match[str], size: int) -> tuple[int, int] | None:
    """The first and the last byte, counted from 0; None where the file has nothing of the range."""
    first, last = wanted[1], wanted[2]
    if not first:
        length = min(int(last), size)
        return (size - length, size - 1) if length else None
    if int(first) >= size:
        return None
    return int(first), min(int(last), size - 1) if last else size - 1


def _not_satisfiable(whole: HttpResponse, size: int) -> HttpResponse:
    headers = {name: whole[name] for name in ("Cache-Control", "X-Content-Type-Options", "Vary", "Accept-Ranges")}
    return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"}, content_type="text/plain")


def _streaming(whole: HttpResponse, stored: StoredFile, start: int, length: int) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(_pieces(stored, start, length), headers=dict(whole.items()))
    answer["Content-Length"] = str(length)
    return answer


def _pieces(stored: StoredFile, start: int, length: int) -> Iterator[bytes]:
    with stored.content.storage.open(stored.place) as content:
        content.seek(start)
        while length and (piece := content.read(min(length, _CHUNK))):
            length -= len(piece)
            yield piece
