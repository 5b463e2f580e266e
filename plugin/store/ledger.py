"""The outcome ledger from and to other tools: CSV files and the API's JSON, checked whole."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from plugin.incoming.json_body import whole
from plugin.sources import times
from plugin.sources.refused import BadCell
from plugin.sources.values import Convention, read_instant, settled
from plugin.store.outcomes import RESULTS, STAGES, Outcome

COLUMNS = ("id", "account_id", "rule", "stage", "outcome", "at", "told_by", "source", "note")
_NEEDED = ("account_id", "stage")
_GIVEN = ("id", "account_id", "rule", "stage", "outcome", "at", "note")


_DELIMITERS = (",", ";", "\t", "|")
_MISSING: dict[str, Any] = {"required": "is missing"}
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
_NO_TIME: dict[str, Any] = {"invalid": "is no time such as 2026-11-28 or 2026-11-28T09:30:00Z"}


def _in_our_time(value: datetime) -> None:
    """Refuse what cannot be written in every time zone, and what nobody can mean."""
    if not _EARLIEST <= value < _LATEST:
        raise ValidationError("is no time between the years 1970 and 2999")


class OutcomeSchema(Schema):
    """One entry as others tell it."""

    class Meta:
        """Refuse what nobody reads."""

        unknown = RAISE

    id = fields.String(validate=[validate.Length(1, 200), whole], allow_none=True)
    account_id = fields.String(
        required=True, validate=[validate.Length(1, 255), whole], error_messages=_MISSING
    )
    rule = fields.String(validate=[validate.Length(max=255), whole], allow_none=True)
    stage = fields.String(required=True, validate=validate.OneOf(STAGES), error_messages=_MISSING)
    outcome = fields.String(validate=validate.OneOf(RESULTS), allow_none=True)
    at = fields.AwareDateTime(
        format="iso",
        default_timezone=UTC,
        allow_none=True,
        error_messages=_NO_TIME,
        validate=_in_our_time,
    )
    note = fields.String(validate=[validate.Length(max=500), whole], allow_none=True)

    @validates_schema
    def _has_result(self, data: Mapping[str, Any], **_: Any) -> None:
        if (data.get("stage") == "outcome") != bool(data.get("outcome")):
            raise ValidationError("an outcome is named at the stage outcome, and only there")


def _id(found: Mapping[str, Any], at: datetime) -> str:
    """Return the same id for the same news, so that telling it twice counts once."""
    parts = (*(found.get(name) for name in ("account_id", "rule", "stage", "outcome")), at)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def read_entry(given: Mapping[str, Any], told_by: str, source: str, now: datetime) -> Outcome:
    """Return one entry; raise ValidationError with all that is wrong with it."""
    found = OutcomeSchema().load(given)
    at = found.get("at") or now
    return Outcome(
        id=found.get("id") or _id(found, at),
        account_id=found["account_id"],
        stage=found["stage"],
        at=at,
        told_by=told_by,
        source=source,
        rule=found.get("rule"),
        outcome=found.get("outcome"),
        note=found.get("note"),
    )


def read_csv(file: TextIO, told_by: str, now: datetime) -> tuple[list[Outcome], list[str]]:
    """Return the entries of a file with a header, and every mistake with its line."""
    entries, mistakes = [], []
    reader = _reader(file)
    lacking = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
    if lacking:
        known = ", ".join(_GIVEN)
        return [], [f"line 1: the header lacks {' and '.join(lacking)}; it may name {known}"]
    rows = [(reader.line_num, row) for row in reader]
    order = settled(None, [times.evidence(row.get("at")) for _, row in rows])
    for line, row in rows:
        given = {name: row[name] for name in _GIVEN if row.get(name)}
        try:
            entries.append(read_entry(_plain(given, order), told_by, "csv", now))
        except ValidationError as error:
            wrong = "; ".join(_said(error.messages))
            mistakes.append(f"line {line}: {wrong}")
        except BadCell as error:
            mistakes.append(f"line {line}: at: {error}; {error.hint}")
    return entries, mistakes


def _reader(file: TextIO) -> csv.DictReader[str]:
    """Return the rows of a file whose delimiter and case of names are its own."""
    text = file.read()
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
    return reader


def _plain(given: Mapping[str, str], order: str | None) -> dict[str, str]:
    """Return a row with its words in lower case and its time as ISO 8601 writes it."""
    found = {name: text.strip() for name, text in given.items()}
    found |= {name: found[name].lower() for name in ("stage", "outcome") if name in found}
    if "at" in found:
        found["at"] = read_instant(found["at"], Convention(date_order=order)).isoformat()
    return found


def _said(messages: Any) -> Iterator[str]:
    for name, found in messages.items():
        where = "" if name == "_schema" else f"{name}: "
        yield f"{where}{' '.join(str(one).removesuffix('.') for one in found)}"


# What a spreadsheet takes for a formula's beginning, also in its full width (Excel in Japanese),
# also behind blanks, and what moves a cell: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b")
_ENDS = frozenset("\t\r\n\v\f\0\x85\u2028\u2029")
_BLANK = " \t\r\n\v\f\0\xa0\u3000\ufeff\u200b"


def safe_cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(_BLANK)[:1] in _FORMULA or text[:1] in _ENDS else text


def write_csv(file: TextIO, entries: Iterable[Outcome]) -> None:
    """Write entries with a header."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for entry in entries:
        cells = {name: getattr(entry, name) for name in COLUMNS}
        cells["at"] = entry.at.astimezone(UTC).isoformat()
        writer.writerow([safe_cell(cells[name]) for name in COLUMNS])
