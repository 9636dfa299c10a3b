"""The theme: ink on paper. Colour is kept for the arms, so that it always means one of them."""

import gradio as gr
from gradio.themes.utils import sizes
from gradio.themes.utils.fonts import Font

# The semi-bold faces that gradio ships lack most letters: name the complete ones.
TEXT: list[Font | str] = [
    gr.themes.LocalFont("Source Sans Pro", weights=(400, 700)),
    "system-ui",
    "sans-serif",
]
CODE: list[Font | str] = [
    gr.themes.LocalFont("IBM Plex Mono", weights=(400, 700)),
    "ui-monospace",
    "monospace",
]

TYPE = sizes.Size(
    name="playground",
    xxs="12px",
    xs="13px",
    sm="15px",
    md="16px",
    lg="18px",
    xl="22px",
    xxl="28px",
)


COLOURS = {
    "button_primary_background_fill": "#1e293b",
    "button_primary_background_fill_hover": "#334155",
    "button_primary_text_color": "#ffffff",
    "button_primary_background_fill_dark": "#e2e8f0",
    "button_primary_background_fill_hover_dark": "#ffffff",
    "button_primary_text_color_dark": "#0f172a",
    "button_secondary_background_fill": "*background_fill_primary",
    "button_secondary_background_fill_hover": "*background_fill_secondary",
    "button_secondary_background_fill_dark": "*background_fill_primary",
    "button_secondary_background_fill_hover_dark": "*background_fill_secondary",
    "button_secondary_border_color": "*border_color_primary",
    "button_border_width": "1px",
    "button_border_width_dark": "1px",
    "body_text_color_subdued": "#475569",
    "body_text_color_subdued_dark": "#a9b6c8",
    "input_placeholder_color": "#64748b",
    "input_placeholder_color_dark": "#94a3b8",
    "link_text_color": "#1d4ed8",
    "link_text_color_dark": "#93c5fd",
    "slider_color": "#334155",
    "slider_color_dark": "#cbd5e1",
}
LABELS = {
    "block_title_text_color": "*body_text_color",
    "block_title_text_weight": "700",
    "block_title_text_size": "*text_sm",
    "block_label_text_size": "*text_sm",
    "block_info_text_size": "*text_sm",
    "block_info_text_color": "#475569",
    "block_info_text_color_dark": "#a9b6c8",
}


def theme() -> gr.themes.Base:
    """Neutral greys, one dark ink for what is to be pressed, 16 px type."""
    base = gr.themes.Default(
        primary_hue=gr.themes.colors.slate,
        neutral_hue=gr.themes.colors.slate,
        font=TEXT,
        font_mono=CODE,
        text_size=TYPE,
        radius_size=sizes.radius_md,
        spacing_size=sizes.spacing_md,
    )
    return base.set(**COLOURS, **LABELS)
