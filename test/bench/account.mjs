// An account for the simulator: two regions, as large as a mid-sized company's.
import { seeded } from './numbers.mjs';
import { kinds } from './resources.mjs';

const account = '111122223333';
const regions = ['eu-west-1', 'us-east-1'];

/** How many there are of each in the whole account at scale 1. */
const counts = {
  'AWS::EC2::SecurityGroup': 120,
  'AWS::EC2::Instance': 100,
  'AWS::Backup::RecoveryPoint': 2342,
  'AWS::S3::Bucket': 100,
  'AWS::IAM::User': 60,
  'AWS::IAM::ManagedPolicy': 60,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 20,
};
const plans = 4;

function made(type, region, scale, random) {
  const kind = kinds.find((one) => one.type === type);
  const places = kind.isGlobal || type === 'AWS::S3::Bucket' ? 1 : regions.length;
  const length = Math.max(1, Math.round((counts[type] * scale) / places));
  return Array.from({ length }, (_, number) =>
    kind.make(random, number, { account, region, groups: length, places: 1 }),
  );
}

function instancesOf(region, scale, random) {
  return made('AWS::EC2::Instance', region, scale, random).map((instance, index) => ({
    ReservationId: `r-0${region.length}${String(index).padStart(14, '0')}`,
    OwnerId: account,
    Instances: [instance],
  }));
}

/** Two vaults a region share its recovery points. */
function vaultsOf(region, scale, random) {
  const points = made('AWS::Backup::RecoveryPoint', region, scale, random);
  const names = ['acme-nightly', 'acme-monthly'];
  const arn = (name) => `arn:aws:backup:${region}:${account}:backup-vault:${name}`;
  const half = Math.ceil(points.length / 2);
  return names.map((name, index) => ({
    vault: {
      BackupVaultName: name,
      BackupVaultArn: arn(name),
      CreationDate: '2024-01-09T10:00:00.000Z',
      VaultType: 'BACKUP_VAULT',
    },
    points: points
      .slice(index * half, (index + 1) * half)
      .map((point) => ({ ...point, BackupVaultName: name, BackupVaultArn: arn(name) })),
  }));
}

function plansOf(region, scale) {
  return Array.from({ length: Math.max(1, Math.round((plans * scale) / regions.length)) }, (_, index) => {
    const id = `0e1d0000-0000-4000-8000-${region.length}${String(index).padStart(11, '0')}`;
    const rule = {
      RuleId: id,
      RuleName: 'daily',
      TargetBackupVaultName: 'acme-nightly',
      Lifecycle: { DeleteAfterDays: 35 },
    };
    const listed = {
      BackupPlanId: id,
      BackupPlanArn: `arn:aws:backup:${region}:${account}:backup-plan:${id}`,
      BackupPlanName: `plan-${index}`,
      VersionId: 'v1',
    };
    return { listed, whole: { ...listed, BackupPlan: { BackupPlanName: `plan-${index}`, Rules: [rule] } } };
  });
}

function backupOf(region, scale, random) {
  const vaults = vaultsOf(region, scale, random);
  const made = plansOf(region, scale);
  return {
    ListBackupVaults: { BackupVaultList: vaults.map(({ vault }) => vault) },
    ListRecoveryPointsByBackupVault: vaults.map(({ vault, points }) => ({
      when: { BackupVaultName: vault.BackupVaultName },
      then: { RecoveryPoints: points },
    })),
    ListBackupPlans: { BackupPlansList: made.map(({ listed }) => listed) },
    GetBackupPlan: made.map(({ listed, whole }) => ({ when: { BackupPlanId: listed.BackupPlanId }, then: whole })),
  };
}

const policy = {
  Name: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
  SslProtocols: ['TLSv1.2', 'TLSv1.3'],
  Ciphers: [{ Name: 'TLS_AES_128_GCM_SHA256', Priority: 1 }],
  SupportedLoadBalancerTypes: ['application', 'network'],
};

/** Each load balancer listens on 80, where it redirects, and on 443. */
function balancersOf(region, scale, random) {
  const balancers = made('AWS::ElasticLoadBalancingV2::LoadBalancer', region, scale, random);
  const redirect = {
    Type: 'redirect',
    Order: 1,
    RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
  };
  const listener = (arn, port, more) => ({
    LoadBalancerArn: arn,
    ListenerArn: `${arn.replace('loadbalancer', 'listener')}/${port}`,
    Port: port,
    ...more,
  });
  const listeners = (arn) => [
    listener(arn, 80, { Protocol: 'HTTP', DefaultActions: [redirect] }),
    listener(arn, 443, {
      Protocol: 'HTTPS',
      SslPolicy: policy.Name,
      DefaultActions: [{ Type: 'forward', Order: 1, TargetGroupArn: `${arn}/target` }],
    }),
  ];
  return {
    DescribeLoadBalancers: { LoadBalancers: balancers },
    DescribeListeners: balancers.map(({ LoadBalancerArn }) => ({
      when: { LoadBalancerArn },
      then: { Listeners: listeners(LoadBalancerArn) },
    })),
    DescribeSSLPolicies: { SslPolicies: [policy] },
  };
}

function inEach(make) {
  return Object.fromEntries(regions.map((region) => [region, make(region)]));
}

function identities(scale, random) {
  const users = made('AWS::IAM::User', 'global', scale, random);
  const header = 'user,arn,user_creation_time,password_enabled,mfa_active,access_key_1_active,access_key_2_active';
  const lines = users.map(({ UserName, Arn, CredentialReport: report }) =>
    [UserName, Arn, report.user_creation_time, report.password_enabled, report.mfa_active, false, false].join(','),
  );
  const policies = made('AWS::IAM::ManagedPolicy', 'global', scale, random);
  const encoded = policies.map((one) => ({
    ...one,
    PolicyVersionList: one.PolicyVersionList.map((version) => ({
      ...version,
      Document: encodeURIComponent(JSON.stringify(version.Document)),
    })),
  }));
  return {
    GetAccountSummary: { SummaryMap: { AccountMFAEnabled: 1, AccountPasswordPresent: 1, AccountAccessKeysPresent: 0 } },
    GetAccountPasswordPolicy: { PasswordPolicy: { MinimumPasswordLength: 14 } },
    GetAccountAuthorizationDetails: [
      {
        when: { Filter: ['User'] },
        then: { UserDetailList: users.map(({ CredentialReport: _, ...user }) => user), IsTruncated: false },
      },
      { when: { Filter: ['LocalManagedPolicy'] }, then: { Policies: encoded, IsTruncated: false } },
    ],
    GetLoginProfile: users.map(({ UserName, CredentialReport: { password_enabled: hasConsole } }) => ({
      when: { UserName },
      ...(hasConsole
        ? { then: { LoginProfile: { UserName, CreateDate: '2024-01-09T10:00:00.000Z' } } }
        : { error: { name: 'NoSuchEntity', status: 404 } }),
    })),
    GenerateCredentialReport: { State: 'COMPLETE' },
    GetCredentialReport: {
      Content: Buffer.from([header, ...lines, ''].join('\n')).toString('base64'),
      ReportFormat: 'text/csv',
      GeneratedTime: '2026-11-24T01:12:00.000Z',
    },
  };
}

/** @param {number} scale 1 for the account that the README's figures are of */
export function makeAccount(scale) {
  const random = seeded(111_122_223);
  const buckets = made('AWS::S3::Bucket', 'eu-west-1', scale, random);
  const blocked = {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  };
  const listed = regions.map((RegionName) => ({ RegionName, OptInStatus: 'opt-in-not-required' }));
  return {
    account,
    caller: `arn:aws:sts::${account}:assumed-role/ProvisoAuditor/bench`,
    answers: {
      ec2: {
        '*': {
          DescribeRegions: { Regions: listed },
          GetEbsEncryptionByDefault: { EbsEncryptionByDefault: true, SseType: 'sse-ebs' },
        },
        ...inEach((region) => ({
          DescribeSecurityGroups: {
            SecurityGroups: made('AWS::EC2::SecurityGroup', region, scale, random).map(
              ({ PrefixLists: _, ...group }) => group,
            ),
          },
          DescribeInstances: { Reservations: instancesOf(region, scale, random) },
        })),
      },
      backup: inEach((region) => backupOf(region, scale, random)),
      'elastic-load-balancing-v2': inEach((region) => balancersOf(region, scale, random)),
      iam: { '*': identities(scale, random) },
      s3: {
        '*': {
          ListBuckets: { Buckets: buckets.map(({ Policy: _, ...bucket }) => bucket) },
          GetBucketPolicy: buckets.map(({ Name, Policy }) => ({
            when: { Bucket: Name },
            then: { Policy: JSON.stringify(Policy) },
          })),
        },
      },
      's3-control': { '*': { GetPublicAccessBlock: { PublicAccessBlockConfiguration: blocked } } },
    },
  };
}
