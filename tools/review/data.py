"""Which resources hold what no deployment can make again. Pure data."""

from collections.abc import Mapping

HOLDS_DATA: Mapping[str, str] = {
    "aws:backup/vault:Vault": "backups",
    "aws:ecr/repository:Repository": "images",
    "aws:elasticache/replicationGroup:ReplicationGroup": "the cache",
    "aws:kms/key:Key": "the key to what it encrypts",
    "aws:rds/instance:Instance": "the database",
    "aws:s3/bucket:Bucket": "logs",
    "gcp:artifactregistry/repository:Repository": "images",
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": "logs",
    "gcp:redis/instance:Instance": "the cache",
    "gcp:sql/database:Database": "the database",
    "gcp:sql/databaseInstance:DatabaseInstance": "the database",
    "gcp:storage/bucket:Bucket": "files",
    "kubernetes:core/v1:Namespace": "all that the stack has in the cluster",
    "kubernetes:core/v1:PersistentVolumeClaim": "a volume",
}
"""By type, what would be lost with it."""
