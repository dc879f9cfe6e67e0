"""What a platform really serves, asked of the platform itself. Knows no Pulumi."""
