"""Parts of addresses."""

from datetime import date

from mispa.ground.fields import YEARS


class IsoDate:
    """A day as 2013-09-05; a day that does not exist is no address."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


class Month:
    """A month as 2013/09, given as its first day."""

    regex = "[0-9]{4}/[0-9]{2}"

    def to_python(self, value: str) -> date:
        year, month = map(int, value.split("/"))
        if year not in YEARS:
            raise ValueError
        return date(year, month, 1)

    def to_url(self, value: date) -> str:
        return f"{value.year:04}/{value.month:02}"
