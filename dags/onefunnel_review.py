"""The weekly review: its pages after every publication, and on Monday morning to those who want it sent."""

from __future__ import annotations

from datetime import timedelta

import pendulum
from airflow.sdk import Asset, AssetOrTimeSchedule, CronTriggerTimetable, dag, task

from onefunnel.tasks import guarded, tell_failure

DOCS = """
### What it delivers
After every publication, and every Monday at 07:00 (Asia/Kolkata), the pages of `<home>/review/`: the weekly revenue
review (`latest.html`, and each week's under its Monday), leadership's forecast report and the index with agreement,
lists, dictionary and data quality. They show what is published and nothing else, and open without a network.
A week's own page never changes once it was written; a later correction is a note on the newest page.
Then the week's review goes out by e-mail and Slack where sources.yml wants it: once a week to each addressee, on
Monday from 07:00 on; after that with the next publication.

### When it fails
What is published stays published. A page that cannot be made stays as it was; the failed step's log names it and why.
`nothing_published`: run onefunnel_daily first. A message that was not accepted is tried again twice, and by the next
run; who has it already does not get it again. By hand: `make review`.
"""


@dag(
    dag_id="onefunnel_review",
    dag_display_name="onefunnel: the weekly revenue review",
    description="The pages of what is published, and the week's review to those who want it",
    doc_md=DOCS,
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("0 7 * * 1", timezone="Asia/Kolkata"),
        assets=[Asset(name="onefunnel_published")],
    ),
    start_date=pendulum.datetime(2026, 4, 1, tz="Asia/Kolkata"),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5), "on_failure_callback": tell_failure},
    tags=["onefunnel"],
)
def onefunnel_review():
    @task(task_display_name="Write the pages")
    def write_pages():
        return guarded("write_pages")

    @task(task_display_name="Send the week's review")
    def deliver_review(written):
        return guarded("deliver_review")

    deliver_review(write_pages())


onefunnel_review()
