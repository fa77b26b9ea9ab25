"""How settled a text is, in words: the mark on page and paper, the line under the title, and names of files.

All of it comes from the `record` beside a text (`docs/plan-json.md`), which comes from rows of considerations, adoption
and corrigenda; no text says of itself that it is adopted.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mispa.ground import dates

Record = Mapping[str, Any]


def is_settled(record: Record) -> bool:
    """Whether the Group has adopted the text for good: by consensus, or ad referendum and confirmed since."""
    adopted = record["adopted"]
    return bool(adopted) and (adopted["how"] == "consensus" or adopted["confirmed_on"] is not None)


def word(record: Record) -> str:
    """The mark: DRAFT · working text; DRAFT · edition 2; Adopted · edition 3, corrigendum 1."""
    edition = which(record)
    if is_settled(record):
        return _("Adopted · %(edition)s") % {"edition": edition}
    if record["adopted"]:
        return _("Adopted ad referendum · %(edition)s") % {"edition": edition}
    return _("DRAFT · %(edition)s") % {"edition": edition}


def title(record: Record) -> str:
    """What a page calls the text: Draft work plan, edition 2; Work plan, edition 3, corrigendum 1."""
    if not record["edition"]:
        return _("Work plan, working text")
    if is_settled(record):
        return _("Work plan, %(edition)s") % {"edition": which(record)}
    return _("Draft work plan, %(edition)s") % {"edition": which(record)}


def which(record: Record) -> str:
    """Which text it is: working text; edition 2; edition 3, corrigendum 1."""
    if not record["edition"]:
        return _("working text")
    names = {"number": record["edition"], "corrigendum": record["corrigendum"]}
    if record["corrigendum"]:
        return _("edition %(number)s, corrigendum %(corrigendum)s") % names
    return _("edition %(number)s") % names


def status_line(record: Record) -> str:
    """The sentence under the title: at which meetings the text was considered, and at which one adopted.

    Empty for a text that no meeting has considered. Source of the form: the Council's own papers, such as “Considered
    at the meetings of September 6 and 20, and October 11, 2005 and adopted at the meeting of October 11, 2005”.
    """
    considered, adopted = [one["on"] for one in record["considered"]], record["adopted"]
    names = {"considered": dates.listed(considered)} if considered else {}
    if not adopted:
        if len(considered) > 1:
            return _("Considered at the meetings of %(considered)s") % names
        return _("Considered at the meeting of %(considered)s") % names if considered else ""
    names |= {"adopted": dates.day(adopted["on"])}
    if adopted["how"] == "consensus":
        if not considered:
            return _("Adopted at the meeting of %(adopted)s") % names
        if len(considered) > 1:
            return _("Considered at the meetings of %(considered)s and adopted at the meeting of %(adopted)s") % names
        return _("Considered at the meeting of %(considered)s and adopted at the meeting of %(adopted)s") % names
    if not considered:
        line = _("Adopted ad referendum at the meeting of %(adopted)s") % names
    elif len(considered) > 1:
        line = (
            _("Considered at the meetings of %(considered)s and adopted ad referendum at the meeting of %(adopted)s")
            % names
        )
    else:
        line = (
            _("Considered at the meeting of %(considered)s and adopted ad referendum at the meeting of %(adopted)s")
            % names
        )
    if adopted["confirmed_on"]:
        confirmed = dates.day(adopted["confirmed_on"])
        return _("%(adoption)s; confirmed on %(confirmed)s") % {"adoption": line, "confirmed": confirmed}
    return _("%(adoption)s; not confirmed yet") % {"adoption": line}


def in_file_names(record: Record) -> str:
    """How settled a text is, as names of files say it: adopted-2013-09-05, draft-edition-2, working-text."""
    if not record["edition"]:
        return "working-text"
    if is_settled(record):
        state = f"adopted-{_final_day(record).isoformat()}"
    elif record["adopted"]:
        state = f"ad-referendum-{record['adopted']['on'].isoformat()}"
    else:
        state = f"draft-edition-{record['edition']}"
    return f"{state}_corr-{record['corrigendum']}" if record["corrigendum"] else state


def _final_day(record: Record) -> date:
    day: date = record["adopted"]["confirmed_on"] or record["adopted"]["on"]
    return day
