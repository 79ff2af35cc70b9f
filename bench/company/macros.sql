-- What every entity is drawn with. {seed}, {leads}, {touches} and {as_of} are filled in by bench/generate.py.
create temp macro drawn(i, what) as hash(xor(hash(i), hash(what || '{seed}')));
create temp macro u(i, what) as (drawn(i, what) % 1000000) / 1000000.0;
create temp macro pick(i, what, words) as words[1 + (drawn(i, what) % len(words))::int];
create temp macro shares(x, bounds, words) as words[1 + len(list_filter(bounds, lambda b: b <= x))];
create temp macro days(d) as (d * 86400000000)::bigint;
create temp macro as_of_us() as epoch_us(timestamptz '{as_of}');
create temp macro instant_of(us) as make_timestamptz(us);
-- what would lie after AS_OF lies as long before it
create temp macro by_now(us) as instant_of(as_of_us() - abs(as_of_us() - us));
create temp macro lead_us(l) as epoch_us(timestamptz '2023-04-01') + (drawn(l, 'created') % 94600000)::bigint * 1000000;
create temp macro account_of(l) as (drawn(l, 'account') % ({leads} * 9 // 10))::bigint;
create temp macro has_company(a) as drawn(a, 'company') % 10 < 4;
create temp macro account_id(a) as case when has_company(a) then 'crm:C' else 'lead:crm:L' end || (100000 + a);
create temp macro lead_id(l) as 'crm:L' || (100000 + l);
create temp macro deal_id(d) as 'crm:D' || (20000 + d);
-- one lead record in eight of an account may be the same person's as another
create temp macro person_of(l) as account_of(l) * 8 + (drawn(l, 'person') % 8)::bigint;
create temp macro email_of(l) as 'person' || person_of(l) || '@example.com';
create temp macro lead_of_deal(d) as (drawn(d, 'lead') % {leads})::bigint;
create temp macro deal_us(d) as lead_us(lead_of_deal(d)) + days(5 + 90 * u(d, 'created'));
create temp macro closed_us(d) as deal_us(d) + days(20 + 180 * u(d, 'closed'));
create temp macro outcome(d) as shares(u(d, 'won'), [0.3], ['Closed Won', 'Closed Lost']);
