"""How a Cloud SQL instance is set up. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_gcp import sql

from infra.datastores import Postgres
from infra.gcp.cloud_sql_tier import EDITION, MAX_LOG_DAYS

BACKUP_START = "03:00"
MAINTENANCE_DAY = 7
MAINTENANCE_HOUR = 4
"""Sundays at 04:00 UTC, after the backup."""


def database_settings(
    postgres: Postgres,
    *,
    tier: str,
    network_id: pulumi.Input[str],
    labels: Mapping[str, str],
    protected: bool,
) -> sql.DatabaseInstanceSettingsArgs:
    """One machine, or two in two zones, with a private address only."""
    return sql.DatabaseInstanceSettingsArgs(
        tier=tier,
        edition=EDITION,
        availability_type="REGIONAL" if postgres.highly_available else "ZONAL",
        disk_type="PD_SSD",
        disk_size=postgres.storage_gib,
        disk_autoresize=True,
        disk_autoresize_limit=postgres.max_storage_gib,
        deletion_protection_enabled=protected,
        ip_configuration=private_only(network_id),
        backup_configuration=backups(postgres.backup_days),
        final_backup_config=sql.DatabaseInstanceSettingsFinalBackupConfigArgs(
            enabled=True, retention_days=postgres.backup_days
        ),
        insights_config=query_insights(),
        maintenance_window=sql.DatabaseInstanceSettingsMaintenanceWindowArgs(
            day=MAINTENANCE_DAY, hour=MAINTENANCE_HOUR, update_track="stable"
        ),
        user_labels=dict(labels),
    )


def private_only(network_id: pulumi.Input[str]) -> sql.DatabaseInstanceSettingsIpConfigurationArgs:
    """An address in the VPC and none outside; what does not speak TLS is turned away."""
    return sql.DatabaseInstanceSettingsIpConfigurationArgs(
        ipv4_enabled=False, private_network=network_id, ssl_mode="ENCRYPTED_ONLY"
    )


def backups(days: int) -> sql.DatabaseInstanceSettingsBackupConfigurationArgs:
    """A backup a day, kept so many days; any second of the last week, as far as the edition goes."""
    return sql.DatabaseInstanceSettingsBackupConfigurationArgs(
        enabled=True,
        start_time=BACKUP_START,
        point_in_time_recovery_enabled=True,
        transaction_log_retention_days=min(days, MAX_LOG_DAYS),
        backup_retention_settings=sql.DatabaseInstanceSettingsBackupConfigurationBackupRetentionSettingsArgs(
            retained_backups=days, retention_unit="COUNT"
        ),
    )


def query_insights() -> sql.DatabaseInstanceSettingsInsightsConfigArgs:
    """Which queries take the time, without who asked them."""
    return sql.DatabaseInstanceSettingsInsightsConfigArgs(
        query_insights_enabled=True,
        query_plans_per_minute=5,
        query_string_length=1024,
        record_application_tags=True,
        record_client_address=False,
    )
