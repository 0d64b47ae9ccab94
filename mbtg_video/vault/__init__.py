"""Sealed files: nothing of a medium is readable at rest without the passphrase."""
