"""Colours of a picture that is a file of its own: it has no page around it to set them."""

from __future__ import annotations

LIGHT = {"paper": "#fbfaf7", "ink": "#1b1f22", "muted": "#525a60", "had": "#1d4e66", "soft": "#a9c3cf", "clear": "#7b8790",
         "unknown": "#6b747b", "treat": "#8a5a00"}  # fmt: skip
DARK = {"paper": "#000", "ink": "#b4bdc2", "muted": "#8b959b", "had": "#5f93aa", "soft": "#2b4552", "clear": "#5a656b",
        "unknown": "#7a858b", "treat": "#a5813c"}  # fmt: skip
PRINT = {"paper": "#fff", "ink": "#000", "muted": "#333"}


def own_colours() -> str:
    """A style that follows the reader's light or dark setting, and is plain when printed."""
    return (
        f"<style>svg{{{_variables(LIGHT)};background:var(--paper)}}"
        f"@media (prefers-color-scheme: dark){{svg{{{_variables(DARK)}}}}}"
        f"@media print{{svg{{{_variables(LIGHT | PRINT)}}}}}</style>"
    )


def _variables(colours: dict[str, str]) -> str:
    return ";".join(f"--{role}:{colour}" for role, colour in colours.items())
