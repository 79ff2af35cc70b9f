"""What dbt would build of a changed project, in a moment: what the change reaches is compiled and built, no more."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter

import duckdb

from onefunnel.home import Home
from onefunnel.warehouse import PROJECT, Dbt


class Rebuilt:
    """The models of the dbt project as dbt read and compiled them once; dbt: on the home of a built candidate.

    A change is made in what dbt has read, not in the files, so that nothing is read again. Of the models that are
    selected those are built that have other SQL than before, or read a table whose rows are others than before: the
    others would come out as they are.
    """

    def __init__(self, home: Home, dbt: Dbt):
        self.home, self.manifest = home, dbt.manifest
        models = {key: node for key, node in dbt.manifest.nodes.items() if node.resource_type == "model"}
        reads = {key: [to for to in node.depends_on.nodes if to in models] for key, node in models.items()}
        self.models = {models[key].name: models[key] for key in TopologicalSorter(reads).static_order()}
        self.reads = {models[key].name: {models[to].name for to in tos} for key, tos in reads.items()}
        self.sql = self._compiled(self.models)
        self._rows: dict[str, tuple] = {}

    def build(self, file: str, old: str, new: str, selected: set[str]) -> set[str]:
        """The candidate, a copy of the unchanged one, holds the selected models of the changed project.

        file: under the project's folder; in it `old` becomes `new`. Returns the models whose rows became others.
        """
        with self._changed(file, old, new) as models:
            sql = self.sql | self._compiled(models & selected)
        others: set[str] = set()
        with duckdb.connect(str(self.home.candidate)) as con:
            con.execute("set timezone = 'UTC'")
            for name, node in self.models.items():
                reached = self.reads[name] & others
                if name in selected and (reached or sql[name] != self.sql[name]):
                    others |= self._built(con, name, sql[name])
                elif reached and node.config.materialized == "view":
                    others.add(name)
        return others

    def selected(self, words: str, without: list[str] = ()) -> set[str]:
        """The models that dbt's words select: a name, +before or behind+ it, a,b for both, a path: and several."""
        found = [set.intersection(*map(self._named, word.split(","))) for word in words.split()]
        return set().union(*found).difference(*map(self._named, without))

    def _named(self, word: str) -> set[str]:
        if word.startswith("path:"):
            folder = word.removeprefix("path:")
            return {name for name, node in self.models.items() if node.original_file_path.startswith(f"{folder}/")}
        name = word.strip("+")
        found = {name}
        if word.startswith("+"):
            for model in reversed(self.models):
                found |= self.reads[model] if model in found else set()
        if word.endswith("+"):
            behind = {name}
            for model in self.models:
                behind |= {model} if self.reads[model] & behind else set()
            found |= behind
        assert found <= set(self.models), f"the project has no model {name}"
        return found

    @contextmanager
    def _changed(self, file: str, old: str, new: str) -> Iterator[set[str]]:
        """What dbt has read says `new` where the file says `old`; gives the models whose SQL it may concern."""
        texts = [(macro, "macro_sql") for macro in self.manifest.macros.values()]
        texts += [(node, "raw_code") for node in self.models.values()]
        held = [(n, name, getattr(n, name)) for n, name in texts if n.original_file_path == file]
        changed = [(node, name, text) for node, name, text in held if old in text]
        assert changed, f"{file} no longer holds what would be changed"
        for node, name, text in changed:
            setattr(node, name, text.replace(old, new))
        try:
            yield self._using({node.unique_id for node, _, _ in changed})
        finally:
            for node, name, text in changed:
                setattr(node, name, text)

    def _using(self, keys: set[str]) -> set[str]:
        """The models among these, and those that use a macro among these, by way of other macros or not."""
        keys, before = set(keys), None
        while before != keys:
            before = set(keys)
            keys |= {key for key, macro in self.manifest.macros.items() if keys & set(macro.depends_on.macros)}
        return {
            name for name, node in self.models.items() if node.unique_id in keys or keys & set(node.depends_on.macros)
        }

    def _built(self, con, name: str, sql: str) -> set[str]:
        """The model is built anew; {name} when its rows became others. A view counts as changed."""
        node = self.models[name]
        table = node.relation_name
        if node.config.materialized == "view":
            con.execute(f"create or replace view {table} as {sql}")
            return {name}
        if name not in self._rows:
            self._rows[name] = _rows(con, table)
        if node.config.contract.enforced:
            columns = ", ".join(node.columns)
            con.execute(f"truncate {table}; insert into {table} ({columns}) select {columns} from ({sql}\n)")
        else:
            con.execute(f"create or replace table {table} as {sql}")
        return set() if _rows(con, table) == self._rows[name] else {name}

    def _compiled(self, names) -> dict[str, str]:
        """Model -> its SQL, by dbt's own compiler from what dbt has read."""
        from dbt.adapters.factory import get_adapter, register_adapter, reset_adapters
        from dbt.compilation import Compiler
        from dbt.config.runtime import RuntimeConfig
        from dbt.flags import set_from_args
        from dbt.mp_context import get_mp_context

        project, scratch = os.environ.get("ONEFUNNEL_DBT_PROJECT") or str(PROJECT), str(self.home.root / "scratch")
        places = {"project_dir": project, "profiles_dir": project, "target_path": scratch, "log_path": scratch}
        unset = dict.fromkeys(("profile", "target", "threads"))
        args = Namespace(**places, **unset, vars={}, which="compile", version_check=False)
        set_from_args(args, None)
        config = RuntimeConfig.from_args(args)
        reset_adapters()
        register_adapter(config, get_mp_context())
        get_adapter(config).set_macro_resolver(self.manifest)
        compiler = Compiler(config)
        return {
            name: compiler.compile_node(self.models[name], self.manifest, write=False).compiled_code for name in names
        }


def _rows(con, table: str) -> tuple:
    """How many rows a table has, the sum of their hashes, and the columns: the same for the same rows in any order."""
    columns = tuple(row[:2] for row in con.execute(f"describe {table}").fetchall())
    return *con.execute(f"select count(*), sum(hash(t)) from {table} as t").fetchone(), columns
