"""The PDF: printed by a real Chromium, whole or not at all, and a clear word where there is none."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from onefunnel import pdf as pdfs
from onefunnel.errors import Stop
from onefunnel.pdf import print_page

PAGE = "<!doctype html><title>t</title><img src='http://127.0.0.1:{port}/x'><p>₹12,34,567 crore"


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page of a week.html"
    path.write_text(PAGE.replace("{port}", "9"), encoding="utf-8")
    return path


def program(folder, script: str):
    """A Chromium that does what the script says."""
    path = folder / "chromium"
    path.write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_page_is_printed_with_its_letters_and_without_asking_anybody(tmp_path, page, monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_ONEFUNNEL_SLACK", "secret")
    before = set(os.listdir("/tmp"))
    print_page(page, tmp_path / "page.pdf")
    text = subprocess.run(["pdftotext", tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "₹12,34,567 crore" in text
    assert not [name for name in set(os.listdir("/tmp")) - before if name.startswith("onefunnel-pdf-")]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_no_chromium_says_what_to_install(page, tmp_path, monkeypatch):
    monkeypatch.delenv(pdfs.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Stop, match="apt-get install chromium"):
        print_page(page, tmp_path / "page.pdf")
    monkeypatch.setenv(pdfs.VARIABLE, str(tmp_path / "away"))
    with pytest.raises(Stop, match=f"{pdfs.VARIABLE} names"):
        print_page(page, tmp_path / "page.pdf")


def test_a_chromium_that_hangs_is_ended_with_its_children_and_the_old_pdf_stays(page, tmp_path, monkeypatch):
    children = tmp_path / "children"
    monkeypatch.setenv(pdfs.VARIABLE, program(tmp_path, f"sleep 300 & echo $! > {children}; wait"))
    (tmp_path / "page.pdf").write_text("old")
    with pytest.raises(Stop, match=r"0\.5 seconds"):
        print_page(page, tmp_path / "page.pdf", timeout=0.5)
    assert (tmp_path / "page.pdf").read_text() == "old"
    child = int(children.read_text())
    for _ in range(50):
        state = Path(f"/proc/{child}/stat")
        if not state.exists() or state.read_text().split()[2] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("the child still runs")


def test_a_chromium_that_breaks_off_leaves_no_half_pdf_and_knows_no_secret(page, tmp_path, monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_ONEFUNNEL_SLACK", "secret")
    told = 'for a in "$@"; do case $a in --print-to-pdf=*) printf %%PDF-1.7 > "${a#*=}";; esac; done; echo broke >&2'
    monkeypatch.setenv(pdfs.VARIABLE, program(tmp_path, f"env > {tmp_path}/env; {told}"))
    with pytest.raises(Stop, match="broke"):
        print_page(page, tmp_path / "page.pdf")
    assert not (tmp_path / "page.pdf").exists() and "secret" not in (tmp_path / "env").read_text()


@pytest.mark.parametrize(("user", "first"), [(1000, "with"), (0, "without")])
def test_the_sandbox_is_given_up_only_by_root_or_where_there_is_none(page, tmp_path, monkeypatch, user, first):
    monkeypatch.setattr(os, "geteuid", lambda: user)
    script = f"""case " $* " in *" --no-sandbox "*) echo without >> {tmp_path}/how;; *) echo with >> {tmp_path}/how
    echo 'No usable sandbox!' >&2; exit 1;; esac
    for a in "$@"; do case $a in --print-to-pdf=*) printf '%%PDF-1.7\\n%%%%EOF' > "${{a#*=}}";; esac; done"""
    monkeypatch.setenv(pdfs.VARIABLE, program(tmp_path, script))
    print_page(page, tmp_path / "page.pdf")
    assert (tmp_path / "how").read_text().split() == (["with", "without"] if first == "with" else ["without"])
