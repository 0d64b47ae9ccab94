"""Who may be seen, by whom, for what and until when."""
