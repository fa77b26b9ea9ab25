"""Word files written by hand, part by part, as programs other than ours write them."""

import io
from collections.abc import Sequence
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
STYLES = (
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Kap"><w:name w:val="Chapter"/><w:basedOn w:val="H1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Toc"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Ref"><w:name w:val="footnote reference"/></w:style>'
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl>'
    "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="2"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="14"/>'
    "</w:lvlOverride></w:num>"
)


def run(words: str, looks: str = "") -> str:
    """A run; line ends in it are soft breaks, tabs are tabs."""
    inner = escape(words).replace("\n", "</w:t><w:br/><w:t>").replace("\t", "</w:t><w:tab/><w:t>")
    return f"<w:r><w:rPr>{looks}</w:rPr><w:t xml:space='preserve'>{inner}</w:t></w:r>"


def p(*inner: str, style: str = "", num: str = "", level: int = 0) -> str:
    """A paragraph of runs, or of plain words."""
    made = "".join(one if one.startswith("<") else run(one) for one in inner)
    list_ = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>' if num else ""
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{style}{list_}</w:pPr>{made}</w:p>"


def cell(*paragraphs: str, looks: str = "") -> str:
    """A cell of paragraphs, or of plain lines."""
    inner = "".join(one if one.startswith(("<w:p>", "<w:tbl>")) else p(one) for one in paragraphs or ("",))
    return f"<w:tc><w:tcPr>{looks}</w:tcPr>{inner}</w:tc>"


def table(*rows: Sequence[str]) -> str:
    """A table; a cell is XML, or lines of plain words."""
    made = []
    for row in rows:
        cells = "".join(one if one.startswith("<w:tc>") else cell(*one.split("\n")) for one in row)
        made.append(f"<w:tr>{cells}</w:tr>")
    return f"<w:tbl>{''.join(made)}</w:tbl>"


MERGED_ON = '<w:vMerge w:val="restart"/>'
GOES_ON = "<w:vMerge/>"


def call(id: int, kind: str = "footnote") -> str:
    return f'<w:r><w:rPr><w:rStyle w:val="Ref"/></w:rPr><w:{kind}Reference w:id="{id}"/></w:r>'


def notes(kind: str = "footnote", **words: str) -> str:
    """The notes of a file by their ids, such as n1."""
    separator = f'<w:{kind} w:type="separator" w:id="-1"><w:p/></w:{kind}>'
    made = [f'<w:{kind} w:id="{id[1:]}">{p(run(" "), said)}</w:{kind}>' for id, said in words.items()]
    return f"<w:{kind}s {NAMESPACES}>{separator}{''.join(made)}</w:{kind}s>"


def docx(*blocks: str, footnotes: str = "", endnotes: str = "", main: str = "", **others: bytes) -> bytes:
    """A Word file of these blocks."""
    body = main or f"<w:document {NAMESPACES}><w:body>{''.join(blocks)}<w:sectPr/></w:body></w:document>"
    parts = {
        "styles": f"<w:styles {NAMESPACES}>{STYLES}</w:styles>",
        "numbering": f"<w:numbering {NAMESPACES}>{NUMBERING}</w:numbering>",
        "footnotes": footnotes,
        "endnotes": endnotes,
    }
    related = "".join(
        f'<Relationship Id="{name}" Type="{R}/{name}" Target="{name}.xml"/>' for name, xml in parts.items() if xml
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    files = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="m" Type="{R}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": body,
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}">{related}<Relationship Id="x" '
        f'Type="{R}/hyperlink" Target="http://example.test/" TargetMode="External"/></Relationships>',
        **{f"word/{name}.xml": xml for name, xml in parts.items() if xml},
    }
    return zipped({name: xml.encode() for name, xml in files.items()} | others)


def zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return made.getvalue()
