"""Components and the values they take. Never reads configuration."""
