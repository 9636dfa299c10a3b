"""What the inference service can be asked for, one file a kind of request."""
