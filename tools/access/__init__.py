"""Who may do what, and who reads which secret, as a stack declares it on a platform."""
