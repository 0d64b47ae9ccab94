"""A course: its programme, its participants, and who does what on which day."""
