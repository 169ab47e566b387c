// One generator a resource type: `make(random, number, place)` gives the API's own shape, in the proportions of `share`.
// Names, addresses, permissions and dates vary; some of each type break a rule, and some could not be read.

const hex = (random, length) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
const pick = (random, items) => items[Math.floor(random() * items.length)];
const id = (prefix, random) => `${prefix}-0${hex(random, 16)}`;
const day = (random, from, days) => new Date(Date.parse(from) + Math.floor(random() * days * 86_400_000)).toISOString();
const teams = ['web', 'api', 'data', 'platform', 'payments', 'search', 'mobile', 'identity'];
const tagsOf = (random, role) => [
  { Key: 'Name', Value: `acme-${role}-${hex(random, 6)}` },
  { Key: 'Owner', Value: `team-${pick(random, teams)}` },
  ...(random() < 0.3 ? [{ Key: 'CostCentre', Value: String(1000 + Math.floor(random() * 9000)) }] : []),
  { Key: 'Role', Value: role },
];

const privateRange = (random) => ({
  CidrIp: `10.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}.0/24`,
  ...(random() < 0.4 ? { Description: `subnet of ${pick(random, teams)}` } : {}),
});

function permission(random) {
  const port = pick(random, [22, 80, 443, 443, 3306, 5432, 6379, 8080, 8443, 9443]);
  const isOpen = (port === 80 || port === 443 ? 0.5 : 0.02) > random();
  const ranges = Array.from({ length: Math.floor(random() * 4) }, () => privateRange(random));
  return {
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    IpRanges: isOpen ? [{ CidrIp: '0.0.0.0/0' }] : ranges,
    Ipv6Ranges: [],
    PrefixListIds: [],
    UserIdGroupPairs: random() < 0.5 ? [{ GroupId: id('sg', random), UserId: '111122223333' }] : [],
  };
}

function securityGroup(random, number, place) {
  const role = pick(random, ['web', 'api', 'database', 'bastion', 'cache']);
  const groupId = `sg-0${number.toString(16).padStart(16, '0')}`;
  return {
    GroupId: groupId,
    GroupName: `acme-${role}-${hex(random, 4)}`,
    Description: `${role} of ${pick(random, teams)}`,
    OwnerId: place.account,
    VpcId: id('vpc', random),
    Tags: tagsOf(random, role),
    IpPermissions: Array.from({ length: 1 + Math.floor(random() * 4) }, () => permission(random)),
    IpPermissionsEgress: [
      {
        IpProtocol: '-1',
        IpRanges: [{ CidrIp: '0.0.0.0/0' }],
        Ipv6Ranges: [],
        PrefixListIds: [],
        UserIdGroupPairs: [],
      },
    ],
    PrefixLists: [],
  };
}

/** An interface as the API always writes it, whatever is set. */
function networkInterface(random, place, groups, address) {
  const dns = `ip-${address.replaceAll('.', '-')}.${place.region}.compute.internal`;
  return {
    Attachment: {
      AttachTime: day(random, '2025-06-01', 500),
      AttachmentId: id('eni-attach', random),
      DeleteOnTermination: true,
      DeviceIndex: 0,
      NetworkCardIndex: 0,
      Status: 'attached',
    },
    Description: '',
    Groups: groups,
    InterfaceType: 'interface',
    Ipv6Addresses: [],
    MacAddress: Array.from({ length: 6 }, () => hex(random, 2)).join(':'),
    NetworkInterfaceId: id('eni', random),
    OwnerId: place.account,
    PrivateDnsName: dns,
    PrivateIpAddress: address,
    PrivateIpAddresses: [{ Primary: true, PrivateDnsName: dns, PrivateIpAddress: address }],
    SourceDestCheck: true,
    Status: 'in-use',
    SubnetId: id('subnet', random),
    VpcId: id('vpc', random),
  };
}

function disk(random, device) {
  const ebs = {
    AttachTime: day(random, '2025-06-01', 500),
    DeleteOnTermination: random() < 0.8,
    Status: 'attached',
    VolumeId: id('vol', random),
  };
  return { DeviceName: device, Ebs: ebs };
}

function instance(random, number, place) {
  const role = random() < 0.01 ? 'bastion' : pick(random, ['web', 'api', 'database', 'worker']);
  const group = `sg-0${(number % Math.max(1, place.groups)).toString(16).padStart(16, '0')}`;
  const groups = [{ GroupId: group, GroupName: `acme-${role}` }];
  const address = `10.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`;
  return {
    AmiLaunchIndex: 0,
    Architecture: 'x86_64',
    BlockDeviceMappings: ['/dev/xvda', ...(random() < 0.4 ? ['/dev/xvdb'] : [])].map((device) => disk(random, device)),
    CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
    ClientToken: hex(random, 32),
    CpuOptions: { CoreCount: pick(random, [1, 2, 4]), ThreadsPerCore: 2 },
    EbsOptimized: random() < 0.7,
    EnaSupport: true,
    EnclaveOptions: { Enabled: false },
    HibernationOptions: { Configured: false },
    Hypervisor: 'xen',
    ImageId: id('ami', random),
    InstanceId: `i-0${number.toString(16).padStart(16, '0')}`,
    InstanceType: pick(random, ['t3.micro', 't3.large', 'm6i.large', 'm6i.xlarge', 'c7g.2xlarge']),
    KeyName: `acme-${pick(random, teams)}`,
    LaunchTime: day(random, '2025-06-01', 500),
    MaintenanceOptions: { AutoRecovery: 'default' },
    MetadataOptions: {
      HttpEndpoint: 'enabled',
      HttpProtocolIpv6: 'disabled',
      HttpPutResponseHopLimit: 1,
      HttpTokens: random() < 0.9 ? 'required' : 'optional',
      InstanceMetadataTags: 'disabled',
      State: 'applied',
    },
    Monitoring: { State: random() < 0.3 ? 'enabled' : 'disabled' },
    NetworkInterfaces: [networkInterface(random, place, groups, address)],
    Placement: {
      AvailabilityZone: `${place.region}${pick(random, ['a', 'b', 'c'])}`,
      GroupName: '',
      Tenancy: 'default',
    },
    PlatformDetails: 'Linux/UNIX',
    PrivateDnsName: `ip-${address.replaceAll('.', '-')}.${place.region}.compute.internal`,
    PrivateDnsNameOptions: {
      EnableResourceNameDnsAAAARecord: false,
      EnableResourceNameDnsARecord: false,
      HostnameType: 'ip-name',
    },
    PrivateIpAddress: address,
    ProductCodes: [],
    PublicDnsName: '',
    RootDeviceName: '/dev/xvda',
    RootDeviceType: 'ebs',
    SecurityGroups: groups,
    SourceDestCheck: true,
    State: { Code: 16, Name: 'running' },
    StateTransitionReason: '',
    SubnetId: id('subnet', random),
    Tags: tagsOf(random, role),
    UsageOperation: 'RunInstances',
    UsageOperationUpdateTime: day(random, '2025-06-01', 500),
    VirtualizationType: 'hvm',
    VpcId: id('vpc', random),
  };
}

function recoveryPoint(random, number, place) {
  const vault = `acme-${pick(random, teams)}`;
  const arn = `arn:aws:ec2:${place.region}::snapshot/snap-0${number.toString(16).padStart(16, '0')}`;
  const base = `arn:aws:backup:${place.region}:${place.account}`;
  return {
    RecoveryPointArn: arn,
    BackupVaultName: vault,
    BackupVaultArn: `${base}:backup-vault:${vault}`,
    CreationDate: day(random, '2026-06-01', 170),
    IsEncrypted: random() < 0.97,
    EncryptionKeyArn: `arn:aws:kms:${place.region}:${place.account}:key/${hex(random, 8)}-0000-4000-8000-${hex(random, 12)}`,
    IsParent: false,
    Lifecycle: { DeleteAfterDays: pick(random, [7, 35, 35, 90, 180]) },
    ResourceArn: `arn:aws:ec2:${place.region}:${place.account}:volume/vol-0${hex(random, 16)}`,
    ResourceType: 'EBS',
    BackupSizeInBytes: Math.floor(random() * 1e12),
    Status: 'COMPLETED',
    CreatedBy: {
      BackupPlanId: `${hex(random, 8)}-0000-4000-8000-${hex(random, 12)}`,
      BackupPlanVersion: hex(random, 12),
    },
  };
}

function bucket(random, number, place) {
  const name = `acme-${pick(random, teams)}-${number.toString(36)}-${hex(random, 6)}`;
  const arns = [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`];
  const condition = { Bool: { 'aws:SecureTransport': 'false' } };
  const tls = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: arns, Condition: condition };
  const read = {
    Sid: `Read${hex(random, 4)}`,
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${place.account}:role/acme-${pick(random, teams)}` },
    Action: ['s3:GetObject', 's3:ListBucket'],
    Resource: arns,
  };
  return {
    Name: name,
    BucketRegion: place.region,
    CreationDate: day(random, '2021-01-01', 2000),
    Policy: { Version: '2012-10-17', Statement: random() < 0.9 ? [tls, read] : [read] },
  };
}

function user(random, number, place) {
  const name = `${pick(random, teams)}-${number.toString(36)}`;
  const arn = `arn:aws:iam::${place.account}:user/${name}`;
  const hasConsole = random() < 0.6;
  const created = day(random, '2022-01-01', 1500);
  return {
    UserName: name,
    UserId: `AIDA${hex(random, 16).toUpperCase()}`,
    Arn: arn,
    Path: '/',
    CreateDate: created,
    AttachedManagedPolicies: [],
    GroupList: [pick(random, teams)],
    UserPolicyList: [],
    CredentialReport: {
      GeneratedTime: '2026-11-24T01:12:00.000Z',
      InReport: true,
      user: name,
      arn,
      user_creation_time: created,
      password_enabled: hasConsole,
      password_last_used: hasConsole ? day(random, '2026-10-01', 50) : 'N/A',
      ...(hasConsole ? { password_last_changed: day(random, '2026-01-01', 300) } : {}),
      mfa_active: hasConsole && random() < 0.97,
      access_key_1_active: !hasConsole,
      ...(hasConsole ? {} : { access_key_1_last_rotated: day(random, '2026-08-01', 110) }),
      access_key_1_last_used_date: hasConsole ? 'N/A' : day(random, '2026-10-01', 50),
      access_key_1_last_used_region: hasConsole ? 'N/A' : place.region,
      access_key_1_last_used_service: hasConsole ? 'N/A' : 's3',
      access_key_2_active: false,
      access_key_2_last_used_date: 'N/A',
      access_key_2_last_used_region: 'N/A',
      access_key_2_last_used_service: 'N/A',
      cert_1_active: false,
      cert_2_active: false,
    },
  };
}

function managedPolicy(random, number, place) {
  const name = `acme-${pick(random, teams)}-${number.toString(36)}`;
  const actions = ['s3:GetObject', 'sqs:SendMessage', 'ecs:UpdateService', 'logs:PutLogEvents', 'kms:Decrypt'];
  const statement = () => ({
    Effect: 'Allow',
    Action: random() < 0.01 ? '*' : [pick(random, actions), pick(random, actions)],
    Resource: random() < 0.5 ? '*' : `arn:aws:s3:::acme-${hex(random, 8)}/*`,
  });
  const version = (versionId, isDefault) => ({
    VersionId: versionId,
    IsDefaultVersion: isDefault,
    CreateDate: day(random, '2023-01-01', 1300),
    Document: { Version: '2012-10-17', Statement: Array.from({ length: 1 + Math.floor(random() * 3) }, statement) },
  });
  return {
    PolicyName: name,
    PolicyId: `ANPA${hex(random, 16).toUpperCase()}`,
    Arn: `arn:aws:iam::${place.account}:policy/${name}`,
    Path: '/',
    DefaultVersionId: 'v2',
    AttachmentCount: Math.floor(random() * 5),
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: day(random, '2023-01-01', 1300),
    PolicyVersionList: [version('v2', true), version('v1', false)],
  };
}

function loadBalancer(random, number, place) {
  const name = `acme-${pick(random, teams)}-${number.toString(36)}`;
  const arn = `arn:aws:elasticloadbalancing:${place.region}:${place.account}:loadbalancer/app/${name}/${hex(random, 16)}`;
  const zone = (letter) => ({
    LoadBalancerAddresses: [],
    SubnetId: id('subnet', random),
    ZoneName: `${place.region}${letter}`,
  });
  return {
    AvailabilityZones: ['a', 'b'].map(zone),
    CanonicalHostedZoneId: `Z${hex(random, 12).toUpperCase()}`,
    CreatedTime: day(random, '2023-01-01', 1300),
    DNSName: `${name}-${hex(random, 8)}.${place.region}.elb.amazonaws.com`,
    IpAddressType: 'ipv4',
    LoadBalancerArn: arn,
    LoadBalancerName: name,
    Scheme: random() < 0.5 ? 'internet-facing' : 'internal',
    SecurityGroups: [id('sg', random)],
    State: { Code: 'active' },
    Type: 'application',
    VpcId: id('vpc', random),
  };
}

function listener(random, number, place) {
  const [name, key] = [`acme-${pick(random, teams)}-${number.toString(36)}`, hex(random, 16)];
  const base = `arn:aws:elasticloadbalancing:${place.region}:${place.account}`;
  const isTls = random() < 0.6;
  const redirect = {
    Host: '#{host}',
    Path: '/#{path}',
    Port: '443',
    Protocol: 'HTTPS',
    Query: '#{query}',
    StatusCode: 'HTTP_301',
  };
  const forward = { Order: 1, TargetGroupArn: `${base}:targetgroup/${name}/${hex(random, 16)}`, Type: 'forward' };
  const isRedirect = !isTls && random() < 0.9;
  const actions = [isRedirect ? { Order: 1, RedirectConfig: redirect, Type: 'redirect' } : forward];
  const path = `app/${name}/${key}/${hex(random, 16)}`;
  return {
    DefaultActions: actions,
    ListenerArn: `${base}:listener/${path}`,
    LoadBalancerArn: `${base}:loadbalancer/app/${name}/${key}`,
    Port: isTls ? 443 : 80,
    Protocol: isTls ? 'HTTPS' : 'HTTP',
    Rules: [
      {
        Actions: actions,
        Conditions: [],
        IsDefault: true,
        Priority: 'default',
        RuleArn: `${base}:listener-rule/${path}/${hex(random, 16)}`,
      },
    ],
    ...(isTls
      ? {
          Certificates: [
            { CertificateArn: `arn:aws:acm:${place.region}:${place.account}:certificate/${hex(random, 32)}` },
          ],
          SslPolicy: pick(random, ['ELBSecurityPolicy-TLS13-1-2-2021-06', 'ELBSecurityPolicy-2016-08']),
        }
      : {}),
  };
}

const tlsPolicies = [
  [
    'ELBSecurityPolicy-TLS13-1-2-2021-06',
    ['TLSv1.2', 'TLSv1.3'],
    ['TLS_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ],
  ['ELBSecurityPolicy-2016-08', ['TLSv1', 'TLSv1.1', 'TLSv1.2'], ['ECDHE-RSA-AES128-GCM-SHA256', 'AES128-SHA']],
];

function sslPolicy(_random, number, place) {
  const [name, SslProtocols, ciphers] = tlsPolicies[Math.floor(number / place.places)];
  const Ciphers = ciphers.map((cipher, index) => ({ Name: cipher, Priority: index + 1 }));
  return { Name: name, SslProtocols, Ciphers, SupportedLoadBalancerTypes: ['application', 'network'] };
}

/** Type by type: how large a part it is, where it lives, and which property is its id. */
export const kinds = [
  {
    type: 'AWS::EC2::SecurityGroup',
    share: 0.2,
    id: 'GroupId',
    list: 'ec2:DescribeSecurityGroups',
    make: securityGroup,
  },
  { type: 'AWS::EC2::Instance', share: 0.2, id: 'InstanceId', list: 'ec2:DescribeInstances', make: instance },
  {
    type: 'AWS::Backup::RecoveryPoint',
    share: 0.4,
    id: 'RecoveryPointArn',
    list: 'backup:ListRecoveryPointsByBackupVault',
    make: recoveryPoint,
  },
  { type: 'AWS::S3::Bucket', share: 0.05, id: 'Name', list: 's3:ListBuckets', group: 'Policy', make: bucket },
  {
    type: 'AWS::IAM::User',
    share: 0.04,
    id: 'UserName',
    isGlobal: true,
    list: 'iam:GetAccountAuthorizationDetails',
    group: 'CredentialReport',
    make: user,
  },
  {
    type: 'AWS::IAM::ManagedPolicy',
    share: 0.03,
    id: 'Arn',
    isGlobal: true,
    list: 'iam:GetAccountAuthorizationDetails',
    make: managedPolicy,
  },
  {
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    share: 0.03,
    id: 'LoadBalancerArn',
    list: 'elastic-load-balancing-v2:DescribeLoadBalancers',
    make: loadBalancer,
  },
  {
    type: 'AWS::ElasticLoadBalancingV2::Listener',
    share: 0.05,
    id: 'ListenerArn',
    list: 'elastic-load-balancing-v2:DescribeListeners',
    group: 'Rules',
    make: listener,
  },
  {
    type: 'AWS::ElasticLoadBalancingV2::SslPolicy',
    each: tlsPolicies.length,
    id: 'Name',
    list: 'elastic-load-balancing-v2:DescribeSSLPolicies',
    make: sslPolicy,
  },
];
