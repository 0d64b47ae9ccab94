"""How far raters agree: pure arithmetic on arrays, no rows and no commands."""
