"""How long CloudFront waits for what stands behind it. Pure."""

MAX_ORIGIN_SECONDS = 60
"""How long CloudFront waits for an answer unless AWS raises the quota."""
SOURCE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html"
