"""Snapshots of volumes and databases, all made now; prints what must be said of each today and in a year, or deletes them.

    python ages.py http://127.0.0.1:5000 make
    python ages.py http://127.0.0.1:5000 delete
"""

import json
import sys

from account import HOME, Account, verdict

VOLUMES = "ec2-snapshot-max-age"
DATABASES = "rds-snapshot-max-age"
CLUSTERS = "rds-cluster-snapshot-max-age"
LEGAL_HOLD = [{"Key": "LegalHold", "Value": "case-12"}]


def make_volumes(account: Account) -> list[tuple[str, str, str, bool]]:
    ec2 = account.client("ec2")
    volume = ec2.create_volume(Size=8, AvailabilityZone=f"{HOME}a")["VolumeId"]

    def snapshot(**more: object) -> str:
        return ec2.create_snapshot(VolumeId=volume, **more)["SnapshotId"]

    held = snapshot(TagSpecifications=[{"ResourceType": "snapshot", "Tags": LEGAL_HOLD}])
    # The emulator takes a snapshot of its own for each image that is registered.
    image = ec2.register_image(Name="acme-web")["ImageId"]
    (described,) = ec2.describe_images(ImageIds=[image])["Images"]
    (root,) = described["BlockDeviceMappings"]
    return [
        (VOLUMES, snapshot(), "made by hand", True),
        (VOLUMES, root["Ebs"]["SnapshotId"], "boots an image", False),
        (VOLUMES, held, "on legal hold", False),
    ]


def make_databases(account: Account) -> list[tuple[str, str, str, bool]]:
    rds = account.client("rds")
    login = {"Engine": "postgres", "MasterUsername": "acme", "MasterUserPassword": "example-of-one"}
    rds.create_db_instance(
        DBInstanceIdentifier="acme-orders", DBInstanceClass="db.t4g.micro", AllocatedStorage=20, **login
    )
    orders = {"DBInstanceIdentifier": "acme-orders"}
    rds.create_db_snapshot(DBSnapshotIdentifier="acme-manual", **orders)
    rds.create_db_snapshot(DBSnapshotIdentifier="acme-held", Tags=LEGAL_HOLD, **orders)
    rds.copy_db_snapshot(SourceDBSnapshotIdentifier="acme-manual", TargetDBSnapshotIdentifier="acme-copy")
    rds.delete_db_instance(FinalDBSnapshotIdentifier="acme-final", **orders)
    rds.create_db_cluster(DBClusterIdentifier="acme-books", **login | {"Engine": "aurora-postgresql"})
    rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier="acme-books-1", DBClusterIdentifier="acme-books")
    clusters = rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]
    return [
        (DATABASES, "acme-manual", "made by hand", True),
        (DATABASES, "acme-copy", "a copy", True),
        (DATABASES, "acme-final", "the final one", True),
        (DATABASES, "acme-held", "on legal hold", False),
        *((CLUSTERS, each["DBClusterSnapshotIdentifier"], each["SnapshotType"], True) for each in clusters),
    ]


def make(account: Account) -> None:
    made = make_volumes(account) + make_databases(account)

    def say(outcome: str) -> list[dict[str, str]]:
        return [verdict(rule, HOME, name, trap, outcome if ages else "not-applicable") for rule, name, trap, ages in made]

    print(json.dumps({"today": say("pass"), "in a year": say("fail")}))


def delete(account: Account) -> None:
    ec2, rds = account.client("ec2"), account.client("rds")
    for image in ec2.describe_images(Owners=["self"])["Images"]:
        ec2.deregister_image(ImageId=image["ImageId"])
    for snapshot in ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]:
        ec2.delete_snapshot(SnapshotId=snapshot["SnapshotId"])
    for snapshot in rds.describe_db_snapshots()["DBSnapshots"]:
        rds.delete_db_snapshot(DBSnapshotIdentifier=snapshot["DBSnapshotIdentifier"])
    for snapshot in rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]:
        rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier=snapshot["DBClusterSnapshotIdentifier"])


{"make": make, "delete": delete}[sys.argv[2]](Account(sys.argv[1]))
