"""What the accounts of a pipeline may do. Pure.

https://cloud.google.com/iam/docs/roles-permissions
"""

PREVIEW_ROLES = (
    "roles/viewer",
    "roles/iam.securityReviewer",
    "roles/cloudkms.cryptoKeyDecrypter",
)
"""Sees what is there, but no secret's value; and reads the stack file's encrypted settings."""

DEPLOY_ROLES = (
    "roles/artifactregistry.admin",
    "roles/cloudbuild.builds.editor",
    "roles/cloudkms.cryptoKeyEncrypterDecrypter",
    "roles/cloudsql.admin",
    "roles/compute.loadBalancerAdmin",
    "roles/compute.networkAdmin",
    "roles/compute.securityAdmin",
    "roles/dns.admin",
    # Makes and deletes service accounts, without a say in who may use them.
    "roles/iam.serviceAccountCreator",
    "roles/iam.serviceAccountDeleter",
    # Runs a service as its account: also of accounts that the same deployment makes.
    "roles/iam.serviceAccountUser",
    "roles/iam.securityReviewer",
    "roles/logging.configWriter",
    "roles/logging.logWriter",
    "roles/monitoring.editor",
    "roles/redis.admin",
    "roles/run.admin",
    "roles/secretmanager.admin",
    "roles/servicenetworking.networksAdmin",
    "roles/serviceusage.serviceUsageAdmin",
    "roles/viewer",
)
"""Changes everything of a stack but the pipeline's own rights, which only a person can raise."""

PREVIEW_STATE_ROLE = "roles/storage.objectViewer"
DEPLOY_STATE_ROLE = "roles/storage.objectUser"
