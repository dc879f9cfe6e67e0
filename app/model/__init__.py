"""The delay model: what it takes, how it is loaded, what it says. Knows no HTTP and no storage."""
