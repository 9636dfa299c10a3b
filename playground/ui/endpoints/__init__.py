"""The API by name: what the page does, for clients and scripts on other machines."""
