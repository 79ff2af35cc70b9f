-- Whose figures an employee's are: the team and, within it, the manager whose people they are.
with

users as (
    select * from {{ ref('core_users') }}
),

managers as (
    select distinct m.user_id
    from users as m
    inner join users as u on m.user_id = u.manager_id and m.team = u.team
)

select
    u.user_id,
    u.team || coalesce(
        ': ' || case when m.user_id is not null then m.name when g.user_id is not null then u.name end, ''
    ) as owner_team
from users as u
left join users as m on u.manager_id = m.user_id and u.team = m.team
left join managers as g on u.user_id = g.user_id
