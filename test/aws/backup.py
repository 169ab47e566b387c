"""Backup plans that keep too long, for ever, or as long as they may."""

from typing import Any

from account import ABROAD, HOME, Account, States, verdict

RETENTION = "backup-plan-retention-max"

VAULT = "acme-nightly"


def rule(name: str, lifecycle: dict[str, int] | None) -> dict[str, Any]:
    kept = {} if lifecycle is None else {"Lifecycle": lifecycle}
    return {"RuleName": name, "TargetBackupVaultName": VAULT, "ScheduleExpression": "cron(0 1 * * ? *)", **kept}


def days(count: int) -> dict[str, int]:
    return {"DeleteAfterDays": count}


# Name, what is special about it, the lifecycle of each of its rules, and what must be said of it.
PLANS: list[tuple[str, str, list[dict[str, int] | None], str]] = [
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


def states(account: Account) -> States:
    clients = {region: account.client("backup", region) for region in (HOME, ABROAD)}
    for client in clients.values():
        client.create_backup_vault(BackupVaultName=VAULT)

    def create(region: str, name: str, lifecycles: list[dict[str, int] | None]) -> str:
        rules = [rule(f"rule-{index}", lifecycle) for index, lifecycle in enumerate(lifecycles)]
        plan = {"BackupPlanName": f"acme-{name}", "Rules": rules}
        return clients[region].create_backup_plan(BackupPlan=plan)["BackupPlanId"]

    def replace(region: str, plan: str, name: str) -> str:
        # The emulator cannot update a plan, nor name another like one that is deleted.
        clients[region].delete_backup_plan(BackupPlanId=plan)
        return create(region, f"{name}-mended", [days(35)])

    plans = {name: create(HOME, name, lifecycles) for name, _, lifecycles, _ in PLANS}
    far = create(ABROAD, "far", [None])
    yield [
        *(verdict(RETENTION, HOME, plans[name], trap, outcome) for name, trap, _, outcome in PLANS),
        verdict(RETENTION, ABROAD, far, "no lifecycle, in the second region", "fail"),
    ]

    for name, _, _, outcome in PLANS:
        if outcome == "fail":
            plans[name] = replace(HOME, plans[name], name)
    far = replace(ABROAD, far, "far")
    yield [
        *(verdict(RETENTION, HOME, plans[name], f"{trap}, before it was mended", "pass") for name, trap, _, _ in PLANS),
        verdict(RETENTION, ABROAD, far, "mended in the second region", "pass"),
    ]
