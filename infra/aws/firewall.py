"""Refuses requests that look like attacks, and those who ask too often."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

MANAGED_RULES = ("AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet")
"""https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html"""
REQUESTS_IN_FIVE_MINUTES = 2000
"""From one address."""


def firewall(name: str, region: str, opts: pulumi.ResourceOptions) -> aws.wafv2.WebAcl:
    """A firewall for CloudFront; whatever no rule refuses passes."""
    return aws.wafv2.WebAcl(
        f"{name}-firewall",
        scope="CLOUDFRONT",
        region=region,
        default_action=aws.wafv2.WebAclDefaultActionArgs(allow=aws.wafv2.WebAclDefaultActionAllowArgs()),
        rules=[*(managed(rule, priority) for priority, rule in enumerate(MANAGED_RULES, start=1)), rate()],
        visibility_config=aws.wafv2.WebAclVisibilityConfigArgs(
            metric_name=name, cloudwatch_metrics_enabled=True, sampled_requests_enabled=True
        ),
        opts=opts,
    )


def managed(rule: str, priority: int) -> aws.wafv2.WebAclRuleArgs:
    """One of AWS's own sets; a body above 8 KiB is counted, not refused, since an API takes batches."""
    body = aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArgs(
        name="SizeRestrictions_BODY",
        action_to_use=aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseArgs(
            count=aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseCountArgs()
        ),
    )
    return aws.wafv2.WebAclRuleArgs(
        name=rule,
        priority=priority,
        override_action=aws.wafv2.WebAclRuleOverrideActionArgs(
            none=aws.wafv2.WebAclRuleOverrideActionNoneArgs()
        ),
        statement=aws.wafv2.WebAclRuleStatementArgs(
            managed_rule_group_statement=aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementArgs(
                vendor_name="AWS",
                name=rule,
                rule_action_overrides=[body] if rule == MANAGED_RULES[0] else None,
            )
        ),
        visibility_config=visible(rule),
    )


def rate() -> aws.wafv2.WebAclRuleArgs:
    """Refuses an address that asks more than two thousand times in five minutes."""
    return aws.wafv2.WebAclRuleArgs(
        name="rate",
        priority=len(MANAGED_RULES) + 1,
        action=aws.wafv2.WebAclRuleActionArgs(block=aws.wafv2.WebAclRuleActionBlockArgs()),
        statement=aws.wafv2.WebAclRuleStatementArgs(
            rate_based_statement=aws.wafv2.WebAclRuleStatementRateBasedStatementArgs(
                limit=REQUESTS_IN_FIVE_MINUTES, aggregate_key_type="IP", evaluation_window_sec=300
            )
        ),
        visibility_config=visible("rate"),
    )


def visible(name: str) -> aws.wafv2.WebAclRuleVisibilityConfigArgs:
    """Counted in CloudWatch, with samples."""
    return aws.wafv2.WebAclRuleVisibilityConfigArgs(
        metric_name=name, cloudwatch_metrics_enabled=True, sampled_requests_enabled=True
    )
