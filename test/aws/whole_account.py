"""What there is once in an account: its trails, and where resources lie.

The emulator's credential report was always made in 2015: whoever relies on it must say that nobody can tell.
"""

from account import HOME, Account, States, verdict

PASSWORDS = "iam-password-policy-min-length"
PEOPLE = "iam-console-users-max-count"
REGIONS = "account-only-allowed-regions-used"
TRAILS = "cloudtrail-multi-region-logging"
KEYS = "iam-root-no-access-keys"

WRITES = [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}]
EVERYTHING = [{"ReadWriteType": "All", "IncludeManagementEvents": True}]


def states(account: Account) -> States:
    parts = [trails(account), regions(account)]
    for _ in ("broken", "mended"):
        found = [each for part in parts for each in next(part)]
        yield [
            *found,
            verdict(KEYS, "global", account.id, "no key of the root user", "pass"),
            verdict(PASSWORDS, "global", account.id, "a report that is years old", "unknown"),
            verdict(PEOPLE, "global", "*", "a report that is years old", "unknown"),
        ]


def trails(account: Account) -> States:
    bucket = "acme-trail-log"
    s3 = account.client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": HOME})
    tls_only = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":'
        f'["arn:aws:s3:::{bucket}","arn:aws:s3:::{bucket}/*"],"Condition":{{"Bool":{{"aws:SecureTransport":"false"}}}}}}]}}'
    )
    s3.put_bucket_policy(Bucket=bucket, Policy=tls_only)
    trail = account.client("cloudtrail")
    for name, everywhere, selectors in (("acme-writes", True, WRITES), ("acme-home", False, EVERYTHING)):
        trail.create_trail(
            Name=name, S3BucketName=bucket, IsMultiRegionTrail=everywhere, IncludeGlobalServiceEvents=everywhere
        )
        trail.put_event_selectors(TrailName=name, EventSelectors=selectors)
        trail.start_logging(Name=name)
    yield [verdict(TRAILS, "global", "*", "all regions but no reads, and all events but one region", "fail")]
    trail.put_event_selectors(TrailName="acme-writes", EventSelectors=EVERYTHING)
    yield [verdict(TRAILS, "global", "*", "all regions and all events", "pass")]


def regions(account: Account) -> States:
    volumes = account.client("ec2", "ap-southeast-2")
    volume = volumes.create_volume(AvailabilityZone="ap-southeast-2a", Size=1)["VolumeId"]
    queues = account.client("sqs", "eu-central-1")
    queue = queues.create_queue(QueueName="acme-orders", tags={"Owner": "team-web"})["QueueUrl"]
    furniture = account.client("ec2", "eu-north-1")
    vpc = furniture.describe_vpcs()["Vpcs"][0]["VpcId"]
    furniture.create_tags(Resources=[vpc], Tags=[{"Key": "Owner", "Value": "team-platform"}])
    always = [
        verdict(REGIONS, "global", HOME, "resources in an allowed region", "pass"),
        verdict(REGIONS, "global", "eu-north-1", "a tag on what every region has", "pass"),
        verdict(REGIONS, "global", "ap-east-1", "a region that is switched off", "not-applicable"),
    ]
    yield [
        verdict(REGIONS, "global", "ap-southeast-2", "a volume without tags", "fail"),
        verdict(REGIONS, "global", "eu-central-1", "a queue that has tags", "fail"),
        *always,
    ]
    volumes.delete_volume(VolumeId=volume)
    queues.delete_queue(QueueUrl=queue)
    yield [
        verdict(REGIONS, "global", "ap-southeast-2", "the volume is gone", "pass"),
        verdict(REGIONS, "global", "eu-central-1", "the queue is gone", "pass"),
        *always,
    ]
