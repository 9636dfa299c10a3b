"""What is seen: the page, a folder a tab. Only this room imports gradio and plotly.

Its folders import one way: page and launch, then endpoints and the tabs (data, train, compare,
runs, tasks), then studies, session, and http and components, which know nothing of each other,
then words. A test keeps it.
"""

from playground.ui.components import quick_start  # noqa: F401  first, so that gradio starts fast
