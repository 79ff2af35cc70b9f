"""The daily run: from exports to checked, published funnel tables."""

from __future__ import annotations

from datetime import timedelta

import pendulum
from airflow.sdk import Asset, dag, get_current_context, task

from onefunnel.tasks import guarded, tell_failure

DOCS = """
### What it delivers
Every morning at 06:00 (Asia/Kolkata) the tables of the shared funnel, rebuilt whole from all sources and the signed
agreement, checked, and published to `<home>/published/onefunnel.duckdb` (schema `metrics`) and as Parquet beside it.
Then what sales heard and marketing has not seen: `<home>/published/digests/<day>.md`, by e-mail and Slack where wanted.
The week's first forecast is kept as it was published, so that a later look at it cannot be a kinder one.

### When it fails
BI keeps yesterday's tables, byte for byte. The failed step's log ends with one line: the rule, the rows, what to do.
The failing rows are in `<home>/audit/<run>/` as CSV. Mend the export or the agreement and run again; nothing has to be
cleaned up. An error that is nobody's data (network, disk) is tried again twice by itself. If only a step after
"Publish to BI" failed, the tables are published: the next run brings PostgreSQL up to date and shows the objections,
the week's next one keeps its forecast.
"""
AFTER = {
    "publish_postgres": "Publish to PostgreSQL, where configured",
    "freeze_forecast": "Keep the forecast as published",
    "show_objections": "Show new objections to marketing",
}


@dag(
    dag_id="onefunnel_daily",
    dag_display_name="onefunnel: the shared funnel, daily",
    description="Exports in, one checked and published funnel out",
    doc_md=DOCS,
    schedule="0 6 * * *",
    start_date=pendulum.datetime(2026, 4, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5), "on_failure_callback": tell_failure},
    tags=["onefunnel"],
)
def onefunnel_daily():
    named = {"map_index_template": "{{ source_name }}"}

    @task(task_display_name="Start: which sources, judged as of when")
    def start():
        return guarded("start_run", get_current_context()["dag_run"].run_id)

    @task(task_display_name="Extract from each source", **named)
    def extract(run, source):
        get_current_context()["source_name"] = source
        return guarded("extract_source", run, source)

    @task(task_display_name="Check what landed", trigger_rule="all_success")
    def check_landed(run, extracted):
        return guarded("check_landed", run)

    @task(task_display_name="Read the signed agreement")
    def load_agreement(run, landed):
        return guarded("load_agreement", run)

    @task(task_display_name="Build the funnel tables")
    def build(run, agreement):
        return guarded("build_funnel", run)

    @task(task_display_name="Gate: judge again from the raw data")
    def gate(run, built):
        return guarded("check_candidate", run)

    @task(task_display_name="Publish to BI", outlets=[Asset(name="onefunnel_published")])
    def publish(run, landed, checked):
        return guarded("publish_tables", run, landed, checked)

    @task(task_display_name="List the sources")
    def source_names(run):
        return run["sources"]

    run = start()
    landed = check_landed(run, extract.partial(run=run).expand(source=source_names(run)))
    published = publish(run, landed, gate(run, build(run, load_agreement(run, landed))))
    for name, shown in AFTER.items():
        task(task_id=name, task_display_name=shown)(guarded)(name, run, published)


onefunnel_daily()
