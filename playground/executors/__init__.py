"""Where runs execute: the queue, and processes of this machine."""
