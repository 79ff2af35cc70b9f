"""What every table is made from, as dbt and the steps between its builds know it, kept beside the run."""

from __future__ import annotations

import json

from onefunnel.home import Home, write_whole

FILE = "lineage.json"


def keep_lineage(home: Home, run_id: str) -> int:
    """<home>/runs/<run_id>/lineage.json: name -> names it is read from; returns how many names it knows.

    A model goes by its name, what it reads from outside dbt by schema.table (lake.crm__leads, agreement.roles,
    run.context, forecast.errors). A table that Python writes between two builds is made from the models it reads.
    """
    path = home.root / "warehouse" / "dbt" / "manifest.json"
    if not path.exists():  # dbt was told to write no files (DBT_WRITE_JSON); the tables are as good without
        return 0
    manifest = json.loads(path.read_text(encoding="utf-8"))
    write_whole(home.run_dir(run_id) / FILE, json.dumps(lineage := parents_of(manifest), indent=0))
    return len(lineage)


def kept_lineage(home: Home, run_id: str) -> dict[str, list[str]]:
    """name -> names it is read from; empty where the run kept none."""
    path = home.run_dir(run_id) / FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def parents_of(manifest: dict) -> dict[str, list[str]]:
    """name -> names it is read from, of dbt's manifest as JSON."""
    from onefunnel.warehouse import BETWEEN

    models = {key: node["name"] for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    sources = {key: f"{node['schema']}.{node['identifier']}" for key, node in manifest["sources"].items()}
    names = models | sources
    found = {
        name: sorted(names[key] for key in manifest["nodes"][model]["depends_on"]["nodes"] if key in names)
        for model, name in models.items()
    }
    written = {schema: sorted(read) for read, _, schema in BETWEEN}
    for name in sources.values():
        found[name] = written.get(name.split(".")[0], [])
    return dict(sorted(found.items()))


def below(lineage: dict[str, list[str]], name: str) -> set[str]:
    """Everything that the table is made from, directly or not."""
    seen: set[str] = set()
    ahead = list(lineage.get(name, []))
    while ahead:
        one = ahead.pop()
        if one not in seen:
            seen.add(one)
            ahead += lineage.get(one, [])
    return seen
