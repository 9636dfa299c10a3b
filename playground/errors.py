"""The one error that is shown to a person as it stands."""


class UserError(Exception):
    """Something the person at the page can mend: what is wrong, the value, and the way out.

    A caller's mistake in code stays a ValueError; this one is for sentences on a screen, so its
    text never holds a path of this machine or a secret.
    """
