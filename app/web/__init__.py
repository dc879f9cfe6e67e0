"""What every HTTP service here has in common: health, limits, problems, metrics, logs. Knows no business."""
