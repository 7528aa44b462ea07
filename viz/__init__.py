"""What is seen: figures, the lens, and the pages."""
