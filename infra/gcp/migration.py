"""A workload's migration: a job that ends before the revision that needs it is made. Pure."""

from hashlib import sha256

import pulumi
from pulumi_gcp import cloudrunv2 as run

from infra.gcp.cloud_run_size import cloud_run_size
from infra.gcp.service_template import ServiceTemplateArgs

PATIENCE_SECONDS = 600
RETRIES = 3


def execution_token(args: ServiceTemplateArgs) -> pulumi.Output[str]:
    """Follows all that the job is made of: each token is one execution, whose success the job awaits.

    https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs#Job.FIELDS.run_execution_token
    """
    made_of = pulumi.Output.json_dumps(
        {
            "image": args.image,
            "command": list(args.workload.migrate),
            "environment": dict(args.environment),
            "secrets": {key: [secret.secret_id, secret.version] for key, secret in args.secrets.items()},
            "limits": limits(args),
        },
        sort_keys=True,
    )
    return made_of.apply(lambda text: sha256(text.encode()).hexdigest()[:8])


def job_template(args: ServiceTemplateArgs) -> run.JobTemplateArgs:
    """One task with the workload's image, account and variables."""
    network = run.JobTemplateTemplateVpcAccessNetworkInterfaceArgs(subnetwork=args.subnet_id)
    return run.JobTemplateArgs(
        labels=dict(args.labels),
        task_count=1,
        template=run.JobTemplateTemplateArgs(
            execution_environment="EXECUTION_ENVIRONMENT_GEN2",
            service_account=args.service_account_email,
            timeout=f"{PATIENCE_SECONDS}s",
            max_retries=RETRIES,
            vpc_access=run.JobTemplateTemplateVpcAccessArgs(
                egress="PRIVATE_RANGES_ONLY", network_interfaces=[network]
            ),
            containers=[job_container(args)],
        ),
    )


def job_container(args: ServiceTemplateArgs) -> run.JobTemplateTemplateContainerArgs:
    """The workload's container with the migration's command."""
    plain = [
        run.JobTemplateTemplateContainerEnvArgs(name=key, value=args.environment[key])
        for key in sorted(args.environment)
    ]
    secret = [
        run.JobTemplateTemplateContainerEnvArgs(
            name=key,
            value_source=run.JobTemplateTemplateContainerEnvValueSourceArgs(
                secret_key_ref=run.JobTemplateTemplateContainerEnvValueSourceSecretKeyRefArgs(
                    secret=args.secrets[key].secret_id, version=args.secrets[key].version
                )
            ),
        )
        for key in sorted(args.secrets)
    ]
    return run.JobTemplateTemplateContainerArgs(
        image=args.image,
        args=list(args.workload.migrate),
        envs=[*plain, *secret],
        resources=run.JobTemplateTemplateContainerResourcesArgs(limits=limits(args)),
    )


def limits(args: ServiceTemplateArgs) -> dict[str, str]:
    """As much CPU and memory as the workload has."""
    size = cloud_run_size(args.workload)
    return {"cpu": str(size.cpu), "memory": f"{size.memory_mib}Mi"}
