"""How many requests one address may make. Pure."""

from pulumi_gcp import compute

LAST_PRIORITY = 2147483647
"""Every policy must end with this rule: https://cloud.google.com/armor/docs/security-policy-overview"""
TOO_MANY = "deny(429)"


def rate_limit_rules(requests_a_minute: int) -> list[compute.SecurityPolicyRuleArgs]:
    """Whoever asks for more than so much is told to wait; everybody else is let through.

    https://cloud.google.com/armor/docs/rate-limiting-overview
    """
    threshold = compute.SecurityPolicyRuleRateLimitOptionsRateLimitThresholdArgs(
        count=requests_a_minute, interval_sec=60
    )
    return [
        compute.SecurityPolicyRuleArgs(
            priority=1000,
            action="throttle",
            description="Requests a minute of one address",
            match=everybody(),
            rate_limit_options=compute.SecurityPolicyRuleRateLimitOptionsArgs(
                conform_action="allow",
                exceed_action=TOO_MANY,
                enforce_on_key="IP",
                rate_limit_threshold=threshold,
            ),
        ),
        compute.SecurityPolicyRuleArgs(
            priority=LAST_PRIORITY, action="allow", description="Everything else", match=everybody()
        ),
    ]


def everybody() -> compute.SecurityPolicyRuleMatchArgs:
    """Any address."""
    return compute.SecurityPolicyRuleMatchArgs(
        versioned_expr="SRC_IPS_V1", config=compute.SecurityPolicyRuleMatchConfigArgs(src_ip_ranges=["*"])
    )
