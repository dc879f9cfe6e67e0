"""What a stack holds: settings in, one module a platform."""
