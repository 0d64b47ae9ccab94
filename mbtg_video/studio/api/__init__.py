"""What the page may ask: one file a noun, each with its routes."""
