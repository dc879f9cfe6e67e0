"""What a platform cannot give of what a stack file asks for, so that nothing is lost silently. Pure."""
