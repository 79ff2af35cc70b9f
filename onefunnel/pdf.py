"""A page as PDF, printed by headless Chromium in a process and a profile of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from onefunnel.errors import Stop

NAMES = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome-stable", "google-chrome")
VARIABLE = "ONEFUNNEL_CHROMIUM"
TIMEOUT_SECONDS = 90
# the page needs nothing but itself, and nothing that it names is asked for
OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # a container's /dev/shm is small
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-breakpad",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
)
# Chromium's words where the machine lets nobody but root put a process away; a page without script may do without
NO_SANDBOX = "sandbox"


def print_page(page: Path, pdf: Path, timeout: float = TIMEOUT_SECONDS) -> None:
    """pdf holds the page as its own style sheet prints it, or what it held before; Stop where Chromium cannot."""
    program = _program()
    with tempfile.TemporaryDirectory(prefix="onefunnel-pdf-") as folder:
        made = Path(folder) / "page.pdf"
        options = [*OPTIONS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={made}"]
        said = ""
        if os.geteuid() != 0:
            said = _run([program, *options, page.resolve().as_uri()], folder, timeout)
        if not _whole(made) and (os.geteuid() == 0 or NO_SANDBOX in said.lower()):
            said = _run([program, "--no-sandbox", *options, page.resolve().as_uri()], folder, timeout)
        if not _whole(made):
            last = (said.strip().splitlines() or ["no word"])[-1][:200]
            raise Stop("pdf", f"Chromium made no PDF of {page.name}: {last}", f"try it by hand: {program} {page}")
        # the folder may be on another file system
        part = pdf.with_name(f".{pdf.name}.{os.getpid()}")
        shutil.copyfile(made, part)
        os.replace(part, pdf)


def _program() -> str:
    named = os.environ.get(VARIABLE)
    for name in [named] if named else NAMES:
        if found := shutil.which(name):
            return found
    raise Stop(
        "pdf",
        f"{VARIABLE} names {named}, which is no program" if named else "there is no Chromium to print the page with",
        f"install it (Debian: apt-get install chromium fonts-noto-core), or name it in {VARIABLE}",
    )


def _run(command: list[str], folder: str, timeout: float) -> str:
    """What the program said; Stop where it took too long. It and all its children are gone afterwards."""
    # no secret of a connection is handed on
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        return process.communicate(timeout=timeout)[1]
    except subprocess.TimeoutExpired:
        raise Stop(
            "pdf",
            f"Chromium had not printed the page after {timeout:g} seconds",
            "look for what keeps the machine busy",
        ) from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _whole(pdf: Path) -> bool:
    return pdf.exists() and pdf.stat().st_size > 0 and b"%%EOF" in pdf.read_bytes()[-1024:]
