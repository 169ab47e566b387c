"""Safeguards of what nobody has made yet: encryption of new volumes by default, and the locks of backup vaults."""

from account import ABROAD, HOME, Account, States, verdict

DEFAULT = "ec2-ebs-default-encryption"
LOCK = "backup-vault-lock"
FLOOR = "backup-vault-lock-floor-max"

PROMISED = {"MinRetentionDays": 7, "MaxRetentionDays": 184}
YEARS = {"MinRetentionDays": 365, "MaxRetentionDays": 2555}

# Name, what is special about it, its lock, and what must be said of it.
VAULTS: list[tuple[str, str, dict[str, int] | None, str]] = [
    ("open", "no lock", None, "fail"),
    ("endless", "a lock without a ceiling", {"MinRetentionDays": 7}, "fail"),
    ("fleeting", "a lock without a floor", {"MaxRetentionDays": 184}, "fail"),
    ("unlimited", "a lock without limits", {}, "fail"),
    ("a-day-too-long", "one day more than the ceiling", {**PROMISED, "MaxRetentionDays": 185}, "fail"),
    ("a-day-too-short", "one day less than the floor", {**PROMISED, "MinRetentionDays": 6}, "fail"),
    ("floor-above", "a floor above the ceiling", YEARS, "fail"),
    ("limits", "the limits themselves", PROMISED, "pass"),
    ("no-return", "a lock that will be there for good", {**PROMISED, "ChangeableForDays": 3}, "pass"),
    ("for-years", "a floor above the ceiling for good", {**YEARS, "ChangeableForDays": 3}, "fail"),
]

# Of those, the ones whose lock cannot be lifted once its date has come.
FINAL = ("no-return", "for-years")


def floor(end: str, limits: dict[str, int] | None) -> str:
    """What must be said of how long a vault keeps everything without a way back."""
    if limits is None or "MinRetentionDays" not in limits:
        return "not-applicable"
    return "fail" if end == "for-years" else "pass"


def states(account: Account) -> States:
    parts = [volumes(account), vaults(account)]
    for _ in ("broken", "mended"):
        yield [each for part in parts for each in next(part)]


def volumes(account: Account) -> States:
    # The emulator has regions of other partitions too, where nobody looks.
    listed = account.client("ec2").describe_regions()["Regions"]
    usable = [each["RegionName"] for each in listed if each["OptInStatus"] != "not-opted-in"]
    regions = [name for name in usable if not name.startswith(("cn-", "us-gov-"))]
    clients = {region: account.client("ec2", region) for region in regions}
    off = "as AWS delivers a region"
    clients[HOME].enable_ebs_encryption_by_default()
    yield [
        verdict(DEFAULT, HOME, HOME, "switched on", "pass"),
        *(verdict(DEFAULT, region, region, off, "fail") for region in regions if region != HOME),
    ]
    for client in clients.values():
        client.enable_ebs_encryption_by_default()
    yield [verdict(DEFAULT, region, region, f"{off}, before it was mended", "pass") for region in regions]


def vaults(account: Account) -> States:
    client = account.client("backup")

    def lock(name: str, limits: dict[str, int]) -> None:
        client.put_backup_vault_lock_configuration(BackupVaultName=name, **limits)

    for end, _, limits, _ in VAULTS:
        client.create_backup_vault(BackupVaultName=f"acme-{end}")
        if limits is not None:
            lock(f"acme-{end}", limits)
    client.create_backup_vault(BackupVaultName="Default")
    aws = verdict(LOCK, HOME, "Default", "made by AWS, and empty", "not-applicable")
    yield [
        *(verdict(LOCK, HOME, f"acme-{end}", trap, outcome) for end, trap, _, outcome in VAULTS),
        *(verdict(FLOOR, HOME, f"acme-{end}", trap, floor(end, limits)) for end, trap, limits, _ in VAULTS),
        *(verdict(LOCK, region, "acme-nightly", "the vault of plans, unlocked", "fail") for region in (HOME, ABROAD)),
        aws,
    ]
    for end, _, _, outcome in VAULTS:
        if outcome == "fail":
            lock(f"acme-{end}", {**PROMISED, "ChangeableForDays": 3} if end in FINAL else PROMISED)
    for region in (HOME, ABROAD):
        account.client("backup", region).put_backup_vault_lock_configuration(BackupVaultName="acme-nightly", **PROMISED)
    mended = {end: f"{trap}, before it was mended" for end, trap, *_ in VAULTS}
    yield [
        *(verdict(LOCK, HOME, f"acme-{end}", trap, "pass") for end, trap in mended.items()),
        *(verdict(FLOOR, HOME, f"acme-{end}", trap, "pass") for end, trap in mended.items()),
        *(verdict(LOCK, region, "acme-nightly", "the vault of plans, locked", "pass") for region in (HOME, ABROAD)),
        aws,
    ]
