"""How myst-nb prints one of our widgets in the book: its static HTML, with the marker that brings it to life."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from docutils import nodes

from coursekit.build.prerender import static_html

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


class WidgetRenderer:
    """A `myst_nb.mime_renderers` plug-in; widgets that are not ours are left to myst-nb."""

    mime_priority_overrides: ClassVar[list[tuple[str, str, int | None]]] = []

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        if inline or data.mime_type != VIEW:
            return None
        widgets = renderer.renderer.nb_client.nb_metadata.get("widgets", {})
        state = widgets.get(STATE, {}).get("state", {}).get(data.content["model_id"], {}).get("state", {})
        if "spec" not in state:
            return None
        marker = json.dumps(data.content).replace("</", "<\\/")
        html = static_html(state["spec"], state["view"])
        sectors = f' data-sectors="{",".join(offered)}"' if (offered := _sectors(state["spec"])) else ""
        return [
            nodes.raw(
                text=f'<div data-widget="{state["kind"]}"{sectors}>{html}<script type="{VIEW}">{marker}</script></div>',
                format="html",
            )
        ]


def _sectors(spec: dict[str, Any]) -> list[str]:
    """Return the sectors among which the widget's examples can be chosen."""
    options = [option for control in spec["controls"] for option in control.get("options", [])]
    return sorted({option["sector"] for option in options if option.get("sector")})
