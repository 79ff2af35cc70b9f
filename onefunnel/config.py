"""sources.yml: which sources there are and how each is reached."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from onefunnel.errors import Stop

DO = "mend sources.yml; README.md, 'Your own exports', shows each key"


class Entity(BaseModel):
    """One file of a source: its name, how it is read, and the headers that differ from ours."""

    model_config = ConfigDict(extra="forbid")
    file: str
    snapshot: Literal["full", "delta"] | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    record_url: str | None = None
    allow_empty: bool = False


class Source(BaseModel):
    """One source: a named place of a kind that delivers entities."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Literal["csv_folder", "zoho_crm"]
    folder: str
    snapshot: Literal["full", "delta"] = "full"
    ids_of: str | None = None
    timezone: str = "Asia/Kolkata"
    day_first: bool = False
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    entities: dict[str, Entity] = Field(min_length=1)

    @field_validator("entities", mode="before")
    @classmethod
    def _a_bare_name_is_a_file(cls, value):
        if not isinstance(value, dict):
            return value
        return {name: {"file": item} if isinstance(item, str) else item for name, item in value.items()}

    @field_validator("timezone")
    @classmethod
    def _a_known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"'{value}' is not a time zone such as Asia/Kolkata")
        return value

    @property
    def namespace(self) -> str:
        return self.ids_of or self.name


class Sources(BaseModel):
    """The whole file; as_of pins the instant of judgement (the sample company does)."""

    model_config = ConfigDict(extra="forbid")
    as_of: datetime | None = None
    sources: list[Source] = Field(min_length=1)

    @field_validator("as_of")
    @classmethod
    def _with_a_zone(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("needs a zone, such as 2026-03-31T18:30:00Z")
        return value

    @field_validator("sources")
    @classmethod
    def _names_once(cls, value: list[Source]) -> list[Source]:
        names = [source.name for source in value]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"the name '{name}' stands twice")
        return value

    def named(self, name: str) -> Source:
        return next(source for source in self.sources if source.name == name)


def read_sources(path: Path) -> Sources:
    """sources.yml as typed settings; Stop names the key that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as why:
        raise Stop("sources_file", f"{path} cannot be read ({type(why).__name__})", DO) from None
    try:
        return Sources.model_validate(yaml.safe_load(text) or {})
    except yaml.YAMLError as why:
        mark = getattr(why, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise Stop("sources_file", f"{path}{where} is not YAML", DO) from None
    except ValidationError as why:
        first = why.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise Stop("sources_file", f"{path}, {key}: {first['msg'].removeprefix('Value error, ')}", DO) from None


def folder_of(source: Source, sources_file: Path) -> Path:
    """The source's folder: relative to sources.yml, or absolute from an environment variable."""
    named = re.match(r"^\$\{(\w+)\}", source.folder)
    if named and not os.environ.get(named[1]):
        raise Stop(
            "source_folder",
            f"{sources_file}, source {source.name}: the environment variable {named[1]} is not set",
            f"set it to the absolute folder that holds the files ({named[1]}=/path/to/exports)",
        )
    folder = Path(re.sub(r"\$\{(\w+)\}", lambda m: os.environ.get(m[1], ""), source.folder))
    if folder.is_absolute() and not named:
        raise Stop(
            "source_folder",
            f"{sources_file}, source {source.name}: folder {source.folder} is absolute",
            "write it relative to sources.yml, or name an environment variable: ${MY_EXPORTS}",
        )
    folder = (sources_file.parent / folder).resolve()
    if not folder.is_dir():
        raise Stop("source_folder", f"source {source.name}: there is no folder {folder}", DO)
    return folder


def file_of(source: Source, entity: str, folder: Path) -> Path:
    """The entity's file inside its folder; a path or link that leaves the folder is refused."""
    name = source.entities[entity].file
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        raise Stop(
            "path_leaves_folder",
            f"source {source.name}, entity {entity}: '{name}' leads out of {folder}",
            "put the file inside the source's folder",
        )
    if not path.is_file():
        raise Stop(
            "file_missing",
            f"source {source.name}, entity {entity}: there is no file {path}",
            "export it there, or take the entity out of sources.yml",
        )
    return path
