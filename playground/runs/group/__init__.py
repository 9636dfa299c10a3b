"""Many runs that belong together: started, shown, stopped, resumed and deleted as one."""

from playground.runs.group.groups import Groups
from playground.runs.group.record import Group
from playground.runs.group.spec import GroupSpec

__all__ = ["Group", "GroupSpec", "Groups"]
