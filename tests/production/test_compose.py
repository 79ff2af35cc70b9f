"""What docker-compose.yml promises before anything is started: secrets, loopback, least privilege."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
import yaml
from compose_rules import (
    CHECKOUT,
    Missing,
    compose,
    dockerfile,
    dockerfile_copies,
    dockerfile_env,
    example_env,
    raw_compose,
    substitute,
    variables,
)

SECRETS = {
    "POSTGRES_PASSWORD",
    "AIRFLOW_FERNET_KEY",
    "AIRFLOW_API_SECRET_KEY",
    "AIRFLOW_JWT_SECRET",
    "ONEFUNNEL_ADMIN_PASSWORD",
}
REQUIRED = SECRETS | {"ONEFUNNEL_EXPORTS"}
GIVEN = {name: f"given-{name.lower()}" for name in REQUIRED}
AIRFLOW = ["migrate", "api-server", "scheduler", "dag-processor", "triggerer"]
LONG_LIVED = ["postgres", *AIRFLOW[1:], "pages"]


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("$A ${A} $$A $${A}", "a a $A ${A}"),
        ("${EMPTY:-d} ${EMPTY-d} ${NO:-d} ${NO-d} ${A:-d}", "d  d d a"),
        ("${NO:-x${A}y}${NO}", "xay"),
        ("${A:+b}${EMPTY:+b}${EMPTY+c} ${A:?told}", "bc a"),
    ],
)
def test_variables_are_substituted_by_compose_rules(text, becomes):
    assert substitute(text, {"A": "a", "EMPTY": ""}) == becomes


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_a_missing_or_empty_secret_stops_with_its_name(name, value):
    given = {key: told for key, told in GIVEN.items() if key != name} | ({} if value is None else {name: value})
    with pytest.raises(Missing, match=rf"^{name} is missing: "):
        compose(given)


def test_what_is_required_is_enough():
    assert set(compose(GIVEN)["services"]) == {*LONG_LIVED, "migrate"}


def test_no_secret_has_a_default():
    used = variables(raw_compose())
    assert {name for name, operators in used.items() if operators == {":?"}} == REQUIRED
    assert {name for name in used if re.search("PASSWORD|SECRET|KEY|TOKEN", name)} == SECRETS


def test_every_secret_in_a_service_comes_from_a_required_variable():
    for name, service in raw_compose()["services"].items():
        for key, value in service["environment"].items():
            if re.search("PASSWORD(?!S_FILE)|SECRET|_KEY$|TOKEN|SQL_ALCHEMY_CONN", key):
                assert re.search(r"\$\{\w+:\?", value), f"{name}: {key} is not required"


def test_each_secret_is_given_only_to_the_services_that_need_it():
    holders = {secret: set() for secret in SECRETS}
    for name, service in raw_compose()["services"].items():
        for variable in variables(service).keys() & SECRETS:
            holders[variable].add(name)
    assert holders == {
        "POSTGRES_PASSWORD": {"postgres", *AIRFLOW},
        "AIRFLOW_FERNET_KEY": set(AIRFLOW),
        "AIRFLOW_API_SECRET_KEY": {"api-server"},
        "AIRFLOW_JWT_SECRET": {"api-server", "scheduler"},
        "ONEFUNNEL_ADMIN_PASSWORD": {"api-server"},
    }


def test_env_example_names_every_variable_and_gives_none():
    assert set(example_env()) == set(variables(raw_compose()))
    assert not any(example_env().values())


def test_nothing_is_published_beyond_loopback_unless_configured():
    services = compose(GIVEN)["services"]
    assert {name: service["ports"] for name, service in services.items() if "ports" in service} == {
        "api-server": ["127.0.0.1:8080:8080"],
        "pages": ["127.0.0.1:8081:8081"],
    }
    assert not any("network_mode" in service for service in services.values())
    opened = compose(GIVEN | {"ONEFUNNEL_BIND": "10.0.0.5", "ONEFUNNEL_PORT": "9000"})
    assert opened["services"]["api-server"]["ports"] == ["10.0.0.5:9000:8080"]
    assert opened["services"]["pages"]["ports"] == ["127.0.0.1:8081:8081"], "pages without a login open by themselves"
    opened = compose(GIVEN | {"ONEFUNNEL_PAGES_BIND": "10.0.0.5", "ONEFUNNEL_PAGES_PORT": "9001"})
    assert opened["services"]["pages"]["ports"] == ["10.0.0.5:9001:8081"]


def test_the_database_is_on_a_network_without_a_way_out():
    read = compose(GIVEN)
    assert read["services"]["postgres"]["networks"] == ["metadata"]
    assert read["networks"]["metadata"] == {"internal": True}


def test_every_long_lived_service_restarts_and_is_watched():
    services = compose(GIVEN)["services"]
    for name in LONG_LIVED:
        assert services[name]["restart"] == "unless-stopped", name
        assert services[name]["healthcheck"]["test"][0] == "CMD", name
    assert services["migrate"]["restart"] == "no"


def test_services_start_after_what_they_need():
    services = compose(GIVEN)["services"]
    for name in AIRFLOW[1:]:
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}, name
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert services["scheduler"]["depends_on"]["api-server"] == {"condition": "service_healthy"}


def test_services_run_with_least_privilege():
    for name, service in compose(GIVEN)["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not {"privileged", "cap_add", "devices", "pid"} & set(service), name
        assert service["user"] == "postgres" if name == "postgres" else service["read_only"], name


def test_home_is_a_volume_and_what_is_given_is_read_only():
    services = compose(GIVEN | {"ONEFUNNEL_EXPORTS": "/srv/exports"})["services"]
    assert "home:/onefunnel/home" in services["scheduler"]["volumes"]
    bound = [volume for volume in services["scheduler"]["volumes"] if isinstance(volume, dict)]
    assert [(b["source"], b["target"], b["read_only"]) for b in bound] == [
        ("/srv/exports", "/onefunnel/exports", True),
        ("./agreement", "/onefunnel/agreement", True),
    ]


@pytest.mark.parametrize(("home", "review"), [("", "review"), ("/srv/home", "/srv/home/review")])
def test_the_pages_see_the_reviews_folder_alone_and_only_read_it(home, review):
    services = compose(GIVEN | {"ONEFUNNEL_HOME": home})["services"]
    assert services["pages"]["volumes"] == [f"{review}:/onefunnel/home/review:ro"]
    assert f"{review}:/onefunnel/home/review" in services["scheduler"]["volumes"], "what is written is what is shown"
    assert services["pages"]["environment"] == {"ONEFUNNEL_HOME": "/onefunnel/home"}, "a reader's service has no secret"
    assert services["pages"]["networks"] == ["pages"], "it has nothing to ask of the other services"
    assert not [name for name, other in services.items() if name != "pages" and "pages" in other.get("networks", [])]
    assert "review" in raw_compose()["volumes"]


def test_airflow_knows_every_setting_the_file_makes():
    template = Path(importlib.util.find_spec("airflow").origin).parent / "config_templates/config.yml"
    known = yaml.safe_load(template.read_text(encoding="utf-8"))
    for name, service in compose(GIVEN)["services"].items():
        for key in service["environment"]:
            if key.startswith("AIRFLOW__"):
                _, section, option = key.lower().split("__")
                assert option in known[section]["options"], f"{name}: Airflow has no {key}"


def test_the_image_is_pinned_hashed_and_not_root():
    steps = dockerfile()
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", dict(steps)["FROM"])
    assert [rest for name, rest in steps if name == "USER"] == ["onefunnel"]
    installs = [rest for name, rest in steps if name == "RUN" and "pip install" in rest]
    assert installs and all("--require-hashes" in rest for rest in installs)
    assert not re.search("PASSWORD|SECRET|KEY|TOKEN", " ".join(dockerfile_env()))
    images = {service["image"] for service in compose(GIVEN)["services"].values()}
    assert not any(image.endswith(":latest") or ":" not in image for image in images)


def test_what_the_image_copies_exists_and_nothing_else_reaches_the_build():
    lines = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = [line[1:] for line in lines if line.startswith("!")]
    assert sorted(allowed) == sorted(source for source, _ in dockerfile_copies())
    for source, _ in dockerfile_copies():
        assert (CHECKOUT / source).exists(), source
