"""Intent, counted in DuckDB: agreed touches of a lead, joined on the lead and the range of time."""

import pyarrow as pa

from onefunnel.judge.read import Lake
from onefunnel.judge.rules import Agreement

Point = tuple[str, int, int]  # lead_id, version, instant

_NORMAL = "lower(trim(regexp_replace(last_name, '\\s+', ' ', 'g')))"  # as words are compared

TOUCH = """
    create table touch as
    with
    fresh as (
        select _ids_of, _kind, lead_id, lower(trim(email)) as email, {name} as last_name,
            kind, happened_at
        from touches where is_chosen and fate = 'out' and kind in (select kind from behaviour)
    ),
    -- the first lead with an e-mail owns its touches until a second one with it appears
    by_email as (
        select _ids_of, lower(trim(email)) as email, lead_id,
            lead(created_at) over same_email as second_created_at
        from lead where email is not null
        window same_email as (partition by _ids_of, lower(trim(email)) order by created_at, lead_id)
        qualify row_number() over same_email = 1
    ),
    by_name as (
        select _ids_of, {name} as last_name, min(lead_id) as lead_id
        from lead where last_name is not null group by all having count(*) = 1
    )
    select l.lead_id, t.kind, t.happened_at
    from fresh t join lead l on l._ids_of = t._ids_of and l._key = t.lead_id
    union all
    select m.lead_id, t.kind, t.happened_at
    from fresh t join by_email m on m._ids_of = t._ids_of and m.email = t.email
        and (m.second_created_at is null or t.happened_at < m.second_created_at)
    where t.lead_id is null
    union all
    select m.lead_id, t.kind, t.happened_at
    from fresh t join by_name m on m._ids_of = t._ids_of and m.last_name = t.last_name
    where t.lead_id is null and t.email is null and t._kind = 'zoho_crm'
"""

HELD = """
    select distinct lead_id, version, instant from (
        select p.lead_id, p.version, p.instant
        from point p
        join behaviour b on b.version = p.version
        join touch t on t.lead_id = p.lead_id and t.kind = b.kind
            and t.happened_at > p.instant - b.back and t.happened_at <= p.instant
        group by p.lead_id, p.version, p.instant, b.number, b.minimum
        having count(*) >= b.minimum
    )
"""

# The window's own start, and every agreed touch inside it: intent begins nowhere else.
STARTS = """
    create or replace temp table point as
    select lead_id, version, begins_at as instant from span
    union
    select s.lead_id, s.version, t.happened_at
    from span s
    join behaviour b on b.version = s.version
    join touch t on t.lead_id = s.lead_id and t.kind = b.kind
        and t.happened_at > s.begins_at and t.happened_at < s.ends_at
"""


def read_touches(lake: Lake, agreement: Agreement) -> None:
    """The table `touch` holds every touch of an agreed kind that belongs to one lead."""
    rules = [
        (version.number, place, *rule)
        for version in agreement.versions
        for place, rule in enumerate(version.behaviours)
    ]
    _table(lake, "behaviour", ("version", "number", "kind", "minimum", "back"), rules)
    lake.con.execute(TOUCH.format(name=_NORMAL))


def intent_at(lake: Lake, points: list[Point]) -> set[Point]:
    """Those of the points at which an agreed behaviour stands, by the version of the point."""
    _table(lake, "point", ("lead_id", "version", "instant"), points)
    return set(lake.con.execute(HELD).fetchall())


def first_intent(lake: Lake, spans: list[tuple[str, int, int, int]]) -> dict[str, int]:
    """Per lead the first instant in its spans (version, from, up to but not with) with intent."""
    _table(lake, "span", ("lead_id", "version", "begins_at", "ends_at"), spans)
    lake.con.execute(STARTS)
    found = lake.con.execute(f"select lead_id, min(instant) from ({HELD}) group by lead_id")
    return dict(found.fetchall())


def _table(lake: Lake, name: str, columns: tuple[str, ...], rows: list[tuple]) -> None:
    text = {"lead_id", "kind"}
    types = [pa.string() if column in text else pa.int64() for column in columns]
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [pa.array(cell, kind) for cell, kind in zip(cells, types, strict=True)]
    lake.con.register("rows", pa.table(arrays, names=list(columns)))
    lake.con.execute(f"create or replace temp table {name} as select * from rows")
    lake.con.unregister("rows")
