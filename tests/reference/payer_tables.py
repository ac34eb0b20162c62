"""The tables of docs/reference/payer-packs.md, made from the packs; run this file to write them anew."""

from __future__ import annotations

from pathlib import Path

from cleardays.trial.payers.packs import PARTS, Pack, packs

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "payer-packs.md"
BEGIN, END = "<!-- made from the packs -->\n", "<!-- to here -->\n"


def overview() -> str:
    """One row a pack."""
    rows = ["| pack | name | kind | place | edition | read on | how sure |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for pack in packs().values():
        cells = (f"`{pack.id}`", pack.name, pack.kind, pack.jurisdiction, pack.edition, pack.checked, pack.confidence)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def of_pack(pack: Pack) -> str:
    """One pack with its rules."""
    months = [f"first approval for {pack.first_months} months"] if pack.first_months else []
    months += [f"renewal for {pack.renewal_months} months"] if pack.renewal_months else []
    lines = [f"### {pack.name}", "", f"{pack.about}. For {', '.join(pack.treatments).replace('*', 'any treatment')}."]
    lines += [f"Carried over to {', '.join(pack.extrapolated_to)}."] if pack.extrapolated_to else []
    lines += [f"{'; '.join(months).capitalize()}."] if months else []
    lines += list(pack.notes)
    lines += [
        "",
        "| rule | part | asks for | how it is counted | sources | how sure |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for each in pack.criteria:
        one_of = "" if each.any_of is None else f" (one of: {each.any_of})"
        reading = " ".join(text for text in (each.reading, each.asks) if text)
        cells = (f"`{each.id}`", PARTS[each.part].lower() + one_of, each.says, reading, ", ".join(each.source), each.confidence)
        lines.append(f"| {' | '.join(cells)} |")
    if pack.pause is not None:
        lines += ["", f"On a pause: {pack.pause['says']} ({', '.join(pack.pause['source'])})"]
    return "\n".join(lines)


def tables() -> str:
    """All of it."""
    return "\n\n".join([overview(), *map(of_pack, packs().values())]) + "\n"


def written(page: str) -> str:
    """A page with its tables made anew."""
    head, _, rest = page.partition(BEGIN)
    return f"{head}{BEGIN}{tables()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
