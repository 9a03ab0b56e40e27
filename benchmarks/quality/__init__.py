"""How good the tags are: the evaluation, the grid of choices, the peers."""
