"""Pages of the rules for readers: docs/rules, one a rule and a list, made from the rule files.

`python -m quality_checks.rule_pages` writes them; a test fails where they differ from the files. Belongs here: how a rule
is laid out in Markdown. Does not belong here: anything that a rule's file does not say.
"""

from __future__ import annotations

from pathlib import Path

from quality_checks.rule import NEEDS, Example, Rule, all_rules
from sources.schema.model import codes

FOLDER = Path(__file__).parent.parent / "docs" / "rules"
SHOWN_LINES = 12


def pages() -> dict[str, str]:
    """File name to text of every page."""
    return {"README.md": _list(), **{f"{rule.id}.md": _page(rule) for rule in all_rules()}}


def write(folder: Path = FOLDER) -> None:
    """Writes every page, and removes pages of rules that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")


def _list() -> str:
    parts = [
        "# Rules\n",
        "Every publication is held to these rules. An error means that the data cannot be used as published, a warning that it",
        "can with care; advice is about form, or about what is unusual. The pages are made from the files in",
        "`quality_checks/rules`; how often each rule was right is in [rule-precision.md](../rule-precision.md).\n",
        *_verified(),
    ]
    for dimension, meaning in codes("dimensions").items():
        rules = [rule for rule in all_rules() if rule.dimension == dimension]
        parts += [
            f"## {dimension.capitalize()}\n",
            f"{meaning}\n",
            "| Rule | Severity | What it asks |",
            "|---|---|---|",
        ]
        parts += [f"| [{rule.id}]({rule.id}.md) | {rule.severity} | {rule.title} |" for rule in rules]
        parts.append("")
    return "\n".join(parts)


def _verified() -> list[str]:
    waiting = sum(not rule.guidance.verified for rule in all_rules())
    if not waiting:
        return []
    how_many = "No clause" if waiting == len(all_rules()) else f"Of {len(all_rules())} clauses, {waiting} were not"
    said = "was yet compared" if waiting == len(all_rules()) else "yet compared"
    return [f"What the guidance asks is given in our words. {how_many} {said} with the text at its address.\n"]


def _page(rule: Rule) -> str:
    verified = "compared with the text there" if rule.guidance.verified else "not yet compared with the text there"
    parts = [
        f"# {rule.title}\n",
        f"`{rule.id}`, version {rule.version}: {rule.dimension}, {rule.severity}, asked of each {rule.scope}.\n",
        f"{rule.meaning.strip()}\n",
        f"**To mend it.** {rule.remedy.strip()}\n",
        f"**Guidance.** {rule.guidance.clause.strip()} ([address]({rule.guidance.url}); {verified}.)\n",
        f"**Not applicable.** {rule.not_applicable.strip()}\n",
        *[f"**A single file.** {NEEDS[need]}\n" for need in rule.needs],
    ]
    if rule.examples is not None:
        parts += ["## Examples\n", f"Fails, with {_findings(rule.examples.failing.findings)}:\n"]
        parts += [_example(rule.examples.failing), "Passes:\n", _example(rule.examples.passing)]
    parts += ["## The question, as SQL\n", f"```sql\n{rule.sql.strip()}\n```\n"]
    return "\n".join(parts).rstrip() + "\n"


def _findings(count: int) -> str:
    return "one finding" if count == 1 else f"{count} findings"


def _example(example: Example) -> str:
    if example.generated is not None:
        return f"Lines made by\n\n```sql\n{example.generated.strip()}\n```\n"
    shown = []
    for name, text in example.files.items():
        lines = text.splitlines() if isinstance(text, str) else text
        under = "" if isinstance(text, str) else ", lines under the guidance's headings"
        body = "\n".join(_printable(line) for line in lines[:SHOWN_LINES]) or "(empty)"
        more = f"\n(and {len(lines) - SHOWN_LINES} more lines)" if len(lines) > SHOWN_LINES else ""
        how = (
            ", as a workbook" if example.workbook else f", in {example.encoding}" if example.encoding != "utf-8" else ""
        )
        shown.append(f"`{name}`{how}{under}:\n\n```text\n{body}{more}\n```\n")
    return "\n".join(shown)


def _printable(line: str) -> str:
    return "".join(c if c.isprintable() or c == "\t" else f"\\x{ord(c):02x}" for c in line)


if __name__ == "__main__":
    write()
