import { describeParity, type Parity } from './parity.ts';

const permission = (
  protocol: string,
  ports: readonly number[],
  sources: { v4?: readonly string[]; v6?: readonly string[]; groups?: readonly string[] },
) => ({
  IpProtocol: protocol,
  ...(ports.length === 0 ? {} : { FromPort: ports[0], ToPort: ports[1] }),
  IpRanges: (sources.v4 ?? []).map((CidrIp) => ({ CidrIp })),
  Ipv6Ranges: (sources.v6 ?? []).map((CidrIpv6) => ({ CidrIpv6 })),
  PrefixListIds: [],
  UserIdGroupPairs: (sources.groups ?? []).map((GroupId) => ({ GroupId })),
});

/** Neither group is a VPC's default one, nor opens everything, nor is worn by a server. */
const otherGroupRules = {
  'sg-default-restricts-all': 'not-applicable',
  'sg-no-public-all-traffic': 'pass',
  'sg-egress-restricted': 'not-applicable',
} as const;

const groups: Parity = {
  type: 'AWS::EC2::SecurityGroup',
  folder: 'ec2-security-group',
  nameOf: ({ properties }) => String(properties.GroupName),
  resources: {
    kept: {
      properties: {
        GroupId: '<self>',
        Description: 'load balancers',
        IpPermissions: [
          permission('-1', [], { groups: ['<self>'] }),
          permission('tcp', [22, 22], { v4: ['198.51.100.0/24'] }),
          permission('tcp', [443, 443], { v4: ['0.0.0.0/0'], v6: ['::/0'] }),
        ],
      },
      verdicts: {
        'sg-no-public-ssh': 'pass',
        'sg-no-public-high-risk-ports': 'pass',
        'bastion-ingress-restricted': 'not-applicable',
        ...otherGroupRules,
      },
      declared: { 'bastion-ingress-restricted': 'unknown', 'sg-egress-restricted': 'unknown' },
    },
    broken: {
      properties: {
        GroupId: '<self>',
        IpPermissions: [
          permission('tcp', [20, 25], { v4: ['0.0.0.0/0'] }),
          permission('tcp', [5432, 5432], { v6: ['::/0'] }),
        ],
      },
      verdicts: {
        'sg-no-public-ssh': 'fail',
        'sg-no-public-high-risk-ports': 'fail',
        'bastion-ingress-restricted': 'not-applicable',
        ...otherGroupRules,
      },
      declared: { 'bastion-ingress-restricted': 'unknown', 'sg-egress-restricted': 'unknown' },
    },
  },
  undecided: { undecided: { 'sg-no-public-ssh': 'unknown', 'sg-no-public-high-risk-ports': 'unknown' } },
};

const denial = (bucket: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
});

const buckets: Parity = {
  type: 'AWS::S3::Bucket',
  folder: 's3-bucket',
  nameOf: ({ properties }) => String(properties.Name),
  resources: {
    'acme-kept': {
      properties: { Name: '<self>', Policy: denial('acme-kept') },
      verdicts: { 's3-bucket-tls-only': 'pass' },
    },
    'acme-broken': {
      properties: { Policy: { Statement: [{ Action: 's3:GetObject', Resource: 'arn:aws:s3:::acme-broken/*' }] } },
      verdicts: { 's3-bucket-tls-only': 'fail' },
    },
    'acme-broken-bare': { properties: {}, verdicts: { 's3-bucket-tls-only': 'fail' } },
  },
  undecided: { 'acme-undecided': { 's3-bucket-tls-only': 'unknown' } },
};

const target = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/50dc6c495c0c9188';
const redirect = (protocol: string, port: string) => ({
  Type: 'redirect',
  RedirectConfig: {
    Protocol: protocol,
    Port: port,
    Host: '#{host}',
    Path: '/#{path}',
    Query: '#{query}',
    StatusCode: 'HTTP_301',
  },
});
const forward = { Type: 'forward', TargetGroupArn: target };
const defaultRule = (action: object) => ({ Priority: 'default', IsDefault: true, Conditions: [], Actions: [action] });

const listeners: Parity = {
  type: 'AWS::ElasticLoadBalancingV2::Listener',
  folder: 'elastic-load-balancing-v2-listener',
  nameOf: ({ properties }) => String(properties.Port),
  resources: {
    80: {
      properties: {
        ListenerArn: '<self>',
        Port: 80,
        Protocol: 'HTTP',
        DefaultActions: [redirect('HTTPS', '443')],
        Rules: [
          {
            Priority: '10',
            IsDefault: false,
            Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/old/*'] } }],
            Actions: [
              { Type: 'fixed-response', FixedResponseConfig: { ContentType: 'text/plain', StatusCode: '404' } },
            ],
          },
          defaultRule(redirect('HTTPS', '443')),
        ],
      },
      verdicts: { 'elb-http-redirects-to-https': 'pass', 'elb-tls-policy-modern': 'not-applicable' },
    },
    8080: {
      properties: {
        Port: 8080,
        DefaultActions: [redirect('#{protocol}', '8443')],
        Rules: [
          {
            Priority: '20',
            IsDefault: false,
            Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['www.example.com'] } }],
            Actions: [forward],
          },
          defaultRule(redirect('#{protocol}', '8443')),
        ],
      },
      verdicts: { 'elb-http-redirects-to-https': 'fail', 'elb-tls-policy-modern': 'not-applicable' },
    },
    443: {
      properties: {
        Port: 443,
        Protocol: 'HTTPS',
        SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        Certificates: [{ CertificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/acme' }],
        DefaultActions: [forward],
      },
      verdicts: { 'elb-http-redirects-to-https': 'not-applicable', 'elb-tls-policy-modern': 'pass' },
      declared: { 'elb-tls-policy-modern': 'unknown' },
    },
    8443: {
      properties: { SslPolicy: 'ELBSecurityPolicy-2016-08', DefaultActions: [forward] },
      verdicts: { 'elb-http-redirects-to-https': 'not-applicable', 'elb-tls-policy-modern': 'fail' },
      declared: { 'elb-tls-policy-modern': 'unknown' },
    },
  },
  undecided: { 8081: { 'elb-http-redirects-to-https': 'unknown', 'elb-tls-policy-modern': 'unknown' } },
};

describeParity([groups, buckets, listeners]);
