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
from onefunnel.sources import own
from onefunnel.sources.csv_file import shown

DO = "mend sources.yml; README.md, 'Your own exports', shows each key"
NAME = r"^[a-z][a-z0-9_]*$"
# what pydantic calls it -> what the person is told
TOLD = {
    "missing": "is missing",
    "extra_forbidden": "is no key of sources.yml",
    "too_short": "needs at least one entry",
    "string_type": "must be text; put it in quotes",
    "dict_type": "must be a list of `name: value`",
    "model_type": "must be a list of `name: value`",
    "list_type": "must be a list; start each entry with a dash",
    "bool_parsing": "must be true or false",
}
PATTERNS = {
    "name": "must be small letters, digits and underscores, such as crm",
    "ids_of": "must be the name of a source, such as crm",
    "currency": "must be three capital letters, such as INR",
    "schema": "must be small letters, digits and underscores, such as metrics",
    "reader": "must be small letters, digits and underscores, such as onefunnel_reader",
    "delimiter": "must be one character, such as ; or \\t",
}


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
    name: str = Field(pattern=NAME)
    kind: Literal["csv_folder", "zoho_crm"]
    folder: str
    snapshot: Literal["full", "delta"] = "full"
    ids_of: str | None = Field(default=None, pattern=NAME)
    timezone: str = "Asia/Kolkata"
    day_first: bool = False
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    delimiter: str = Field(default=",", pattern=r"^[^\w\s\"\x00]$|^\t$")
    entities: dict[str, Entity] = Field(min_length=1)

    @field_validator("entities", mode="before")
    @classmethod
    def _a_bare_name_is_a_file(cls, value):
        if not isinstance(value, dict):
            return value
        return {name: {"file": item} if isinstance(item, str) else item for name, item in value.items()}

    @field_validator("name")
    @classmethod
    def _not_our_own(cls, value: str) -> str:
        if value == own.NAME:
            raise ValueError("is the name under which onefunnel keeps its own records; choose another")
        return value

    @field_validator("timezone")
    @classmethod
    def _a_known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"'{value}' is not a time zone such as Asia/Kolkata")
        return value

    @property
    def namespace(self) -> str:
        return self.ids_of or self.name


# what onefunnel itself recorded, as a source beside those of the file
OWN = Source.model_construct(
    name=own.NAME, kind="own", folder="", entities={name: Entity(file=name) for name in own.lake_entities()}
)


class DigestTo(BaseModel):
    """Who is told of new objections besides the file: by Airflow's connections onefunnel_smtp and onefunnel_slack."""

    model_config = ConfigDict(extra="forbid")
    email: list[str] = Field(default_factory=list)
    slack: bool = False

    @field_validator("email")
    @classmethod
    def _addresses(cls, value: list[str]) -> list[str]:
        for address in value:
            if not re.fullmatch(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+", address):
                raise ValueError(f"{shown(address)} is not an e-mail address such as marketing@company.example")
        return value


class ReviewTo(DigestTo):
    """Who gets the weekly review, by the same connections: each address by mail with its PDF, and the chat."""


class PostgresTo(BaseModel):
    """Where in PostgreSQL the tables are published too: by Airflow's connection onefunnel_postgres; who may read."""

    model_config = ConfigDict(extra="forbid")
    schema_name: str = Field(default="metrics", alias="schema", pattern=NAME, max_length=63)
    reader: str | None = Field(default="onefunnel_reader", pattern=NAME, max_length=63)


class Sources(BaseModel):
    """The whole file; as_of pins the instant of judgement (the sample company does)."""

    model_config = ConfigDict(extra="forbid")
    as_of: datetime | None = None
    digest: DigestTo = Field(default_factory=DigestTo)
    review: ReviewTo = Field(default_factory=ReviewTo)
    postgres: PostgresTo | None = None
    sources: list[Source] = Field(min_length=1)

    @field_validator("as_of")
    @classmethod
    def _with_a_zone(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("needs a zone, such as 2026-03-31T18:30:00Z")
        return value

    @field_validator("postgres", mode="before")
    @classmethod
    def _the_bare_key_is_a_yes(cls, value):
        return {} if value is None else value

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
        given = yaml.load(path.read_text(encoding="utf-8-sig"), _EachKeyOnce)
    except OSError as why:
        raise Stop(
            "sources_file", f"{path} cannot be read: {why.strerror}", "name it: make run SOURCES=path/sources.yml"
        ) from None
    except UnicodeDecodeError:
        raise Stop("sources_file", f"{path} is not UTF-8", "save it as UTF-8") from None
    except yaml.YAMLError as why:
        mark = getattr(why, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        found = getattr(why, "problem", None) or "a character that YAML does not allow"
        raise Stop("sources_file", f"{path}{where}: not YAML: {found}", DO) from None
    except (ValueError, RecursionError) as why:
        raise Stop("sources_file", f"{path}: not YAML: {why}", DO) from None
    if not isinstance(given, dict):
        raise Stop("sources_file", f"{path} is not a file with a list `sources:`", DO)
    try:
        return Sources.model_validate(given)
    except ValidationError as why:
        raise Stop("sources_file", f"{path}, {_told(why.errors()[0], given)}", DO) from None


class _EachKeyOnce(yaml.SafeLoader):
    """YAML in which no key stands twice (plain YAML lets the last one win in silence)."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"'{name}' stands twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def _told(first: dict, given: dict) -> str:
    """Where a fault is, in the file's own words, and what is wrong there."""
    place = list(first["loc"])
    where = []
    if len(place) > 1 and place[0] == "sources":
        source = given["sources"][place[1]]
        name = source.get("name") if isinstance(source, dict) else None
        where, place = [f"source {name or place[1] + 1}"], place[2:]
    if len(place) > 1 and place[0] == "entities":
        where, place = [*where, f"entity {place[1]}"], place[2:]
    if place:
        where.append(f"key {'.'.join(str(part) for part in place)}")
    fault = TOLD.get(first["type"]) or first["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    if first["type"] == "string_pattern_mismatch":
        fault = PATTERNS[str(place[-1])]
    cell = first["input"]
    return f"{', '.join(where)}: {shown(str(cell)) + ' ' if isinstance(cell, (str, int, float)) else ''}{fault}"


def folder_of(source: Source, sources_file: Path) -> Path:
    """The source's folder: below sources.yml, or below the absolute folder of an environment variable."""
    place = f"{sources_file}, source {source.name}, key folder"
    for name in re.findall(r"\$\{(\w*)\}", source.folder):
        if not os.environ.get(name):
            raise Stop(
                "source_folder",
                f"{place}: the environment variable {name} is not set",
                f"set it to the absolute folder that holds the files ({name}=/path/to/exports)",
            )
    if Path(source.folder).is_absolute():
        raise Stop(
            "source_folder",
            f"{place}: {source.folder} is absolute",
            "write it relative to sources.yml, or name an environment variable: ${MY_EXPORTS}",
        )
    named = re.match(r"\$\{(\w+)\}", source.folder)
    base = Path(os.environ[named[1]]) if named else sources_file.resolve().parent
    if not base.is_absolute():
        raise Stop(
            "source_folder", f"{place}: {named[1]} holds '{base}', no absolute folder", f"{named[1]}=/path/to/exports"
        )
    folder = _inside(base / re.sub(r"\$\{(\w+)\}", lambda m: os.environ[m[1]], source.folder), base.resolve())
    if folder is None:
        raise Stop(
            "path_leaves_folder",
            f"{place}: {shown(source.folder)} leads out of {base}",
            "keep the exports below it, or name an environment variable that holds their folder: ${MY_EXPORTS}",
        )
    if not folder.is_dir():
        raise Stop("source_folder", f"{place}: there is no folder {folder}", DO)
    return folder


def file_of(source: Source, entity: str, folder: Path) -> Path:
    """The entity's file inside its folder; a path or link that leaves the folder is refused."""
    name = source.entities[entity].file
    path = _inside(folder / name, folder)
    if path is None:
        raise Stop(
            "path_leaves_folder",
            f"sources.yml, source {source.name}, entity {entity}: {shown(name)} leads out of {folder}",
            "put the file inside the source's folder",
        )
    if not path.is_file():
        raise Stop(
            "file_missing",
            f"sources.yml, source {source.name}, entity {entity}: there is no file {path}",
            "export it there, or take the entity out of sources.yml",
        )
    return path


def _inside(path: Path, folder: Path) -> Path | None:
    """The path with every link followed; None when it leaves the (resolved) folder or cannot be a path."""
    try:
        path = path.resolve()
    except (OSError, ValueError, RuntimeError):
        return None
    return path if path.is_relative_to(folder) else None
