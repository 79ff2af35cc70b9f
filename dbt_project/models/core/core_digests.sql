-- What a source's digest showed of a call or a lost deal it names `activity:` or `deal:` and its own id, as objections name
-- them; ids there have the source's prefix after that word.
with

digests as (
    {{ core_rows('digests') }}
)

select
    source_name, ids_of, source_entity, source_file, source_row, source_key, version_number, is_later_version,
    record_url_template,
    case
        {% for word in ['activity:', 'deal:'] -%}
        when substr(objection_id, length(ids_of) + 2, {{ word | length }}) = '{{ word }}'
            then '{{ word }}' || ids_of || ':' || substr(objection_id, length(ids_of) + {{ 2 + word | length }})
        {% endfor -%}
        else objection_id
    end as objection_id,
    shown_at
from digests
