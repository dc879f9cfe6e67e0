"""The real Pulumi engine: how it is obtained, and how it is driven offline. Knows no command."""
