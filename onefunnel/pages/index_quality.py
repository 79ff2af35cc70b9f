"""The data's quality on one page: what the checks found, what became of every row, what is wrong in the sources."""

from __future__ import annotations

from pathlib import Path

from onefunnel.gate.noted import noted_checks
from onefunnel.home import Home
from onefunnel.pages.index_run import newest_stop
from onefunnel.pages.published import Published, opened
from onefunnel.pages.write import write_page

FAULTS = """
select source_name, entity, fault, action, count(*) as faults
from metrics.data_faults
group by source_name, entity, fault, action
order by action, faults desc, source_name, entity, fault
"""
ROWS = "select * from metrics.source_rows order by source_name, delivered_as, entity"
FRESHNESS = "select * from metrics.source_freshness order by source_name, entity"


def write(home: Home, run_id: str, published: Published) -> list[Path]:
    """quality.html of what is published, with what stopped a run since then at its top."""
    published_run = published.facts["run_id"]
    checks = sorted(noted_checks(home, published_run), key=lambda check: (-check["failed"], check["rule"]))
    sources = rows_by_source(published.rows(ROWS))
    return [
        write_page(
            home,
            "quality.html",
            "index_quality.html",
            published,
            facts=published.facts,
            zone=published.zone,
            stop=newest_stop(home, published_run),
            warned=[_with_file(home, published_run, check) for check in checks if not check["passed"]],
            suites=passed_by_suite(checks),
            passed=sum(check["passed"] for check in checks),
            faults=published.rows(FAULTS),
            sources=sources,
            freshness=published.rows(FRESHNESS) if published_has(published, "source_freshness") else None,
        )
    ]


def show_failure(home: Home) -> None:
    """The pages that say how the newest run went say that it stopped; Stop where nothing was published before."""
    from onefunnel.pages import index

    with opened(home) as published:
        write(home, published.facts["run_id"], published)
        index.write(home, published.facts["run_id"], published)


def published_has(published: Published, table: str) -> bool:
    """Whether the published version has this table: an older one may not."""
    sql = "select 1 from duckdb_tables() where schema_name = 'metrics' and table_name = ?"
    return bool(published.rows(sql, [table]))


def rows_by_source(rows: list[dict]) -> list[dict]:
    """Per source its rows and their sums; adds_up tells whether every delivered row is accounted for."""
    counted = ("rows_in", "rows_excluded", "rows_after_as_of", "rows_out")
    found: dict[str, dict] = {}
    for row in rows:
        source = found.setdefault(
            row["source_name"], {"name": row["source_name"], "rows": []} | dict.fromkeys(counted, 0)
        )
        source["rows"].append(row | {"adds_up": _adds_up(row)})
        for name in counted:
            source[name] += row[name] or 0
    for source in found.values():
        source["adds_up"] = all(row["adds_up"] for row in source["rows"])
    return list(found.values())


def passed_by_suite(checks: list[dict]) -> dict[str, list[dict]]:
    """Suite -> the checks of it that passed, by name."""
    found: dict[str, list[dict]] = {}
    for check in sorted(checks, key=lambda check: (check["suite"], check["rule"])):
        if check["passed"]:
            found.setdefault(check["suite"], []).append(check)
    return found


def _adds_up(row: dict) -> bool:
    return row["rows_in"] == row["rows_excluded"] + row["rows_after_as_of"] + row["rows_out"]


def _with_file(home: Home, run_id: str, check: dict) -> dict:
    path = home.audit_dir(run_id) / f"{check['rule']}.csv"
    return check | {"file": str(path.relative_to(home.root)) if path.exists() else None}
