"""Backup plans that keep too long, for ever, or as long as they may, and so do their copies; and plans that copy nowhere."""

from typing import Any

from account import ABROAD, HOME, Account, States, verdict

RETENTION = "backup-plan-retention-max"
COPIES = "backup-copy-retention-max"
SEPARATE = "backup-copy-to-separate-location"

VAULT = "acme-nightly"


Lifecycle = dict[str, int] | None


def kept(lifecycle: Lifecycle) -> dict[str, Any]:
    return {} if lifecycle is None else {"Lifecycle": lifecycle}


def rule(name: str, lifecycle: Lifecycle, copies: list[dict[str, Any]]) -> dict[str, Any]:
    target = {"TargetBackupVaultName": VAULT, "ScheduleExpression": "cron(0 1 * * ? *)"}
    return {"RuleName": name, **target, **kept(lifecycle), **({"CopyActions": copies} if copies else {})}


def copy(account: Account, region: str, lifecycle: Lifecycle) -> dict[str, Any]:
    arn = f"arn:aws:backup:{region}:{account.id}:backup-vault:{VAULT}"
    return {"DestinationBackupVaultArn": arn, **kept(lifecycle)}


def days(count: int) -> dict[str, int]:
    return {"DeleteAfterDays": count}


# Name, what is special about it, the lifecycle of each of its rules, and what must be said of it.
PLANS: list[tuple[str, str, list[Lifecycle], str]] = [
    ("no-lifecycle", "no lifecycle", [None], "fail"),
    ("never", "-1 days", [days(-1)], "fail"),
    ("a-year", "365 days", [days(365)], "fail"),
    ("a-day-too-long", "one day more than the ceiling", [days(185)], "fail"),
    ("cold", "a lifecycle that moves and never deletes", [{"MoveToColdStorageAfterDays": 30}], "fail"),
    ("second-rule", "a second rule that keeps too long", [days(35), days(400)], "fail"),
    ("second-without", "a second rule without a lifecycle", [days(35), None], "fail"),
    ("ceiling", "the ceiling itself", [days(184)], "pass"),
    ("month", "35 days", [days(35), {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 150}], "pass"),
]

# Name, what is special about its copies, the region and the lifecycle of each, and what must be said of how long they are
# kept and of where they lie. The emulator has no jobs that would show that a copy was made.
COPYING: list[tuple[str, str, list[tuple[str, Lifecycle]], str, str]] = [
    ("uncopied", "no copy", [], "not-applicable", "fail"),
    ("beside", "a copy in a second vault beside the first", [(HOME, days(35))], "pass", "fail"),
    ("copy-no-lifecycle", "a copy without a lifecycle", [(ABROAD, None)], "fail", "unknown"),
    ("copy-never", "a copy of -1 days", [(ABROAD, days(-1))], "fail", "unknown"),
    ("copy-a-day-too-long", "a copy of one day more than the ceiling", [(ABROAD, days(185))], "fail", "unknown"),
    ("second-copy", "a second copy that is kept too long", [(ABROAD, days(35)), (HOME, days(400))], "fail", "unknown"),
    ("copy-ceiling", "a copy of the ceiling itself", [(ABROAD, days(184))], "pass", "unknown"),
]


def states(account: Account) -> States:
    clients = {region: account.client("backup", region) for region in (HOME, ABROAD)}
    for client in clients.values():
        client.create_backup_vault(BackupVaultName=VAULT)

    def create(region: str, name: str, lifecycles: list[Lifecycle], copies: list[tuple[str, Lifecycle]]) -> str:
        actions = [copy(account, target, lifecycle) for target, lifecycle in copies]
        rules = [rule(f"rule-{index}", lifecycle, actions) for index, lifecycle in enumerate(lifecycles)]
        plan = {"BackupPlanName": f"acme-{name}", "Rules": rules}
        return clients[region].create_backup_plan(BackupPlan=plan)["BackupPlanId"]

    def replace(region: str, plan: str, name: str) -> str:
        # The emulator cannot update a plan, nor name another like one that is deleted.
        clients[region].delete_backup_plan(BackupPlanId=plan)
        return create(region, f"{name}-mended", [days(35)], away[region])

    away: dict[str, list[tuple[str, Lifecycle]]] = {HOME: [(ABROAD, days(35))], ABROAD: [(HOME, days(35))]}
    plans = {name: create(HOME, name, lifecycles, away[HOME]) for name, _, lifecycles, _ in PLANS}
    copying = {name: create(HOME, name, [days(35)], copies) for name, _, copies, _, _ in COPYING}
    far = create(ABROAD, "far", [None], away[ABROAD])
    yield [
        *(verdict(RETENTION, HOME, plans[name], trap, outcome) for name, trap, _, outcome in PLANS),
        *(verdict(COPIES, HOME, copying[name], trap, outcome) for name, trap, _, outcome, _ in COPYING),
        *(verdict(SEPARATE, HOME, copying[name], trap, outcome) for name, trap, _, _, outcome in COPYING),
        verdict(RETENTION, ABROAD, far, "no lifecycle, in the second region", "fail"),
    ]

    for name, _, _, outcome in PLANS:
        if outcome == "fail":
            plans[name] = replace(HOME, plans[name], name)
    for name, _, _, kept_long, lies_here in COPYING:
        if "fail" in (kept_long, lies_here):
            copying[name] = replace(HOME, copying[name], name)
    far = replace(ABROAD, far, "far")
    yield [
        *(verdict(RETENTION, HOME, plans[name], f"{trap}, before it was mended", "pass") for name, trap, _, _ in PLANS),
        *(verdict(COPIES, HOME, copying[name], f"{trap}, before it was mended", "pass") for name, trap, *_ in COPYING),
        *(verdict(SEPARATE, HOME, copying[name], f"{trap}, before it was mended", "unknown") for name, trap, *_ in COPYING),
        verdict(RETENTION, ABROAD, far, "mended in the second region", "pass"),
    ]
