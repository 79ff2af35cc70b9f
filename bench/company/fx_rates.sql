select date '2023-04-01' + n::int as rate_on, 'USD' as currency, 83.5::decimal(28, 6) as rate from range(1095) as r(n)
