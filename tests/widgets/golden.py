"""Golden answers: what each renderer makes of each of the cast, as files that a person can read.

`python -m tests.widgets.golden` writes them anew; read the difference before keeping it.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.widgets.cast import CAST
from widgets.registry import discover
from widgets.renderer import Renderer
from widgets.widget import Widget

FOLDER = Path(__file__).parents[1] / "data" / "widgets"
ENDINGS = {"text/html": "html", "text/plain": "txt", "application/json": "json"}


def golden_path(renderer: Renderer, who: str) -> Path:
    """Return the file of this renderer's answer for this member of the cast."""
    return FOLDER / renderer.name / f"{who}.{ENDINGS[renderer.content_type]}"


def as_file(renderer: Renderer, widget: Widget) -> str:
    """Return the renderer's answer as the text of a file."""
    answer = renderer.render(widget, {})
    if isinstance(answer, str):
        return answer
    return json.dumps(answer, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every golden answer."""
    for renderer in discover().values():
        for who, widget in CAST.items():
            path = golden_path(renderer, who)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(as_file(renderer, widget), encoding="utf-8")


if __name__ == "__main__":
    main()
