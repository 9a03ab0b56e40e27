"""What many documents cost: engines against the bare kernel, near-copies in long streams."""
