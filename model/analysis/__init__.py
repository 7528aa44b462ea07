"""What can be computed from traces; README.md here tells what there is."""
