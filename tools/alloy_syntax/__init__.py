"""A program that says what is wrong with the syntax of Alloy's configuration files."""
