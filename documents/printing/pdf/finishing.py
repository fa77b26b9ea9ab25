"""The file around the pages: conformance, seal and enclosures, set right before WeasyPrint writes it.

WeasyPrint claims one standard per file, PDF/A-3a here; that the file is PDF/UA-1 too is added to its metadata (XMP),
with the description of that claim for which PDF/A asks. The metadata are left uncompressed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from weasyprint import Attachment

from documents.printing.pdf.proof import NAME_OF_SEAL

_UA: Final = """\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>\
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 to which this file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
_SEAL: Final = """\
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier>{}</dc:identifier>\
</rdf:Description>
"""
_END: Final = b"</rdf:RDF>"


@dataclass(frozen=True)
class Enclosure:
    """A file that travels inside a paper; `at` is the aware instant that it says it was made."""

    name: str
    media_type: str
    content: bytes
    description: str
    at: datetime


def attachments(enclosures: Sequence[Enclosure]) -> list[Attachment]:
    """The enclosures as WeasyPrint takes them, in the order of their names, as a reader of the file looks them up."""
    return [
        Attachment(
            string=one.content,
            name=one.name,
            description=one.description,
            created=one.at.astimezone(UTC),
            modified=one.at.astimezone(UTC),
            relationship="Data",
        )
        for one in sorted(enclosures, key=lambda one: one.name)
    ]


class Finisher:
    """Called by WeasyPrint with the file that it is about to write."""

    def __init__(self, sha256: str, enclosures: Sequence[Enclosure]) -> None:
        self.sha256 = sha256
        self.media_types = {one.name: one.media_type for one in enclosures}

    def __call__(self, document: Any, pdf: Any) -> None:
        self._add_metadata(_object(pdf, pdf.catalog["Metadata"]))
        for specification in _specifications(pdf):
            stream = _object(pdf, specification["EF"]["F"])
            stream.extra["Subtype"] = "/" + self.media_types[specification["UF"].string].replace("/", "#2f")
        if "AF" in pdf.catalog:  # each is in it twice
            pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])

    def _add_metadata(self, stream: Any) -> None:
        added = _UA + (_SEAL.format(NAME_OF_SEAL.format(self.sha256)) if self.sha256 else "")
        stream.stream = [part.replace(_END, added.encode() + _END) for part in stream.stream]
        stream.compress = False


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _specifications(pdf: Any) -> Iterator[Any]:
    for one in pdf.objects:
        if isinstance(one, dict) and one.get("Type") == "/Filespec":
            yield one
