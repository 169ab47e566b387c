import type { FaultKind } from '../../src/simulator/account.ts';
import type { DatedAccount } from '../fixtures/acme-account.ts';
import { type Audited, audit, type Question } from './audited.ts';

const network = ['sg-no-public-high-risk-ports', 'sg-no-public-ssh', 'bastion-ingress-restricted'];
const groups = [...network, 'sg-no-public-all-traffic', 'sg-default-restricts-all', 'sg-egress-restricted'];
const bastions = ['bastion-present-and-unique', 'bastion-disabled-by-default'];
const classic = 'elb-classic-listeners-encrypted';
const ssh = 'bastion-ssh-password-login-disabled';
const balancers = ['elb-http-redirects-to-https', 'elb-tls-policy-modern'];
const keys = ['iam-access-key-rotated', 'iam-user-unused-credentials'];
const people = 'iam-console-users-max-count';
const passwords = 'iam-password-policy-min-length';
const report = ['iam-console-user-mfa', ...keys, people, passwords];
const regions = 'account-only-allowed-regions-used';
const trails = ['cloudtrail-multi-region-logging'];
const plans = ['backup-plan-retention-max', 'backup-copy-retention-max', 'backup-copy-to-separate-location'];
const age = 'backup-recovery-point-max-age';
const databases = ['rds-snapshot-max-age', 'rds-cluster-snapshot-max-age'];
const snapshots = ['ec2-snapshot-max-age', ...databases];
const points = ['backup-recovery-point-encrypted', age];
const buckets = ['s3-bucket-tls-only'];
const locks = ['backup-vault-lock', 'backup-vault-lock-floor-max'];
const volumes = 'ec2-ebs-default-encryption';

/** Every call that an audit makes besides the one that asks whose account it is, and the rules for which it matters. */
export const decides: Readonly<Record<string, readonly string[]>> = {
  'auto-scaling:DescribeAutoScalingGroups': ['bastion-present-and-unique'],
  'backup:GetBackupPlan': plans,
  'backup:ListBackupPlans': plans,
  'backup:ListBackupVaults': [...points, ...snapshots, ...locks, regions],
  'backup:ListCopyJobs': ['backup-copy-to-separate-location'],
  'backup:ListLegalHolds': [age],
  'backup:ListRecoveryPointsByBackupVault': [...points, ...snapshots],
  'backup:ListRecoveryPointsByLegalHold': [age],
  'cloudtrail:DescribeTrails': trails,
  'cloudtrail:GetEventSelectors': trails,
  'cloudtrail:GetTrailStatus': trails,
  'cloudtrail:LookupEvents': ['bastion-disabled-by-default'],
  'ec2:DescribeInstances': ['bastion-ingress-restricted', 'sg-egress-restricted', ...bastions, ssh, regions],
  'ec2:DescribeImages': ['ec2-snapshot-max-age'],
  'ec2:DescribeRegions': [
    ...groups,
    ...bastions,
    classic,
    ssh,
    ...balancers,
    ...points,
    ...buckets,
    ...plans,
    ...snapshots,
    ...trails,
    ...locks,
    people,
    regions,
    volumes,
  ],
  'ec2:DescribeSecurityGroups': [...groups, 'bastion-disabled-by-default', ssh],
  'ec2:DescribeSnapshots': ['ec2-snapshot-max-age', regions],
  'ec2:DescribeVolumes': [regions],
  'ec2:GetEbsEncryptionByDefault': [volumes],
  'ec2:GetManagedPrefixListEntries': network,
  'elastic-load-balancing:DescribeLoadBalancers': [classic],
  'elastic-load-balancing-v2:DescribeListeners': balancers,
  'elastic-load-balancing-v2:DescribeLoadBalancers': balancers,
  'elastic-load-balancing-v2:DescribeRules': ['elb-http-redirects-to-https'],
  'elastic-load-balancing-v2:DescribeSSLPolicies': ['elb-tls-policy-modern'],
  'iam:GenerateCredentialReport': [...report, 'iam-root-no-access-keys'],
  'iam:GetAccountAuthorizationDetails': [...report, 'iam-policy-no-full-admin'],
  'iam:GetAccountPasswordPolicy': [passwords],
  'iam:GetAccountSummary': ['iam-root-mfa-enabled', 'iam-root-no-access-keys'],
  'iam:GetCredentialReport': [...report, 'iam-root-no-access-keys'],
  'iam:GetLoginProfile': ['iam-console-user-mfa'],
  'iam:ListAccessKeys': ['iam-access-key-rotated'],
  'iam:ListMFADevices': ['iam-console-user-mfa'],
  'iam:ListOpenIDConnectProviders': [people],
  'iam:ListSAMLProviders': [people],
  'identitystore:ListGroupMemberships': [people],
  'rds:DescribeDBClusterSnapshots': ['rds-cluster-snapshot-max-age', regions],
  'rds:DescribeDBInstances': [regions],
  'rds:DescribeDBSnapshots': ['rds-snapshot-max-age', regions],
  'resource-groups-tagging-api:GetResources': [regions],
  's3-control:GetPublicAccessBlock': ['s3-account-public-access-block'],
  's3:GetBucketLocation': [...buckets, regions],
  's3:GetBucketPolicy': buckets,
  's3:ListBuckets': [...buckets, regions],
  'sso-admin:ListAccountAssignments': [people],
  'sso-admin:ListInstances': [people],
  'sso-admin:ListPermissionSetsProvisionedToAccount': [people],
  'ssm:ListCommandInvocations': [ssh],
  'ssm:ListComplianceItems': [ssh],
  'ssm:ListInventoryEntries': [ssh],
};

/** Answers that never come in pages: a list that is cut and a token that repeats do not exist for them. */
const unpaged: ReadonlySet<string> = new Set([
  'backup:GetBackupPlan',
  'cloudtrail:DescribeTrails',
  'cloudtrail:GetEventSelectors',
  'cloudtrail:GetTrailStatus',
  'ec2:DescribeRegions',
  'ec2:GetEbsEncryptionByDefault',
  'iam:GenerateCredentialReport',
  'iam:GetAccountPasswordPolicy',
  'iam:GetAccountSummary',
  'iam:GetCredentialReport',
  'iam:GetLoginProfile',
  'iam:ListOpenIDConnectProviders',
  'iam:ListSAMLProviders',
  's3-control:GetPublicAccessBlock',
  's3:GetBucketLocation',
  's3:GetBucketPolicy',
  'sts:GetCallerIdentity',
]);

/** What can only keep the number of people open, and does not where they are too many anyhow. */
export const mootWhereBroken: ReadonlySet<string> = new Set(['iam:ListOpenIDConnectProviders']);

/** What can only make a failure of something doubtful, and costs no promise that is kept. */
export const mootWhereKept: ReadonlySet<string> = new Set(['cloudtrail:LookupEvents']);

export function hurts(operation: string, fault: FaultKind): boolean {
  return !((fault === 'truncated' || fault === 'repeated-token') && unpaged.has(operation));
}

/** Audits an account of which one operation never answers rightly. */
export async function auditFaulted(
  question: Question,
  account: DatedAccount,
  operation: string,
  fault: FaultKind,
): Promise<Audited> {
  const [service = '', name = ''] = operation.split(':');
  const options = { pageSize: 2, faults: [{ service, operation: name, fault }] };
  if (fault !== 'silence') return audit(question, account, options);
  // A machine so busy that other calls time out as well is given more time.
  for (const patience of [600, 3000, 12_000]) {
    const timings = { requestTimeout: patience, deadline: patience * 1.5 };
    const audited = await audit(question, account, { ...options, timings });
    const others = [...audited.snapshot.ledger.values()].filter(
      (entry) => entry.error?.name === 'TimeoutError' && `${entry.service}:${entry.operation}` !== operation,
    );
    if (others.length === 0) return audited;
  }
  throw new Error('this machine answers its own calls too slowly for a test of silence');
}
