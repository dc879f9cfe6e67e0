"""The `airfield` command: engine set-up, offline rehearsal, doctor."""
