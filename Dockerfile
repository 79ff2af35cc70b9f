# The one image of every Airflow service in docker-compose.yml. It holds no secret; health checks are in the compose file.
FROM python:3.11-slim-bookworm

# home: lake, warehouse, published; review: the pages, a volume of its own. scratch: working files of a load, what DuckDB spills. airflow: AIRFLOW_HOME.
RUN useradd --uid 50000 --user-group --no-create-home --home-dir /onefunnel/airflow --shell /usr/sbin/nologin onefunnel \
    && mkdir -p /onefunnel/app /onefunnel/exports /onefunnel/agreement \
    && install -d -m 0750 -o onefunnel -g onefunnel \
       /onefunnel/home /onefunnel/home/review /onefunnel/logs /onefunnel/scratch /onefunnel/airflow

# what prints the weekly review as PDF, with letters for India's scripts: 175 MB to fetch, 570 MB unpacked
RUN apt-get update \
    && apt-get install --yes --no-install-recommends chromium-headless-shell fonts-noto-core \
    && rm -rf /var/lib/apt/lists/*

COPY requirements.lock /onefunnel/app/requirements.lock
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
    -r /onefunnel/app/requirements.lock

COPY onefunnel/ /onefunnel/app/onefunnel/
COPY dags/ /onefunnel/app/dags/
COPY dbt_project/ /onefunnel/app/dbt_project/
COPY expectations/ /onefunnel/app/expectations/
COPY agreement/ /onefunnel/app/agreement/
COPY examples/ /onefunnel/app/examples/

ENV PYTHONPATH=/onefunnel/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    AIRFLOW_HOME=/onefunnel/airflow

USER onefunnel
WORKDIR /onefunnel/scratch
CMD ["airflow", "version"]
