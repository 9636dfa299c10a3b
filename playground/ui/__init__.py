"""What is seen: the page, one folder a tab. Only this room imports gradio and plotly."""

from playground.ui.components import quick_start  # noqa: F401  first, so that gradio starts fast
