"""touch_credit beside the deals and touches that the gate read from the lake itself."""

from __future__ import annotations

import pandas as pd

from onefunnel.gate.channels import HAS_KIND
from onefunnel.gate.checks import as_text, beside
from onefunnel.gate.market import Market

MODELS = ("first", "last", "linear", "u_shaped", "w_shaped", "time_decay", "markov", "even_by_channel")
MODELS_OF = {"opportunity": MODELS, "won": (*MODELS, "full_path")}
OF_CREDITS = ("milestone_at", "deal_amount", "credit_amount", "credit_share", "touches", "named_touch")

# Whose a touch is: the lead's or contact's it names, else its mailbox's, else its visitor's, each if only one.
IDENTIFIED = f"""
    create or replace temp table judged_touch as
    with
    owners as (
        -- a lead and a contact may bear the same id: a person goes by its first lead, else by its first contact
        select a.entity, a.record_id, a.account_id,
            case when a.entity = 'lead' or l.record_id is not null then 'lead:' else 'contact:' end
            || coalesce(a.same_person_as, a.record_id) as person_id
        from metrics.account_records as a
        left join metrics.account_records as l on l.entity = 'lead' and l.record_id = a.same_person_as
        where a.entity in ('lead', 'contact')
    ),
    persons as (
        select person_id, min(account_id) as account_id
        from owners group by person_id having count(distinct account_id) = 1
    ),
    mailboxes as (
        select m.email, min(o.person_id) as person_id
        from told_mailbox as m join owners as o using (entity, record_id)
        group by m.email having count(distinct o.person_id) = 1
    ),
    named as (
        select t.*,
            coalesce(l.account_id, c.account_id, p.account_id) as named_account_id,
            coalesce(l.person_id, c.person_id, p.person_id) as person_id
        from told_touch as t
        left join owners as l on l.entity = 'lead' and l.record_id = t.lead_id
        left join owners as c on c.entity = 'contact' and c.record_id = t.contact_id
        left join mailboxes as m on m.email = t.email
        left join persons as p on p.person_id = m.person_id
    ),
    visitors as (
        select visitor, min(named_account_id) as account_id
        from named where visitor is not null and named_account_id is not null
        group by visitor having count(distinct named_account_id) = 1
    ),
    refusals as (
        select o.person_id, w.withdrawn_at, w.given_at
        from told_withdrawal as w join owners as o on o.entity = 'lead' and o.record_id = w.lead_id
    )
    select n.touch_id, n.happened_at, n.channel, n.campaign_id, n.{HAS_KIND},
        coalesce(n.named_account_id, v.account_id) as account_id,
        exists (
            select 1 from refusals as r
            where r.person_id = n.person_id and r.withdrawn_at <= n.happened_at
                and not coalesce(r.given_at > r.withdrawn_at and r.given_at <= n.happened_at, false)
        ) as is_refused
    from named as n left join visitors as v using (visitor)
"""
PATHS = f"""
    create or replace temp table judged_path as
    select m.deal_id, m.milestone, t.touch_id, t.happened_at, t.channel, t.campaign_id,
        row_number() over path as place, count(*) over (partition by m.deal_id, m.milestone) as touches
    from judged_milestone as m
    join metrics.deals as d using (deal_id)
    join judged_touch as t on t.account_id = d.account_id and t.{HAS_KIND} and not t.is_refused
        and t.happened_at <= m.came_at and t.happened_at > m.came_at - ?
    window path as (partition by m.deal_id, m.milestone order by t.happened_at, t.touch_id)
"""
CREDITED = """
    select
        c.deal_id || ' ' || c.milestone || ' ' || c.model as credit_id,
        case when min(c.milestone_at) = max(c.milestone_at) then min(c.milestone_at) end as milestone_at,
        case when min(c.deal_amount) = max(c.deal_amount) then cast(min(c.deal_amount) as varchar) end as deal_amount,
        cast(sum(c.credit_amount) as varchar) as credit_amount,
        cast(cast(sum(c.credit_share) as decimal(18, 9)) as varchar) as credit_share,
        case when c.model in ('first', 'last', 'linear') then count(c.touch_id) end as touches,
        case when c.model in ('first', 'last') then min(c.touch_id) end as named_touch
    from metrics.touch_credit as c
    group by c.deal_id, c.milestone, c.model
"""
# every touch of linear's credit (it leaves none out), or of any other model's
CREDITED_TOUCHES = """
    with
    credited as (
        select deal_id, milestone, touch_id, min(touched_at) as touched_at, min(epoch_us(milestone_at)) as came_at,
            string_agg(distinct channel, ', ' order by channel) as channel,
            string_agg(distinct campaign_id, ', ' order by campaign_id) as campaign_id,
            count(*) filter (model = 'linear') as times_published
        from metrics.touch_credit where touch_id is not null group by deal_id, milestone, touch_id
    )
    select
        deal_id || ' ' || milestone || ' ' || touch_id as path_id,
        epoch_us(c.touched_at) as touched_at, coalesce(p.happened_at, t.happened_at) as rejudged_touched_at,
        coalesce(c.channel, 'unknown') as channel, coalesce(p.channel, t.channel, 'unknown') as rejudged_channel,
        coalesce(c.campaign_id, 'none') as campaign_id,
        coalesce(p.campaign_id, t.campaign_id, 'none') as rejudged_campaign_id,
        coalesce(c.times_published, 0) as times_published,
        case
            when p.touch_id is not null then 'nothing'
            when t.touch_id is null then 'not in the lake'
            when t.happened_at > c.came_at then 'after the milestone'
            when t.happened_at <= c.came_at - $lookback then 'older than the lookback'
            when not t.{kind} then 'of no agreed kind'
            when t.is_refused then 'consent withdrawn'
            else 'of another account'
        end as against_it
    from credited as c
    full join judged_path as p using (deal_id, milestone, touch_id)
    left join judged_touch as t using (touch_id)
"""


def identify(con, market: Market, deals: pd.DataFrame) -> None:
    """judged_touch, judged_milestone and judged_path stand beside the candidate's tables."""
    for name, rows in {
        "told_touch": market.touches,
        "told_mailbox": market.mailboxes,
        "told_withdrawal": market.withdrawals,
        "milestones": milestones(deals),
    }.items():
        con.register(name, rows)
    con.execute(IDENTIFIED)
    con.execute("create or replace temp table judged_milestone as select deal_id, milestone, came_at from milestones")
    con.execute(PATHS, [market.lookback])


def milestones(deals: pd.DataFrame) -> pd.DataFrame:
    """One row per deal and milestone: deal_id, milestone, deal_amount, milestone_at, came_at (in microseconds)."""
    rows = []
    won_at = deals["closed_at"].where(deals["status"] == "won")
    for milestone, instants in {"opportunity": deals["opportunity_at"], "won": won_at}.items():
        came = deals.loc[instants.notna(), ["deal_id", "deal_amount"]].copy()
        came["milestone"], came["milestone_at"] = milestone, instants[instants.notna()]
        rows.append(came)
    found = pd.concat(rows, ignore_index=True)
    found["came_at"] = (found["milestone_at"] - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(microseconds=1)
    return found


def credits_frame(con, deals: pd.DataFrame) -> pd.DataFrame:
    """One row per deal, milestone and model of either side: OF_CREDITS and rejudged_; sums over the touches."""
    published = con.execute(CREDITED).df()
    paths = con.execute(
        """select deal_id, milestone, max(touches) as touches, min(touch_id) filter (place = 1) as first,
        min(touch_id) filter (place = touches) as last from judged_path group by all"""
    ).df()
    due = milestones(deals).merge(paths, "left", ["deal_id", "milestone"])
    due["touches"] = due["touches"].fillna(0).astype("Int64")
    judged = pd.concat([_of_model(due, model) for model in MODELS_OF["won"]], ignore_index=True)
    return beside(published, judged, "credit_id", OF_CREDITS)


def _of_model(due: pd.DataFrame, model: str) -> pd.DataFrame:
    """What the model has to give for every milestone that it speaks of."""
    due = due[due["milestone"].isin([milestone for milestone, models in MODELS_OF.items() if model in models])]
    nobody = pd.Series(pd.NA, index=due.index, dtype="Int64")
    touches = {"first": due["touches"].clip(upper=1), "last": due["touches"].clip(upper=1), "linear": due["touches"]}
    return pd.DataFrame(
        {
            "credit_id": due["deal_id"] + " " + due["milestone"] + " " + model,
            "milestone_at": due["milestone_at"],
            "deal_amount": due["deal_amount"],
            "credit_amount": due["deal_amount"],
            "credit_share": "1.000000000",
            "touches": touches.get(model, nobody),
            "named_touch": due[model] if model in ("first", "last") else None,
        }
    )


def paths_frame(con, market: Market) -> pd.DataFrame:
    """One row per deal, milestone and touch that is credited or ought to be; against_it says why it ought not."""
    sql = CREDITED_TOUCHES.replace("{kind}", HAS_KIND)
    frame = con.execute(sql, {"lookback": market.lookback}).df()
    for name in ("touched_at", "rejudged_touched_at"):
        frame[name] = as_text(pd.to_datetime(frame[name].astype("Int64"), unit="us", utc=True))
    return frame
