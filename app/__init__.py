"""The API: predicts flight delays. Knows nothing of Pulumi or of where it runs."""
