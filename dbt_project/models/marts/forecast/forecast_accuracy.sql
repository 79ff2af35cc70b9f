-- How far off each method was, by horizon and week of the quarter, beside the best of the methods that anyone could use instead.
select
    method,
    horizon,
    week as quarter_week,
    origins,
    quarters,
    wape,
    bias,
    coverage_80,
    width,
    interval_origins,
    inside as inside_origins,
    {{ from_paisa('actual_paisa') }} as actual_amount,
    {{ from_paisa('error_paisa') }} as error_amount,
    {{ from_paisa('absolute_error_paisa') }} as absolute_error_amount,
    best_naive as best_naive_method,
    naive_wape as best_naive_wape,
    ratio_to_naive,
    is_best,
    status
from {{ source('forecast', 'accuracy') }}
