"""docker-compose.yml and Dockerfile read the way Docker reads them, as far as these files go."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(:?[-?+])?(.*)", re.DOTALL)


class Missing(Exception):
    """A required variable is not there; the message is the one the file gives."""


def compose(environment: dict[str, str]) -> dict:
    """docker-compose.yml with anchors, merges and variables resolved."""
    return substituted(raw_compose(), environment)


def raw_compose() -> dict:
    return yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8"))


def substituted(node, environment: dict[str, str]):
    """Every string value (never a key) with its variables replaced."""
    if isinstance(node, dict):
        return {key: substituted(value, environment) for key, value in node.items()}
    if isinstance(node, list):
        return [substituted(value, environment) for value in node]
    return substitute(node, environment) if isinstance(node, str) else node


def substitute(text: str, environment: dict[str, str]) -> str:
    """Compose's interpolation: $$, $NAME, ${NAME}, and :- - :? ? :+ + inside braces, nested ones too."""
    done, rest = "", text
    while "$" in rest:
        before, _, rest = rest.partition("$")
        done += before
        if rest.startswith("$"):
            done, rest = done + "$", rest[1:]
        elif rest.startswith("{"):
            end = _closing_brace(rest)
            done, rest = done + _braced(rest[1:end], environment), rest[end + 1 :]
        else:
            name = re.match(r"[A-Za-z_][A-Za-z0-9_]*", rest)
            if not name:
                raise ValueError(f"invalid interpolation in {text!r}: write $$ for a dollar sign")
            done, rest = done + environment.get(name[0], ""), rest[name.end() :]
    return done + rest


def _closing_brace(text: str) -> int:
    depth = 0
    for position, character in enumerate(text):
        depth += (text[position - 1 : position + 1] == "${" or position == 0) - (character == "}")
        if depth == 0:
            return position
    raise ValueError(f"no closing brace in ${text!r}")


def _braced(inside: str, environment: dict[str, str]) -> str:
    name, operator, word = VARIABLE.fullmatch(inside).groups()
    value = environment.get(name)
    there = bool(value) if operator and operator.startswith(":") else value is not None
    kind = (operator or "")[-1:]
    if kind == "?" and not there:
        raise Missing(substitute(word, environment) or name)
    if kind == "-" and not there:
        return substitute(word, environment)
    if kind == "+":
        return substitute(word, environment) if there else ""
    return value or ""


def variables(node) -> dict[str, set[str]]:
    """Name -> the operators it is used with ('' where plain), over all string values."""
    found: dict[str, set[str]] = {}
    for text in _strings(node):
        for name, operator in re.findall(r"(?<!\$)\$\{([A-Za-z_][A-Za-z0-9_]*)(:?[-?+])?", text):
            found.setdefault(name, set()).add(operator)
    return found


def _strings(node):
    if isinstance(node, str):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _strings(child)


def dockerfile() -> list[tuple[str, str]]:
    """(instruction, rest) of each line, continuations joined."""
    text = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    return [tuple(line.strip().split(None, 1)) for line in text.splitlines() if line.strip()]


def dockerfile_env() -> dict[str, str]:
    words = [word for name, rest in dockerfile() if name == "ENV" for word in shlex.split(rest)]
    return dict(word.split("=", 1) for word in words)


def dockerfile_copies() -> list[tuple[str, str]]:
    """(path in the checkout, path in the image) of each COPY."""
    return [tuple(rest.split()) for name, rest in dockerfile() if name == "COPY"]


def example_env() -> dict[str, str]:
    """.env.example's variables and what each is given there."""
    lines = (CHECKOUT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
