"""Google Cloud: components, and the pure functions that translate into its words."""
