"""What is seen: the page, one file per tab. Only this room imports gradio and plotly."""
