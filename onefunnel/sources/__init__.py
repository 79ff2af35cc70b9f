"""One file per kind of source; each says how its files or calls become lake columns."""

from __future__ import annotations

from types import ModuleType

from onefunnel.sources import csv_folder, own, zoho_crm

# own: not for sources.yml to name
KINDS: dict[str, ModuleType] = {"csv_folder": csv_folder, "zoho_crm": zoho_crm, "own": own}
