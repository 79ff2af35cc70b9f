"""The raw cells of what counts, of whatever kind of source."""

from __future__ import annotations

from onefunnel import lake as raw
from onefunnel.judge.read import Lake

FATES = ("out", "after", "excluded")


def cells_of(
    lake: Lake, files: raw.Files, entity: str, names, zoho, born="created_at", fates=("out",), told="t.is_chosen",
    table: str | None = None,
) -> list[dict]:  # fmt: skip
    """The raw cells of the records that count at AS_OF, with their id, birth, version, row, zone and currency.

    zoho: our name -> the lake's; what it lacks, Zoho's exports do not tell. A custom field of
    sources.yml (our__<name>) goes before either. told and table: which versions, of which of the lake's tables.
    """
    table = table or entity
    found = []
    for source in sorted(files):
        if entity not in files[source]:
            continue
        kind = lake.con.execute(f"select max(_kind) from {table} where _source = ?", [source]).fetchone()[0]
        theirs = {name: zoho.get(name, f"our__{name}") if kind == "zoho_crm" else name for name in names}
        columns = dict.fromkeys(["_key", "_occurrence", "_version", *(f"our__{n}" for n in names), *theirs.values()])
        rows = lake.con.execute(
            f"""
            select t._ids_of || ':' || t._key as id, t._source, t._ids_of, t._kind, t._currency, t.{born} as born,
                t.version_at, t.version_no, t._loaded_at as loaded_at, t.updated_at,
                coalesce(t._occurrence, '1') as occurrence,
                try_cast(t._row as bigint) as row, coalesce(t._timezone, 'Asia/Kolkata') as zone,
                coalesce(t._day_first = 'true', false) as day_first,
                {", ".join(f"coalesce(r.our__{n}, r.{raw.quoted(theirs[n])}) as told_{n}" for n in names)}
            from {table} as t
            inner join ({raw.rows_of(lake.con, files[source][entity], list(columns))}) as r
                on t._key = r._key and t.version_no = coalesce(try_cast(r._version as bigint), 1)
                and coalesce(t._occurrence, '1') = coalesce(r._occurrence, '1')
            where t._source = ? and {told} and list_contains(?, t.fate)
            """,
            [source, list(fates)],
        )
        heads = [column[0].removeprefix("told_") for column in rows.description]
        found += [dict(zip(heads, row, strict=True)) for row in rows.fetchall()]
    return found
