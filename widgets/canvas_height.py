"""How tall the components of a canvas are, in a panel of about 300 px."""

from __future__ import annotations

from math import ceil

from widgets.canvas_choices import Json

LINE_LETTERS, LINE_HEIGHT, GAP = 38, 20, 8
ROW_HEIGHT, BUTTON_HEIGHT, INPUT_HEIGHT, DIVIDER_HEIGHT = 24, 44, 66, 17


def height(component: Json) -> int:
    """Return about how many px the component takes in a panel of 300 px."""
    match component["type"]:
        case "text":
            lines = ceil(len(component["text"]) / LINE_LETTERS)
            return lines * LINE_HEIGHT + (0 if "bottom_margin" in component else GAP)
        case "data-table":
            return len(component["items"]) * ROW_HEIGHT + GAP
        case "button":
            return BUTTON_HEIGHT
        case "input" | "dropdown" | "single-select":
            return INPUT_HEIGHT
        case _:
            return DIVIDER_HEIGHT
