"""Every export that is recognised, by the table that it fills."""

from __future__ import annotations

from plugin.sources.tabular.export import Export
from plugin.sources.tabular.export_people import PEOPLE
from plugin.sources.tabular.export_work import WORK

EXPORTS: dict[str, tuple[Export, ...]] = {**PEOPLE, **WORK}
